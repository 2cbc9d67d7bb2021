/** Calls as clients make them: with a deadline, with what the caller set, typed. */

import { Limit } from "./limits.js";
import { checkHeaders, retriesOf, timeoutOf } from "./methods.js";
import type { CallOptions, ClientOptions, Method } from "./methods.js";
import { Retries } from "./retries.js";
import type { Items, Transport } from "./transport.js";

/** Makes the calls of one client. */
export class Calls {
  readonly #transport: Transport;
  readonly #options: ClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #retries = new Retries();

  constructor(transport: Transport, options: ClientOptions = {}) {
    this.#transport = transport;
    this.#options = options;
    this.#headers = checkHeaders(options.headers);
  }

  /** Call a method that has one result. `Result` is what the schema says of it. */
  async unary<Result>(
    method: Method,
    params: object,
    options: CallOptions | undefined,
  ): Promise<Result> {
    const timeout = timeoutOf(method, this.#options, options);
    const headers = this.#headersOf(options);
    const may = retriesOf(method, this.#options, options);
    const times = this.#transport.sendsOnce === true ? 0 : may;
    const limit = new Limit(method, timeout, options?.signal);
    const { signal } = limit;
    try {
      const result = await this.#retries.run(times, timeout, signal, (left) =>
        this.#transport.unary({ method, params, headers, timeout: left, signal }),
      );
      return result as Result;
    } catch (error) {
      throw limit.reasonFor(error);
    } finally {
      limit.end();
    }
  }

  /** Call a method whose result is a stream; the call begins with the iteration. */
  async *stream<Item>(
    method: Method,
    params: object,
    options: CallOptions | undefined,
    items?: Items<unknown>,
  ): AsyncGenerator<Item, unknown, undefined> {
    const timeout = timeoutOf(method, this.#options, options, Infinity);
    const headers = this.#headersOf(options);
    const limit = new Limit(method, timeout, options?.signal);
    const { signal } = limit;
    const call = { method, params, headers, timeout, signal };
    const sent = items === undefined ? call : { ...call, items };
    try {
      const answers = this.#transport.stream(sent);
      return yield* answers as AsyncGenerator<Item, unknown, undefined>;
    } catch (error) {
      throw limit.reasonFor(error);
    } finally {
      limit.end();
    }
  }

  /** Call a method that has one result, and takes a stream. */
  async collect<Result>(
    method: Method,
    params: object,
    options: CallOptions | undefined,
    items: Items<unknown>,
  ): Promise<Result> {
    const answers = this.stream(method, params, options, items);
    for (;;) {
      const { done, value } = await answers.next();
      if (done === true) {
        return value as Result;
      }
    }
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
