/** How long a call may go on: until its time is over, or its caller gives it up. */

import { Cancelled, DeadlineExceeded } from "./errors.js";
import type { Method } from "./methods.js";

// A timer that waits for longer fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** Aborts its `signal`, with the error that the caller gets, when a call must end. */
export class Limit {
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #cancel: () => void;

  /**
   * Begin to count the milliseconds of `timeout`.
   *
   * @throws Cancelled: the caller has given up already.
   */
  constructor(method: Method, timeout: number, given: AbortSignal | undefined) {
    this.#given = given;
    this.#cancel = () => {
      const cause: unknown = given?.reason;
      this.#controller.abort(new Cancelled(`${method.name} was given up`, { cause }));
    };
    if (given?.aborted === true) {
      this.#cancel();
      throw this.signal.reason;
    }
    given?.addEventListener("abort", this.#cancel);
    if (timeout <= LONGEST_TIMER) {
      const late = `${method.name} was not answered within ${timeout} ms`;
      this.#timer = setTimeout(() => {
        this.#controller.abort(new DeadlineExceeded(late));
      }, timeout);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Return why the call ended that failed with `error`. */
  reasonFor(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  /** Count no longer. */
  end(): void {
    clearTimeout(this.#timer);
    this.#given?.removeEventListener("abort", this.#cancel);
  }
}

/** Return what is waited for, or throw the reason of the signal if that is first. */
export function inTime<Result>(
  awaited: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    awaited.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
    if (signal.aborted) {
      giveUp();
    }
  });
}
