/** Values of JSON texts that were read, given what `JSON.parse` does not: see `Shape`. */

import { MARK } from "./parsing.js";
import type { Parsed } from "./parsing.js";

/**
 * Where a value holds what `JSON.parse` does not give: 64-bit integers, maps (which must
 * not have a prototype), and values of any kind. What has none of these has no shape.
 */
export type Shape =
  | "int64"
  | "any"
  | { readonly list: Shape }
  | { readonly map: Shape | null }
  | { readonly fields: readonly (readonly [key: string, shape: Shape])[] }
  | {
      readonly tag: string;
      /** Whether the fields of a variant stand beside the tag, and not under `value`. */
      readonly flat?: boolean;
      /** Every variant that is known, those without a shape included. */
      readonly variants: readonly (readonly [text: string, shape: Shape | null])[];
    }
  | (() => Shape);

/**
 * Return the value as its shape says; objects and lists are changed in place.
 *
 * @throws SyntaxError, RangeError: something else stands in the place of an integer.
 */
export function revive(parsed: Parsed, shape: Shape | undefined): unknown {
  if (shape === undefined && !parsed.marked) {
    return parsed.value;
  }
  return read(parsed.value, shape, parsed.marked);
}

function read(value: unknown, shape: Shape | undefined, marked: boolean): unknown {
  const known = typeof shape === "function" ? named(shape) : shape;
  if (typeof value === "string" || typeof value === "number") {
    return leaf(value, known, marked);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return readList(value, known, marked);
  }
  return readObject(value as Record<string, unknown>, known, marked);
}

function named(shape: () => Shape): Shape {
  let known: Shape = shape;
  while (typeof known === "function") {
    known = known();
  }
  return known;
}

function leaf(value: string | number, shape: Shape | undefined, marked: boolean): unknown {
  let text: string | undefined;
  if (marked && typeof value === "string" && value.startsWith(MARK)) {
    if (value[1] === MARK) {
      return value.slice(1);
    }
    text = value.slice(1);
  }
  if (shape === "int64") {
    return BigInt(text ?? value);
  }
  if (text === undefined) {
    return value;
  }
  const number = Number(text);
  // Nobody said what this is: nothing of it is lost.
  return shape === "any" && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

function readList(list: unknown[], shape: Shape | undefined, marked: boolean): unknown {
  let item: Shape | undefined;
  if (shape === "any") {
    item = "any";
  } else if (typeof shape === "object" && "list" in shape) {
    item = shape.list;
  }
  if (marked || (item !== undefined && item !== "any")) {
    for (let at = 0; at < list.length; at++) {
      list[at] = read(list[at], item, marked);
    }
  }
  return list;
}

function readObject(
  object: Record<string, unknown>,
  shape: Shape | undefined,
  marked: boolean,
): unknown {
  if (typeof shape === "object" && "map" in shape) {
    return readMap(object, shape.map ?? undefined, marked);
  }
  const members = membersOf(object, shape);
  if (marked) {
    const other = shape === "any" ? "any" : undefined;
    for (const key of Object.keys(object)) {
      const member = members.find(([name]) => name === key);
      put(object, key, read(object[key], member?.[1] ?? other, marked));
    }
    return object;
  }
  for (const [key, member] of members) {
    if (Object.hasOwn(object, key)) {
      put(object, key, read(object[key], member, marked));
    }
  }
  return object;
}

function readMap(
  object: Record<string, unknown>,
  shape: Shape | undefined,
  marked: boolean,
): unknown {
  const map = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    map[key] = read(object[key], shape, marked);
  }
  return map;
}

type Members = readonly (readonly [key: string, shape: Shape])[];

/** Return the shapes of an object's own members, those of its variant included. */
function membersOf(object: Record<string, unknown>, shape: Shape | undefined): Members {
  if (typeof shape !== "object") {
    return [];
  }
  if ("fields" in shape) {
    return shape.fields;
  }
  if (!("tag" in shape) || !Object.hasOwn(object, shape.tag)) {
    return [];
  }
  const found = shape.variants.find(([text]) => text === object[shape.tag]);
  if (found === undefined) {
    // A variant of a later version: of its value nothing is lost.
    return Object.keys(object).map((key) => [key, "any"]);
  }
  const carried = found[1];
  if (carried === null) {
    return [];
  }
  if (shape.flat !== true) {
    return [["value", carried]];
  }
  return membersOf(object, typeof carried === "function" ? named(carried) : carried);
}

export function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    // An assignment would set the prototype.
    const plain = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, plain);
  } else {
    object[key] = value;
  }
}
