/** Calls and answers as JSON-RPC 2.0 writes them. */

import { errorOf, Internal, InvalidArgument, STATUSES } from "./errors.js";
import type { Fields, Problem, RpcError, Status } from "./errors.js";
import type { Method } from "./methods.js";
import { parse, revive, write } from "./shapes.js";
import type { Parsed } from "./shapes.js";

/** A request or an answer, as `JSON.parse` gives it. */
export interface Message {
  readonly [key: string]: unknown;
}

// The codes that the specification keeps for itself.
const RESERVED: { readonly [code: number]: Status } = {
  [-32700]: "invalid_argument",
  [-32600]: "invalid_argument",
  [-32601]: "unimplemented",
  [-32602]: "invalid_argument",
  [-32603]: "internal",
};
// A status is this code less its gRPC number.
const STATUS_CODES = -32000;

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
  if (Object.hasOwn(value, "error") && value["error"] !== null) {
    throw errorIn(method, value["error"], marked);
  }
  if (!Object.hasOwn(value, "result")) {
    throw noAnswer("it has neither `result` nor `error`");
  }
  if (value["id"] !== id) {
    throw noAnswer("its `id` is not that of the call");
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

function errorIn(method: Method, error: unknown, marked: boolean): RpcError {
  if (!isObject(error)) {
    return noAnswer("its `error` is no object with `code` and `message`");
  }
  const { code, message } = error;
  if (typeof code !== "number" || typeof message !== "string") {
    return noAnswer("its `error` is no object with `code` and `message`");
  }
  const data = isObject(error["data"]) ? error["data"] : {};
  const declared = declaredError(method, data, message, marked);
  if (declared !== undefined) {
    return declared;
  }
  const problems = problemsIn(data["problems"]);
  const told = Object.hasOwn(RESERVED, code) ? withProblems(message, problems) : message;
  const fields = fieldsIn(error["data"], data, marked);
  return errorOf(statusOf(code, data["status"]), told, { fields, problems });
}

/** Return the error that the schema declares, if the answer holds one of the method's. */
function declaredError(
  method: Method,
  data: Message,
  message: string,
  marked: boolean,
): RpcError | undefined {
  const kind = method.errors?.find((known) => known.declared === data["error"]);
  if (kind === undefined) {
    return undefined;
  }
  try {
    const fields = revive({ value: data["fields"] ?? {}, marked }, kind.shape);
    return isObject(fields) ? new kind(fields as never, message) : undefined;
  } catch {
    return undefined; // What does not fit becomes the class of its status.
  }
}

/** Return what an error that nobody declared says: its fields, or all of its data. */
function fieldsIn(raw: unknown, data: Message, marked: boolean): Fields {
  const own = Object.hasOwn(data, "fields");
  if (!own && (typeof data["status"] === "string" || Array.isArray(data["problems"]))) {
    return {};
  }
  const value = revive({ value: own ? data["fields"] : raw, marked }, "any");
  if (value === undefined) {
    return {};
  }
  return isObject(value) ? value : { data: value };
}

function statusOf(code: number, name: unknown): Status {
  const reserved = RESERVED[code];
  if (reserved !== undefined) {
    return reserved;
  }
  const named = STATUSES.find((status) => status === name);
  return STATUSES[STATUS_CODES - code - 1] ?? named ?? "unknown";
}

function problemsIn(value: unknown): Problem[] {
  if (!Array.isArray(value)) {
    return [];
  }
  return value.filter(
    (each): each is Problem =>
      isObject(each) &&
      typeof each["path"] === "string" &&
      typeof each["message"] === "string",
  );
}

export function withProblems(message: string, problems: readonly Problem[]): string {
  const first = problems.slice(0, 3).map((each) => `\`${each.path}\`: ${each.message}`);
  if (problems.length > 3) {
    first.push(`and ${problems.length - 3} more`);
  }
  return first.length > 0 ? `${message}: ${first.join("; ")}` : message;
}

export function isObject(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return the error for what a server says instead of an answer. */
export function noAnswer(why: string): Internal {
  return new Internal(`the server did not answer as JSON-RPC 2.0 says: ${why}`);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
