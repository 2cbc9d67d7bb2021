/** What generated code says of a method, and what a caller may set for a call of it. */

import type { Pagination } from "./pages.js";
import type { DeclaredError } from "./rpcerror.js";
import type { Shape } from "./shapes.js";
import type { ResponseHead } from "./transport.js";

/** The number of the agreement between generated code and this runtime. */
export type Contract = 1;

/** What a transport and its caller need to know of a method. */
export interface Method {
  /** Its full name on the wire. */
  readonly name: string;
  readonly errors?: readonly DeclaredError[];
  /** Milliseconds, unless the caller says otherwise. */
  readonly timeout?: number;
  /** Whether to carry it out twice does what once does. */
  readonly idempotent?: boolean;
  /** How callers prove who they are; absent where they need not. */
  readonly auth?: "bearer" | "api_key";
  /** How one page of its results leads to the next, where they are pages. */
  readonly pages?: Pagination;
  /** Whether its params may hold what `JSON.stringify` refuses or changes. */
  readonly exact?: boolean;
  /** What is to be read apart in its result; absent where nothing is. */
  readonly result?: Shape;
  /** The same of the fields of its errors, in place of what each error says. */
  readonly fields?: Shape;
}

/** What holds for one call. */
export interface CallOptions {
  /**
   * Milliseconds for the whole call, `Infinity` for no limit. It wins over the client's,
   * which wins over the schema's; where nobody says anything a call has a minute, and a
   * stream as long as it likes.
   */
  readonly timeout?: number | undefined;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
  /** Added to the client's; they win over those of the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How often the call is repeated at most where that may help; wins over the client's.
   * Only calls are repeated whose method the schema calls `readonly` or `idempotent`, and
   * those with an idempotency key.
   */
  readonly retries?: number | undefined;
  /** Goes with the call, so that a server can know a repetition of it. */
  readonly idempotencyKey?: string | undefined;
  /**
   * Is told how HTTP answered, errors too, each time that it did: once the answer was read,
   * or its stream begins.
   */
  readonly onResponse?: ((response: ResponseHead) => void) | undefined;
}

/** What holds for all calls of a client. */
export interface ClientOptions {
  /** Milliseconds for each call, `Infinity` for no limit; wins over the schema's. */
  readonly timeout?: number | undefined;
  /** Sent with each call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How often a call is repeated at most (2); 0 is never. */
  readonly retries?: number | undefined;
}

const DEFAULT_RETRIES = 2;
const DEFAULT_TIMEOUT = 60_000;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;
const OURS = ["connection", "content-length", "content-type", "transfer-encoding"];

/**
 * Return the milliseconds that a call of `method` may take, `otherwise` where nobody says.
 *
 * @throws RangeError: it is no duration.
 */
export function timeoutOf(
  method: Method,
  client: ClientOptions,
  call: CallOptions | undefined,
  otherwise = DEFAULT_TIMEOUT,
): number {
  const given = call?.timeout ?? client.timeout ?? method.timeout ?? otherwise;
  if (!(given >= 0)) {
    throw new RangeError(`a timeout is a number of milliseconds from 0, not ${given}`);
  }
  return given;
}

/**
 * Return how often a call that may be repeated is.
 *
 * @throws RangeError: it is no number of times.
 */
export function retriesOf(client: ClientOptions, call: CallOptions | undefined): number {
  const given = call?.retries ?? client.retries ?? DEFAULT_RETRIES;
  if (!(Number.isInteger(given) && given >= 0)) {
    throw new RangeError(`retries are a whole number from 0, not ${given}`);
  }
  return given;
}

/**
 * Return the headers with names in lower case.
 *
 * @throws TypeError: HTTP cannot carry one, or it is the transport's to set.
 */
export function checkHeaders(
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) {
      throw new TypeError(`${JSON.stringify(name)} cannot be the name of a header`);
    }
    if (OURS.includes(name.toLowerCase())) {
      throw new TypeError(`header \`${name}\` is set by the client itself`);
    }
    if (!VALUE.test(value)) {
      // The value is not shown: it may be a credential.
      throw new TypeError(
        `the value of header \`${name}\` holds more than printable ASCII`,
      );
    }
    checked[name.toLowerCase()] = value;
  }
  return checked;
}
