/** The seam between clients and what moves their calls. */

import type { Method } from "./methods.js";
import type { Parsed } from "./shapes.js";

/** One call, ready to be sent. */
export interface Call {
  readonly method: Method;
  /** The params by their names on the wire; those that are `undefined` are left out. */
  readonly params: object;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that the caller still waits, `Infinity` for no limit. */
  readonly timeout: number;
  /** Aborted when the caller gives up or the time is over, with the error as its reason. */
  readonly signal: AbortSignal;
}

/** A stream as a caller gives it. */
export type Items<Item> = AsyncIterable<Item> | Iterable<Item>;

/** A call that streams, one way or both. */
export interface StreamCall extends Call {
  /** What the caller streams; absent where that is nothing. */
  readonly items?: Items<unknown>;
}

/** Moves calls to a server. */
export interface Transport {
  /** Whether what failed is not to be sent again, for it went with other calls. */
  readonly sendsOnce?: boolean;

  /**
   * Return the result of a call.
   *
   * @throws RpcError: what the server answered, or why there is no answer.
   */
  unary(call: Call): Promise<unknown>;

  /**
   * Yield what the result streams, and return the result where it streams nothing.
   *
   * The call begins when the first item is asked for; to leave the iteration ends it.
   *
   * @throws RpcError: as `unary`.
   */
  stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined>;
}

/** The message that answers a batch, and the ids of its calls. */
export interface Answers {
  readonly ids: readonly number[];
  readonly answer: Parsed;
}

/** A transport that can send several calls as one message. */
export interface BatchTransport extends Transport {
  /** Return what answers the calls together. */
  exchange(calls: readonly Call[], signal: AbortSignal): Promise<Answers>;
}
