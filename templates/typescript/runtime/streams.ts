/** Calls that stream, as clients make them. */

import type { Calls } from "./calls.js";
import type { CallOptions, Method } from "./methods.js";
import type { Items } from "./transport.js";

/**
 * Call a method whose result is a stream; the call begins with the iteration.
 *
 * It is repeated until something has come. What a caller streams is there only once, and
 * servers keep no keys of streams.
 */
export async function* stream<Item>(
  calls: Calls,
  method: Method,
  params: object,
  options: CallOptions | undefined,
  items?: Items<unknown>,
): AsyncGenerator<Item, unknown, undefined> {
  const isRepeatable = method.idempotent === true && items === undefined;
  const { call, times, limit } = calls.begin(method, params, options, isRepeatable, Infinity);
  const { timeout, signal } = call;
  const sent = items === undefined ? call : { ...call, items };
  try {
    const opened = await calls.retries.run(times, timeout, signal, async (elapsed) => {
      const answers = calls.transport.stream({ ...sent, timeout: timeout - elapsed });
      return { answers, first: await answers.next() };
    });
    return yield* from<Item>(opened.answers, opened.first);
  } catch (error) {
    throw limit.reasonFor(error);
  } finally {
    limit.end();
  }
}

/** Call a method that has one result, and takes a stream. */
export async function collect<Result>(
  calls: Calls,
  method: Method,
  params: object,
  options: CallOptions | undefined,
  items: Items<unknown>,
): Promise<Result> {
  const answers = stream(calls, method, params, options, items);
  for (;;) {
    const { done, value } = await answers.next();
    if (done === true) {
      return value as Result;
    }
  }
}

/** Yield `first`, which came of `answers`, and what comes of them after it. */
async function* from<Item>(
  answers: AsyncGenerator<unknown, unknown, undefined>,
  first: IteratorResult<unknown, unknown>,
): AsyncGenerator<Item, unknown, undefined> {
  try {
    let { done, value } = first;
    while (done !== true) {
      yield value as Item;
      ({ done, value } = await answers.next());
    }
    return value;
  } finally {
    await answers.return(undefined);
  }
}
