/** What a server answers, as JSON-RPC 2.0 writes it. */

import { Internal } from "./errors.js";
import { errorIn, noAnswer, textOf } from "./failures.js";
import { isObject } from "./messages.js";
import type { Method } from "./methods.js";
import { parse } from "./parsing.js";
import type { Parsed } from "./parsing.js";
import { revive } from "./shapes.js";

const OTHER_ID = "its `id` is not that of the call";

/** Return what the text of any answer holds, long integers marked. */
export function parseAnswer(text: string): Parsed {
  try {
    return parse(text);
  } catch (error) {
    throw noAnswer(`it is no JSON: ${textOf(error)}`);
  }
}

/** Return what an answer's text holds; it is `marked` only where the method asks for it. */
export function readAnswer(method: Method, text: string): Parsed {
  if (needsCare(method)) {
    return parseAnswer(text);
  }
  try {
    return { value: JSON.parse(text), marked: false };
  } catch (error) {
    throw noAnswer(`it is no JSON: ${textOf(error)}`);
  }
}

/** Whether a text is an answer that holds an error. */
export function isErrorAnswer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value["jsonrpc"] === "2.0" && isObject(value["error"]);
  } catch {
    return false;
  }
}

/** What a message of a stream brings: an item, the answer that ends it, or nothing. */
export type Brought =
  | { readonly item: unknown }
  | { readonly result: unknown }
  | undefined;

/**
 * Return what a message brings to the call with this id.
 *
 * @throws RpcError: the error that ends the stream.
 */
export function broughtBy(method: Method, message: Parsed, id: number): Brought {
  const { value, marked } = message;
  if (!isObject(value) || !Object.hasOwn(value, "method")) {
    return { result: resultOf(method, message, id) };
  }
  const params = value["params"];
  if (value["method"] !== "$/item" || !isObject(params) || params["id"] !== id) {
    return undefined;
  }
  return { item: fitting(method, { value: params["item"], marked }, "an item") };
}

/** Whether an answer of the method can hold what `JSON.parse` would change. */
function needsCare(method: Method): boolean {
  return (
    method.result !== undefined ||
    method.errors?.some((error) => error.shape !== undefined) === true
  );
}

/**
 * Return the result that an answer holds.
 *
 * @throws RpcError: the error that it holds, or `Internal` where it is no answer.
 */
export function resultOf(method: Method, answer: Parsed, id: number): unknown {
  const { value, marked } = answer;
  if (!isObject(value)) {
    throw noAnswer("it is no object");
  }
  if (value["jsonrpc"] !== "2.0") {
    throw noAnswer('its `jsonrpc` is not "2.0"');
  }
  const isOfCall = value["id"] === id;
  if (Object.hasOwn(value, "error") && value["error"] !== null) {
    // Null is the id where the server could not read that of the call.
    if (!isOfCall && (value["id"] ?? null) !== null) {
      throw noAnswer(OTHER_ID);
    }
    throw errorIn(method, value["error"], marked);
  }
  if (!Object.hasOwn(value, "result")) {
    throw noAnswer("it has neither `result` nor `error`");
  }
  if (!isOfCall) {
    throw noAnswer(OTHER_ID);
  }
  return fitting(method, { value: value["result"], marked }, "the result");
}

function fitting(method: Method, parsed: Parsed, what: string): unknown {
  try {
    return revive(parsed, method.result);
  } catch (error) {
    const message = `${what} of ${method.name} does not fit: ${textOf(error)}`;
    throw new Internal(message, { cause: error });
  }
}
