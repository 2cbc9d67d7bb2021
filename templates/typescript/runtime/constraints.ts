/** What narrows a value: bounds, lengths, patterns. Decimals count exactly. */

/** A bound: of decimals their text. */
export type Bound = number | bigint | string;

/** What narrows the values of a type; what is absent does not. */
export interface Constraints {
  readonly min?: Bound;
  readonly max?: Bound;
  readonly above?: Bound;
  readonly below?: Bound;
  readonly multipleOf?: Bound;
  /** Code points of a text. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Bytes, of which the value is the base64. */
  readonly minBytes?: number;
  readonly maxBytes?: number;
  /** A regular expression, of the kind with the flag `u`, that is searched for. */
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
}

type Test = (value: never, bound: never) => boolean;

const TESTS: readonly (readonly [keyof Constraints, string, Test])[] = [
  ["min", "at least", (value: Bound, bound: Bound) => compared(value, bound) >= 0],
  ["max", "at most", (value: Bound, bound: Bound) => compared(value, bound) <= 0],
  ["above", "above", (value: Bound, bound: Bound) => compared(value, bound) > 0],
  ["below", "below", (value: Bound, bound: Bound) => compared(value, bound) < 0],
  ["multipleOf", "a multiple of", isMultiple],
  ["minLength", "a length of at least", (text: string, n: number) => points(text) >= n],
  ["maxLength", "a length of at most", (text: string, n: number) => points(text) <= n],
  ["minBytes", "a length of at least", (text: string, n: number) => bytes(text) >= n],
  ["maxBytes", "a length of at most", (text: string, n: number) => bytes(text) <= n],
  ["pattern", "a match of", (text: string, pattern: string) => compiled(pattern).test(text)],
  ["minItems", "a length of at least", (value: object, n: number) => items(value) >= n],
  ["maxItems", "a length of at most", (value: object, n: number) => items(value) <= n],
];
const PATTERNS = new Map<string, RegExp>();
const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-]?[0-9]+))?$/i;

/** Return what was expected of a value that fits its type, for each that it misses. */
export function missed(value: unknown, constraints: Constraints): string[] {
  const found: string[] = [];
  for (const [name, words, keeps] of TESTS) {
    const bound = constraints[name];
    if (bound !== undefined && !keeps(value as never, bound as never)) {
      found.push(`Expected ${words} ${bound}`);
    }
  }
  return found;
}

function points(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

function bytes(base64: string): number {
  return (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
}

function items(value: object): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function compiled(pattern: string): RegExp {
  let known = PATTERNS.get(pattern);
  if (known === undefined) {
    known = new RegExp(pattern, "u");
    PATTERNS.set(pattern, known);
  }
  return known;
}

/** Return a number below, at or above 0 as `value` is below, at or above `bound`. */
function compared(value: Bound, bound: Bound): number {
  if (typeof value !== "string" && typeof bound !== "string") {
    return value < bound ? -1 : value > bound ? 1 : 0;
  }
  const first = exact(value);
  const second = exact(bound);
  const sign = signOf(first.digits);
  if (sign !== signOf(second.digits) || sign === 0) {
    return sign - signOf(second.digits);
  }
  // By their sizes first, so that the zeros of a large exponent are never written.
  const size = sizeOf(first) - sizeOf(second);
  if (size !== 0) {
    return sign * size;
  }
  const shift = first.exponent - second.exponent;
  const left = shift > 0 ? first.digits * 10n ** BigInt(shift) : first.digits;
  const right = shift < 0 ? second.digits * 10n ** BigInt(-shift) : second.digits;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whether the value is a whole multiple, by the digits that people and JSON write. */
function isMultiple(value: Bound, of: Bound): boolean {
  const { digits, exponent } = exact(value);
  const divisor = exact(of);
  if (digits === 0n) {
    return true;
  }
  const shift = exponent - divisor.exponent;
  if (shift >= 0) {
    return (digits * power(shift, divisor.digits)) % divisor.digits === 0n;
  }
  // A divisor that is longer than the value is larger.
  const isShort = -shift <= digits.toString().length;
  return isShort && digits % (divisor.digits * 10n ** BigInt(-shift)) === 0n;
}

/** Return 10 to the power of `exponent` modulo `modulus`. */
function power(exponent: number, modulus: bigint): bigint {
  let result = 1n;
  let square = 10n;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = (result * square) % modulus;
    }
    square = (square * square) % modulus;
  }
  return result;
}

interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

function exact(value: Bound): Exact {
  const [, sign = "", whole = "0", fraction = "", power = "0"] =
    DECIMAL.exec(String(value)) ?? [];
  const digits = BigInt(whole + fraction);
  return {
    digits: sign === "-" ? -digits : digits,
    exponent: Number(power) - fraction.length,
  };
}

function signOf(digits: bigint): number {
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** Return how many digits stand before the point, where all are written. */
function sizeOf({ digits, exponent }: Exact): number {
  return (digits < 0n ? -digits : digits).toString().length + exponent;
}
