/** The seam between clients and what moves their calls. */

import type { Method } from "./methods.js";
import type { Parsed } from "./parsing.js";
import type { Retries } from "./retries.js";

/** How HTTP answered: its status, and the headers that a page may see. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

/** What was asked for a token, and what it gives. */
export type Asked = Map<() => unknown, Promise<string>>;

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
  /** Is told how HTTP answered, where it is HTTP that moves the call. */
  readonly onResponse?: ((response: ResponseHead) => void) | undefined;
  /** How often it may be repeated, and out of whose budget: see `holdsCalls`. */
  readonly repeats?: { readonly times: number; readonly retries: Retries };
  /** Gives the headers that show who calls, each time that it is sent: see `holdsCalls`. */
  readonly ask?: (asked: Asked) => Promise<Readonly<Record<string, string>>>;
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
   * Whether calls wait in it, to be sent with others. It is given each before anything is
   * waited for, and does itself what `repeats` and `ask` of a call say.
   */
  readonly holdsCalls?: boolean;

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
