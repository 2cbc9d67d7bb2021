/** The seam between clients and what moves their calls. */

import type { Method } from "./methods.js";

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
