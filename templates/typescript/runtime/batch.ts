/** Calls that are sent together, as one message. */

import { Unimplemented } from "./errors.js";
import { encodeCall, isObject, noAnswer, resultOf } from "./jsonrpc.js";
import type { BatchTransport, Call, Transport } from "./transport.js";

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
 * It is sent once, and none of its calls is repeated.
 */
export class Batch implements Transport {
  readonly sendsOnce = true;
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
    if (held.length === 0) {
      return;
    }
    const calls = held.map(({ call }) => call);
    try {
      const { ids, answer } = await this.#transport.exchange(calls, unwanted(calls));
      const answers = answersIn(answer.value);
      held.forEach(({ call, resolve, reject }, at) => {
        const id = ids[at] as number;
        const value = answers.find((each) => isObject(each) && each["id"] === id);
        try {
          resolve(resultOf(call.method, { ...answer, value }, id));
        } catch (error) {
          reject(error);
        }
      });
    } catch (error) {
      held.forEach(({ reject }) => reject(error));
    }
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
