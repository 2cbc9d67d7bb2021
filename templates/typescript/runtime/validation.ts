/** Answers that are compared with the schema, in programs that ask for it. */

import { Internal } from "./errors.js";
import type { Problem } from "./errors.js";
import { withProblems } from "./jsonrpc.js";
import type { Kind } from "./kinds.js";
import type { Method } from "./methods.js";
import { Reader } from "./reading.js";
import type { Call, StreamCall, Transport } from "./transport.js";

/** What a method answers: one result, the items of a stream, or nothing. */
export interface Expected {
  readonly result?: Kind;
  readonly items?: Kind;
}

/** What the methods of a package answer, by their full names on the wire. */
export interface Validation {
  readonly [method: string]: Expected;
}

/**
 * Return a transport whose answers are compared with the schema:
 *
 * ```typescript
 * const users = new UserServiceClient(validated(http(url), validation));
 * ```
 *
 * `validation` is what the package's module `validation.js` exports; a transport of
 * several packages takes those of all. An answer that does not fit is `Internal`, its
 * `problems` tell every place.
 */
export function validated(
  transport: Transport,
  ...validations: readonly [Validation, ...Validation[]]
): Transport {
  return new ValidatedTransport(transport, Object.assign({}, ...validations));
}

class ValidatedTransport implements Transport {
  readonly sendsOnce: boolean;
  readonly #transport: Transport;
  readonly #validation: Validation;

  constructor(transport: Transport, validation: Validation) {
    this.sendsOnce = transport.sendsOnce === true;
    this.#transport = transport;
    this.#validation = validation;
  }

  async unary(call: Call): Promise<unknown> {
    const { result } = this.#expected(call.method);
    const answer = await this.#transport.unary({ ...call, method: unread(call.method) });
    return fitting(answer, result, `the result of ${call.method.name}`);
  }

  async *stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined> {
    const { name } = call.method;
    const { result, items } = this.#expected(call.method);
    const answers = this.#transport.stream({ ...call, method: unread(call.method) });
    try {
      for (;;) {
        const { done, value } = await answers.next();
        if (done === true) {
          return fitting(value, result, `the result of ${name}`);
        }
        yield fitting(value, items, `an item of ${name}`);
      }
    } finally {
      await answers.return(undefined);
    }
  }

  #expected(method: Method): Expected {
    const expected = this.#validation[method.name];
    if (expected === undefined) {
      throw new TypeError(`the validation of ${method.name} was not given`);
    }
    return expected;
  }
}

/** Return the method with a result of any kind, so that nothing of it is lost. */
function unread(method: Method): Method {
  return { ...method, result: "any" };
}

/**
 * Return the value as its kind says; a value that no kind is told of as it is.
 *
 * @throws Internal: it does not fit.
 */
function fitting(value: unknown, kind: Kind | undefined, what: string): unknown {
  if (kind === undefined) {
    return value;
  }
  const reader = new Reader();
  let problems: readonly Problem[] = reader.problems;
  try {
    const read = reader.read(value, kind);
    if (problems.length === 0) {
      return read;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    problems = [{ path: "$", message: "Nested too deeply" }];
  }
  throw new Internal(withProblems(`${what} does not fit`, problems), { problems });
}
