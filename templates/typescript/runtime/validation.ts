/** Answers that are compared with the schema, in programs that ask for it. */

import { errorOf, Internal } from "./errors.js";
import { withProblems } from "./failures.js";
import type { Kind } from "./kinds.js";
import type { Method } from "./methods.js";
import { Reader } from "./reading.js";
import { RpcError } from "./rpcerror.js";
import type { DeclaredError, Problem } from "./rpcerror.js";
import type { Call, StreamCall, Transport } from "./transport.js";

/** What a method answers: one result, the items of a stream, or nothing; and its errors. */
export interface Expected {
  readonly result?: Kind;
  readonly items?: Kind;
  /** The fields of errors, by what the wire calls each. */
  readonly errors?: { readonly [declared: string]: Kind };
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
 * `problems` tell every place; so do those of an error whose fields do not fit, which is
 * of the class of its status then.
 */
export function validated(
  transport: Transport,
  ...validations: readonly [Validation, ...Validation[]]
): Transport {
  return new ValidatedTransport(transport, Object.assign({}, ...validations));
}

class ValidatedTransport implements Transport {
  readonly holdsCalls: boolean;
  readonly #transport: Transport;
  readonly #validation: Validation;

  constructor(transport: Transport, validation: Validation) {
    this.holdsCalls = transport.holdsCalls === true;
    this.#transport = transport;
    this.#validation = validation;
  }

  async unary(call: Call): Promise<unknown> {
    const { name } = call.method;
    const expected = this.#expected(call.method);
    try {
      const answer = await this.#transport.unary({ ...call, method: unread(call.method) });
      return fitting(answer, expected.result, `the result of ${name}`);
    } catch (error) {
      throw fittingError(error, expected);
    }
  }

  async *stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined> {
    const { name } = call.method;
    const expected = this.#expected(call.method);
    const answers = this.#transport.stream({ ...call, method: unread(call.method) });
    try {
      for (;;) {
        const { done, value } = await answers.next();
        if (done === true) {
          return fitting(value, expected.result, `the result of ${name}`);
        }
        yield fitting(value, expected.items, `an item of ${name}`);
      }
    } catch (error) {
      throw fittingError(error, expected);
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

/** Return the method with answers of any kind, so that nothing of them is lost. */
function unread(method: Method): Method {
  return { ...method, result: "any", fields: "any" };
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
  const { read, problems } = compared(value, kind);
  if (problems.length > 0) {
    throw new Internal(withProblems(`${what} does not fit`, problems), { problems });
  }
  return read;
}

/** Return the error, of the class of its status where the fields of its own do not fit. */
function fittingError(error: unknown, { errors = {} }: Expected): unknown {
  if (!(error instanceof RpcError)) {
    return error;
  }
  const { declared = "" } = error.constructor as Partial<DeclaredError>;
  const kind = Object.hasOwn(errors, declared) ? errors[declared] : undefined;
  if (kind === undefined) {
    return error;
  }
  // They are read in place, and what does not fit is lost there.
  const fields = structuredClone(error.fields);
  const { problems } = compared(error.fields, kind);
  if (problems.length === 0) {
    return error;
  }
  const { status, message, retryAfter } = error;
  return errorOf(status, message, { fields, problems, retryAfter, cause: error });
}

/** Return a value as programs get it, and what of it is not as its kind says. */
function compared(
  value: unknown,
  kind: Kind,
): { readonly read: unknown; readonly problems: readonly Problem[] } {
  const reader = new Reader();
  try {
    return { read: reader.read(value, kind), problems: reader.problems };
  } catch (error) {
    if (error instanceof RangeError) {
      return { read: value, problems: [{ path: "$", message: "Nested too deeply" }] };
    }
    throw error;
  }
}
