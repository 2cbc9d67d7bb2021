/** The errors that answers hold, and those of what is no answer. */

import { errorOf, Internal } from "./errors.js";
import { isObject } from "./messages.js";
import type { Message } from "./messages.js";
import type { Method } from "./methods.js";
import { STATUSES } from "./rpcerror.js";
import type { Fields, Problem, RpcError, Status } from "./rpcerror.js";
import { revive } from "./shapes.js";

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

/** Return the error that the member `error` of an answer is. */
export function errorIn(method: Method, error: unknown, marked: boolean): RpcError {
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
    const shape = method.fields ?? kind.shape;
    const fields = revive({ value: data["fields"] ?? {}, marked }, shape);
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

/** Return the error for what a server says instead of an answer. */
export function noAnswer(why: string): Internal {
  return new Internal(`the server did not answer as JSON-RPC 2.0 says: ${why}`);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
