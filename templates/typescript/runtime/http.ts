/** Calls over HTTP: one POST by `fetch` each. */

import { broughtBy, isErrorAnswer, parseAnswer, readAnswer, resultOf } from "./answers.js";
import { withPath } from "./endpoint.js";
import { Unavailable, Unimplemented } from "./errors.js";
import { events } from "./events.js";
import { encodeWithMeta } from "./meta.js";
import { checkHeaders } from "./methods.js";
import { encodeCall } from "./requests.js";
import { bodyOf, isJson, mediaType, refusal, unreachable } from "./responses.js";
import { MOST_BYTES } from "./sizes.js";
import type { Answers, BatchTransport, Call, StreamCall } from "./transport.js";

export interface HttpOptions {
  /** Sent with every call; a client's and a call's own win over them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Whether a browser sends cookies to other origins; by default it does not. */
  readonly credentials?: RequestInit["credentials"] | undefined;
  /** How many bytes an answer may have, and each item of a stream: 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

// What `Idlgen-Timeout-Ms` may say at most: twelve digits.
const LONGEST_TIMEOUT = 999_999_999_999;

/**
 * Return the transport that calls `url`; without a path it is `/rpc`. A page may name
 * a path of its own origin.
 *
 * @throws TypeError: the URL holds a password, or a header is none.
 */
export function http(url: string, options: HttpOptions = {}): BatchTransport {
  return new HttpTransport(withPath(url), options);
}

class HttpTransport implements BatchTransport {
  readonly #url: string;
  readonly #options: HttpOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #mostBytes: number;
  #calls = 0;

  constructor(url: string, options: HttpOptions) {
    this.#url = url;
    this.#options = options;
    this.#headers = checkHeaders(options.headers);
    this.#mostBytes = options.maxResponseBytes ?? MOST_BYTES;
  }

  async unary(call: Call): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    const body = encodeCall(call.method, call.params, id);
    return this.#wholeAnswer(call, await this.#post(call, body), id);
  }

  async exchange(calls: readonly Call[], signal: AbortSignal): Promise<Answers> {
    const ids = calls.map(() => (this.#calls += 1));
    const requests = calls.map((call, at) => {
      return encodeWithMeta(call, ids[at] as number, {}, true);
    });
    const response = await this.#post({ signal }, `[${requests.join(",")}]`);
    return { ids, answer: parseAnswer(await this.#textOf(response)) };
  }

  async *stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined> {
    const { method, params } = call;
    if (call.items !== undefined) {
      throw new Unimplemented(`${method.name} takes a stream: call it by \`webSocket()\``);
    }
    this.#calls += 1;
    const id = this.#calls;
    const accept = "text/event-stream, application/json";
    const response = await this.#post(call, encodeCall(method, params, id), accept);
    if (mediaType(response) !== "text/event-stream" || response.body === null) {
      return this.#wholeAnswer(call, response, id);
    }
    told(call, response);
    for await (const text of events(response.body, this.#url, this.#mostBytes)) {
      const brought = broughtBy(method, readAnswer(method, text), id);
      if (brought !== undefined && "item" in brought) {
        yield brought.item;
      } else if (brought !== undefined) {
        return brought.result;
      }
    }
    throw new Unavailable(`the stream of ${method.name} broke off before its end`);
  }

  /** Return the result in a response that is read whole. */
  async #wholeAnswer(call: Call, response: Response, id: number): Promise<unknown> {
    const text = await this.#textOf(response, call);
    return resultOf(call.method, readAnswer(call.method, text), id);
  }

  /**
   * Return the text of a response that is an answer.
   *
   * Servers of others say with a status what an answer says, too; gateways have no answer.
   */
  async #textOf(response: Response, call?: Call): Promise<string> {
    const text = await bodyOf(response, this.#url, this.#mostBytes);
    told(call, response);
    if (!isJson(response) || !(response.ok || isErrorAnswer(text))) {
      throw refusal(this.#url, response);
    }
    return text;
  }

  async #post(
    call: Pick<Call, "signal"> & Partial<Call>,
    body: string,
    accept = "application/json",
  ): Promise<Response> {
    const headers: Record<string, string> = {
      ...this.#headers,
      ...call.headers,
      accept,
      "content-type": "application/json",
    };
    const { signal, timeout = Infinity } = call;
    if (timeout !== Infinity) {
      const whole = Math.min(Math.max(1, Math.ceil(timeout)), LONGEST_TIMEOUT);
      headers["idlgen-timeout-ms"] = String(whole);
    }
    const init: RequestInit = { method: "POST", headers, body, signal, redirect: "manual" };
    if (this.#options.credentials !== undefined) {
      init.credentials = this.#options.credentials;
    }
    const send = this.#options.fetch ?? globalThis.fetch;
    try {
      return await send(this.#url, init);
    } catch (error) {
      throw unreachable(this.#url, error);
    }
  }
}

/** Tell the caller how HTTP answered. */
function told(call: Call | undefined, { status, headers }: Response): void {
  call?.onResponse?.({ status, headers });
}
