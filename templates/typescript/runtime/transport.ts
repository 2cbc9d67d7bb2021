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

/** Moves calls to a server. */
export interface Transport {
  /**
   * Return the result of a call.
   *
   * @throws RpcError: what the server answered, or why there is no answer.
   */
  unary(call: Call): Promise<unknown>;
}
