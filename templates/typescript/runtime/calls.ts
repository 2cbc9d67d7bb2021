/** Calls as clients make them: with a deadline, with what the caller set, typed. */

import { Limit } from "./limits.js";
import { checkHeaders, retriesOf, timeoutOf } from "./methods.js";
import type { CallOptions, ClientOptions, Method } from "./methods.js";
import { Retries } from "./retries.js";
import type { Call, Transport } from "./transport.js";

/** A call that has begun: as it is sent first, how often it may be repeated, until when. */
export interface Begun {
  readonly call: Call;
  readonly times: number;
  readonly limit: Limit;
}

/** Makes the calls of one client. */
export class Calls {
  readonly transport: Transport;
  readonly retries = new Retries();
  readonly #options: ClientOptions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(transport: Transport, options: ClientOptions = {}) {
    this.transport = transport;
    this.#options = options;
    this.#headers = checkHeaders(options.headers);
  }

  /** Call a method that has one result. `Result` is what the schema says of it. */
  async unary<Result>(
    method: Method,
    params: object,
    options: CallOptions | undefined,
  ): Promise<Result> {
    const isRepeatable = method.idempotent === true || options?.idempotencyKey !== undefined;
    const { call, times, limit } = this.begin(method, params, options, isRepeatable);
    const { transport, retries } = this;
    const { timeout, signal } = call;
    try {
      const result =
        transport.holdsCalls === true
          ? await transport.unary({ ...call, repeats: { times, retries } })
          : await retries.run(times, timeout, signal, (elapsed) =>
              transport.unary({ ...call, timeout: timeout - elapsed }),
            );
      return result as Result;
    } catch (error) {
      throw limit.reasonFor(error);
    } finally {
      limit.end();
    }
  }

  /**
   * Begin a call, which may last `otherwise` milliseconds where nobody says how long.
   *
   * @throws RangeError, TypeError: an option is wrong; Cancelled: it was given up already.
   */
  begin(
    method: Method,
    params: object,
    options: CallOptions | undefined,
    isRepeatable: boolean,
    otherwise?: number,
  ): Begun {
    const timeout = timeoutOf(method, this.#options, options, otherwise);
    const times = retriesOf(this.#options, options);
    const headers = this.#headersOf(options);
    const limit = new Limit(method, timeout, options?.signal);
    const { signal } = limit;
    const call = { method, params, headers, timeout, signal, onResponse: options?.onResponse };
    return { call, times: isRepeatable ? times : 0, limit };
  }

  #headersOf(options: CallOptions | undefined): Record<string, string> {
    const headers = { ...this.#headers, ...checkHeaders(options?.headers) };
    if (options?.idempotencyKey !== undefined) {
      const key = { "idempotency-key": options.idempotencyKey };
      Object.assign(headers, checkHeaders(key));
    }
    return headers;
  }
}
