/** Messages of JSON-RPC, whoever sends them. */

/** A request or an answer, as `JSON.parse` gives it. */
export interface Message {
  readonly [key: string]: unknown;
}

export function isObject(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
