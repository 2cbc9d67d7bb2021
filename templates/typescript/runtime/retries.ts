/**
 * Whether and when a call that failed is made again.
 *
 * Repeated are calls that may be: of methods that are `readonly` or `idempotent`, or with
 * an idempotency key. They are where the error says that trying again may help: it is
 * `retryable`, as `Unavailable` is, or says when. Nothing is repeated where the wait would
 * pass the call's deadline.
 */

import { RpcError } from "./rpcerror.js";

const BASE = 100;
const CAP = 5_000;
const MAX_TOKENS = 10;
const LEAST = 5;
const GAIN = 0.1;
const DURATION =
  /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * What one client may still spend on retries: a failure costs a token, a success brings a
 * tenth back, and at half of them nothing is repeated, as gRPC's retry throttling has it.
 */
export class Retries {
  #tokens = MAX_TOKENS;

  /**
   * Return what `attempt` returns, made again up to `times` times.
   *
   * `attempt` is given the milliseconds of `timeout` that have passed.
   *
   * @throws RpcError: of the last attempt; the reason of `signal` when it is aborted.
   */
  async run<Result>(
    times: number,
    timeout: number,
    signal: AbortSignal,
    attempt: (elapsed: number) => Promise<Result>,
  ): Promise<Result> {
    const begun = performance.now();
    for (let number = 1, elapsed = 0; ; number++, elapsed = performance.now() - begun) {
      try {
        const result = await attempt(elapsed);
        this.#tokens = Math.min(MAX_TOKENS, this.#tokens + GAIN);
        return result;
      } catch (error) {
        const pause = this.#pause(error, number, times);
        if (pause === undefined || performance.now() - begun + pause >= timeout) {
          throw error;
        }
        await sleep(pause, signal);
      }
    }
  }

  /** Return the milliseconds before the next attempt, undefined where there is none. */
  #pause(error: unknown, number: number, times: number): number | undefined {
    if (!(error instanceof RpcError)) {
      return undefined;
    }
    const asked = askedPause(error);
    if (asked === undefined && !error.retryable) {
      return undefined;
    }
    this.#tokens = Math.max(0, this.#tokens - 1);
    if (number > times || this.#tokens <= LEAST) {
      return undefined;
    }
    // Full jitter: clients that lost a server together do not come back together.
    const longest = Math.min(CAP, BASE * 2 ** Math.min(number, 10));
    return Math.random() * longest + (asked ?? 0);
  }
}

/** Return the milliseconds after which an error says that the call may be made again. */
function askedPause(error: RpcError): number | undefined {
  if (error.retryAfter !== undefined) {
    return error.retryAfter;
  }
  const said = error.fields["retry_after"];
  if (typeof said === "number") {
    return said >= 0 ? said * 1_000 : undefined;
  }
  const parts = typeof said === "string" ? DURATION.exec(said) : null;
  if (parts === null) {
    return undefined;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  const of = (part: number): number => (Number.isNaN(part) ? 0 : part);
  const all = (of(days) * 24 + of(hours)) * 60 + of(minutes);
  return (all * 60 + of(seconds)) * 1_000;
}

function sleep(pause: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, pause);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) {
      stop();
    }
  });
}
