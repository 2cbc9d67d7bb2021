/** Tokens and API keys, shown to the methods that ask for them. */

import { inTime } from "./limits.js";
import type { Asked, Call, StreamCall, Transport } from "./transport.js";

/** What a client shows: a text, or what is asked for one before each attempt. */
export type Token = string | (() => string | Promise<string>);

/** What a client takes some of whose methods say `auth: bearer`. */
export interface TokenOptions {
  /** Shown to those methods as `Authorization: Bearer ...`. */
  readonly token?: Token | undefined;
}

/** What a client takes some of whose methods say `auth: api_key`. */
export interface ApiKeyOptions {
  /** Shown to those methods as `X-Api-Key`. */
  readonly apiKey?: Token | undefined;
}

// A comma would be that between two headers of one name (RFC 9110, 5.3).
const TOKEN = /^[\x21-\x2b\x2d-\x7e]+$/;

/**
 * Return a transport that shows the credentials of `options`, where there are some.
 *
 * @throws TypeError: one of them is none that a header can carry.
 */
export function withCredentials(
  transport: Transport,
  { token, apiKey }: TokenOptions & ApiKeyOptions = {},
): Transport {
  if (token === undefined && apiKey === undefined) {
    return transport;
  }
  return new ShowingTransport(transport, token, apiKey);
}

class ShowingTransport implements Transport {
  readonly holdsCalls: boolean;
  readonly #transport: Transport;
  readonly #token: Token | undefined;
  readonly #apiKey: Token | undefined;

  constructor(transport: Transport, token: Token | undefined, apiKey: Token | undefined) {
    this.holdsCalls = transport.holdsCalls === true;
    this.#transport = transport;
    this.#token = known(token);
    this.#apiKey = known(apiKey);
  }

  async unary(call: Call): Promise<unknown> {
    const ask = this.#asking(call);
    if (ask === undefined) {
      return this.#transport.unary(call);
    }
    return this.#transport.unary(this.holdsCalls ? { ...call, ask } : await shown(call, ask));
  }

  async *stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined> {
    const ask = this.#asking(call);
    return yield* this.#transport.stream(ask === undefined ? call : await shown(call, ask));
  }

  /** Return what gives the header, undefined where the method or the caller wants none. */
  #asking({ method, headers }: Call): Call["ask"] {
    const isBearer = method.auth === "bearer";
    const name = isBearer ? "authorization" : "x-api-key";
    const token = isBearer ? this.#token : this.#apiKey;
    if (method.auth === undefined || token === undefined || Object.hasOwn(headers, name)) {
      return undefined;
    }
    return async (asked) => {
      const text = checked(await given(token, asked));
      return { [name]: isBearer ? `Bearer ${text}` : text };
    };
  }
}

/** Return the call with the headers that it is given in time; what is left of its time. */
async function shown<Asking extends Call>(
  call: Asking,
  ask: NonNullable<Call["ask"]>,
): Promise<Asking> {
  const begun = performance.now();
  const headers = { ...call.headers, ...(await inTime(ask(new Map()), call.signal)) };
  return { ...call, headers, timeout: call.timeout - (performance.now() - begun) };
}

function given(token: Token, asked: Asked): string | Promise<string> {
  if (typeof token === "string") {
    return token;
  }
  const known = asked.get(token) ?? (async () => token())();
  asked.set(token, known);
  return known;
}

function known(token: Token | undefined): Token | undefined {
  return typeof token === "function" || token === undefined ? token : checked(token);
}

function checked(token: unknown): string {
  if (typeof token !== "string" || !TOKEN.test(token)) {
    // It is not shown.
    throw new TypeError(
      "a token is printable ASCII without spaces and commas, and without the `Bearer ` " +
        "that goes before it",
    );
  }
  return token;
}
