/** What a client sends, as JSON-RPC 2.0 writes it. */

import { InvalidArgument } from "./errors.js";
import { textOf } from "./failures.js";
import type { Method } from "./methods.js";
import { write } from "./writing.js";

/**
 * Return the request that calls a method.
 *
 * @throws InvalidArgument: the params hold what JSON has no text for.
 */
export function encodeCall(method: Method, params: object, id: number): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method.name)},"params":${encodeParams(method, params)},"id":${id}}`;
}

function encodeParams(method: Method, params: unknown): string {
  try {
    return (method.exact === true ? write(params) : JSON.stringify(params)) ?? "null";
  } catch (error) {
    throw new InvalidArgument(`wrong params of ${method.name}: ${textOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Return the message that carries one item of the caller's stream.
 *
 * @throws InvalidArgument: it holds what JSON has no text for.
 */
export function encodeItem(method: Method, item: unknown, id: number): string {
  return `{"jsonrpc":"2.0","method":"$/item","params":{"id":${id},"item":${encodeParams(method, item)}}}`;
}

/** Return a message about a call that has no answer of its own: `$/end`, `$/cancel`. */
export function encodeNotice(name: string, id: number, params: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", method: name, params: { id, ...params } });
}
