/** What the schema says of a value, and which values of JSON a scalar takes. */

import type { Constraints } from "./constraints.js";

/** The built-in types, by their names in schemas. */
export type Scalar =
  | "bool"
  | "int"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float"
  | "float32"
  | "decimal"
  | "string"
  | "bytes"
  | "datetime"
  | "date"
  | "time"
  | "duration"
  | "uuid"
  | "any";

/**
 * What happens where a member is absent: nothing for `true`, nor for `null`, which reads
 * null as absence; a text is the JSON of the default that stands in for it.
 */
export type Absent = true | null | string;

/** A member by its key on the wire; it must be there unless `absent` says otherwise. */
export type Member = readonly [key: string, kind: Kind, absent?: Absent];

/** Which values the schema allows. */
export type Kind =
  | Scalar
  | { readonly list: Kind }
  | { readonly map: Kind; readonly key: Kind }
  | { readonly nullable: Kind }
  | { readonly fields: readonly Member[] }
  /** The texts of a closed enum; those of open ones are any `string`. */
  | { readonly texts: readonly string[] }
  | {
      readonly tag: string;
      /** Whether the fields of a variant stand beside the tag, and not under `value`. */
      readonly flat?: boolean;
      /** Whether there may be no others. */
      readonly closed?: boolean;
      readonly variants: readonly (readonly [text: string, kind: Kind | null])[];
    }
  | Constrained
  /** What messages must not show, nor the names of what stands in it. */
  | { readonly sensitive: Kind }
  | (() => Kind);

/** A kind, and what narrows its values. */
export interface Constrained extends Constraints {
  readonly is: Kind;
}

// Literals alone, so that bundlers see that nothing happens here.
const INTEGERS: { readonly [name: string]: readonly [low: bigint, high: bigint] } = {
  int: [-9_007_199_254_740_991n, 9_007_199_254_740_991n],
  int32: [-2_147_483_648n, 2_147_483_647n],
  uint32: [0n, 4_294_967_295n],
  int64: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  uint64: [0n, 18_446_744_073_709_551_615n],
};
const FLOAT32_MAX = 3.4028234663852886e38;
const INTEGER = /^-?(?:0|[1-9][0-9]{0,19})$/;
const TEXTS: { readonly [name: string]: RegExp } = {
  string: /^/,
  decimal: /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,9})?$/,
  bytes: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  datetime:
    /^\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/,
  // Only what comes last may have a fraction.
  duration:
    /^[+-]?P(?=[\dT])(?!.*\.\d+[A-Z].)(?:\d+(?:\.\d+)?D)?(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?$/i,
  uuid: /^(?:[\da-f]{32}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i,
};

/**
 * Return what a program gets of a value, `undefined` where the scalar does not take it.
 *
 * Integers that `number` may not hold are `bigint` in `value`.
 */
export function scalarOf(kind: Scalar, value: unknown): unknown {
  const range = INTEGERS[kind];
  if (range !== undefined) {
    return integerOf(kind, range, value);
  }
  switch (kind) {
    case "any":
      return value;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "float":
    case "float32":
      return floatOf(kind, value);
    default:
      return isText(kind, value) ? value : undefined;
  }
}

/** Return what JSON calls the values of a scalar. */
export function jsonOf(kind: Scalar): string {
  if (kind === "bool") {
    return "boolean";
  }
  return Object.hasOwn(TEXTS, kind) ? "string" : "number";
}

/** Return the integer that a key of a map stands for, the key itself if it is none. */
export function keyOf(kind: Scalar, key: string): unknown {
  return Object.hasOwn(INTEGERS, kind) && INTEGER.test(key) ? BigInt(key) : key;
}

function integerOf(
  kind: Scalar,
  [low, high]: readonly [low: bigint, high: bigint],
  value: unknown,
): number | bigint | undefined {
  const isLong = kind === "int64" || kind === "uint64";
  let given = value;
  if (isLong && typeof value === "string" && INTEGER.test(value)) {
    given = BigInt(value);
  }
  if (typeof given !== "bigint" && !(typeof given === "number" && Number.isInteger(given))) {
    return undefined;
  }
  if (given < low || given > high) {
    return undefined;
  }
  return isLong ? BigInt(given) : Number(given);
}

function floatOf(kind: Scalar, value: unknown): number | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") {
    return undefined;
  }
  const number = Number(value);
  const most = kind === "float32" ? FLOAT32_MAX : Number.MAX_VALUE;
  return Math.abs(number) <= most ? number : undefined;
}

function isText(kind: Scalar, value: unknown): boolean {
  if (typeof value !== "string" || TEXTS[kind]?.test(value) !== true) {
    return false;
  }
  return kind === "date" || kind === "datetime" ? isDay(value.slice(0, 10)) : true;
}

/** Whether a calendar has the day; the year 0 is in none. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  return isReal && !text.startsWith("0000");
}
