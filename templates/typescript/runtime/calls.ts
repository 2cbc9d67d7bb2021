/** Calls as clients make them: with a deadline, with what the caller set, typed. */

import { Cancelled, DeadlineExceeded } from "./errors.js";
import { checkHeaders, retriesOf, timeoutOf } from "./methods.js";
import type { CallOptions, ClientOptions, Method } from "./methods.js";
import { Retries } from "./retries.js";
import type { Transport } from "./transport.js";

// A timer that waits for longer fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

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
    const headers = { ...this.#headers, ...checkHeaders(options?.headers) };
    if (options?.idempotencyKey !== undefined) {
      const key = { "idempotency-key": options.idempotencyKey };
      Object.assign(headers, checkHeaders(key));
    }
    const times = retriesOf(method, this.#options, options);
    const result = await limited(method, timeout, options?.signal, (signal) =>
      this.#retries.run(times, timeout, signal, (left) =>
        this.#transport.unary({ method, params, headers, timeout: left, signal }),
      ),
    );
    return result as Result;
  }
}

/** Run a call until its time is over or its caller gives up, whichever is first. */
async function limited<Result>(
  method: Method,
  timeout: number,
  given: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const cancel = (): void => {
    const reason: unknown = given?.reason;
    controller.abort(new Cancelled(`${method.name} was given up`, { cause: reason }));
  };
  if (given?.aborted === true) {
    cancel();
    throw controller.signal.reason;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  if (timeout <= LONGEST_TIMER) {
    const text = `${method.name} was not answered within ${timeout} ms`;
    timer = setTimeout(() => controller.abort(new DeadlineExceeded(text)), timeout);
  }
  given?.addEventListener("abort", cancel);
  try {
    return await run(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    given?.removeEventListener("abort", cancel);
  }
}
