/** Calls that are sent together, as one message. */

import { resultOf } from "./answers.js";
import { Unimplemented } from "./errors.js";
import { noAnswer } from "./failures.js";
import { inTime } from "./limits.js";
import { isObject } from "./messages.js";
import { encodeCall } from "./requests.js";
import { Retries } from "./retries.js";
import type { Asked, BatchTransport, Call, Transport } from "./transport.js";

interface Held {
  readonly call: Call;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * A transport that holds calls until they are sent, for clients made for it alone:
 *
 * ```typescript
 * const together = new Batch(transport);
 * const users = new UserServiceClient(together);
 * const first = together.add(users.getUserById(1));
 * const second = together.add(users.getUserById(2));
 * await together.send();
 * console.log((await first).name, (await second).name);
 * ```
 *
 * It is for one `send()`. Where it fails as a whole it is repeated, no more often than each
 * of its calls may be.
 */
export class Batch implements Transport {
  readonly holdsCalls = true;
  readonly #transport: BatchTransport;
  readonly #held: Held[] = [];
  #isSent = false;

  constructor(transport: BatchTransport) {
    this.#transport = transport;
  }

  /** Return the promise, whose rejection may wait to be handled until the others are. */
  add<Result>(call: Promise<Result>): Promise<Result> {
    call.catch(() => undefined);
    return call;
  }

  /** Send the calls and wait until each is answered, or failed: that its promise tells. */
  async send(): Promise<void> {
    this.#isSent = true;
    const held = this.#held.filter(({ call }) => !call.signal.aborted);
    const [first] = held;
    if (first === undefined) {
      return;
    }
    const calls = held.map(({ call }) => call);
    const signal = unwanted(calls);
    const times = Math.min(...calls.map(({ repeats }) => repeats?.times ?? 0));
    const timeout = Math.max(...calls.map((call) => call.timeout));
    const retries = first.call.repeats?.retries ?? new Retries();
    try {
      await retries.run(times, timeout, signal, (elapsed) => {
        return this.#attempt(held, elapsed, signal);
      });
    } catch (error) {
      held.forEach(({ reject }) => reject(error));
    }
  }

  async #attempt(
    held: readonly Held[],
    elapsed: number,
    signal: AbortSignal,
  ): Promise<void> {
    const sent = await ready(held, elapsed);
    if (sent.length === 0) {
      return;
    }
    const calls = sent.map(({ call }) => call);
    const { ids, answer } = await this.#transport.exchange(calls, signal);
    const answers = answersIn(answer.value);
    sent.forEach(({ call, resolve, reject }, at) => {
      const id = ids[at] as number;
      const value = answers.find((each) => isObject(each) && each["id"] === id);
      try {
        resolve(resultOf(call.method, { ...answer, value }, id));
      } catch (error) {
        reject(error);
      }
    });
  }

  unary(call: Call): Promise<unknown> {
    if (this.#isSent) {
      return Promise.reject(new TypeError("this batch was sent: make another"));
    }
    return new Promise((resolve, reject) => {
      // What cannot be written is refused here, for it must not keep others back.
      encodeCall(call.method, call.params, 0);
      this.#held.push({ call, resolve, reject });
      const giveUp = (): void => reject(call.signal.reason);
      call.signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  async *stream(call: Call): AsyncGenerator<never, never, undefined> {
    throw new Unimplemented(`${call.method.name} streams, and no batch does`);
  }
}

/**
 * Return the calls as they are to be sent now: those that somebody still waits for, with
 * the time that they have left, and what shows who calls. That is asked for once; a call
 * that cannot have it in time fails alone.
 */
async function ready(held: readonly Held[], elapsed: number): Promise<Held[]> {
  const asked: Asked = new Map();
  const calls = held.map(async (each) => {
    const { call, reject } = each;
    const { signal, ask = async () => ({}) } = call;
    try {
      const headers = { ...call.headers, ...(await inTime(ask(asked), signal)) };
      const timeout = call.timeout - elapsed;
      return [{ ...each, call: { ...call, headers, timeout } }];
    } catch (error) {
      reject(error);
      return [];
    }
  });
  return (await Promise.all(calls)).flat();
}

/** Return a signal that is aborted when nobody waits for any of the calls. */
function unwanted(calls: readonly Call[]): AbortSignal {
  const controller = new AbortController();
  let left = calls.length;
  for (const { signal } of calls) {
    const giveUp = (): void => {
      left -= 1;
      if (left === 0) {
        controller.abort(signal.reason);
      }
    };
    signal.addEventListener("abort", giveUp, { once: true });
  }
  return controller.signal;
}

function answersIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  // A server that refuses a batch as a whole answers with one error.
  if (isObject(value) && isObject(value["error"])) {
    throw resultError(value);
  }
  throw noAnswer("it is no batch");
}

function resultError(value: { readonly [key: string]: unknown }): unknown {
  try {
    return resultOf({ name: "batch" }, { value, marked: false }, 0);
  } catch (error) {
    return error;
  }
}
