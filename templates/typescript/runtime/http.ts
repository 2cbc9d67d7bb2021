/** Calls over HTTP: one POST by `fetch` each. */

import { errorOf, Unavailable, Unimplemented } from "./errors.js";
import type { RpcError, Status } from "./errors.js";
import { withPath } from "./endpoint.js";
import { events } from "./events.js";
import {
  broughtBy,
  encodeCall,
  isObject,
  parseAnswer,
  readAnswer,
  resultOf,
  textOf,
} from "./jsonrpc.js";
import { encodeWithMeta } from "./meta.js";
import { checkHeaders } from "./methods.js";
import type { Answers, BatchTransport, Call, StreamCall } from "./transport.js";

export interface HttpOptions {
  /** Sent with every call; a client's and a call's own win over them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Whether a browser sends cookies to other origins; by default it does not. */
  readonly credentials?: RequestInit["credentials"] | undefined;
}

/** What an HTTP status means where no JSON-RPC answer says more. */
const MEANINGS: { readonly [code: number]: Status } = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  405: "unimplemented",
  407: "unauthenticated",
  408: "deadline_exceeded",
  409: "aborted",
  411: "invalid_argument",
  413: "resource_exhausted",
  414: "invalid_argument",
  415: "invalid_argument",
  422: "invalid_argument",
  429: "resource_exhausted",
  431: "resource_exhausted",
  500: "internal",
  501: "unimplemented",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};
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
  #calls = 0;

  constructor(url: string, options: HttpOptions) {
    this.#url = url;
    this.#options = options;
    this.#headers = checkHeaders(options.headers);
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
    const text = await this.#bodyOf(response);
    if (!response.ok || !isJson(response)) {
      throw refusal(this.#url, response);
    }
    return { ids, answer: parseAnswer(text) };
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
    for await (const text of events(response.body, this.#url)) {
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
    const text = await this.#bodyOf(response);
    if (!isJson(response)) {
      throw refusal(this.#url, response);
    }
    if (response.ok) {
      return resultOf(call.method, readAnswer(call.method, text), id);
    }
    // Servers of others say with a status what an answer says, too; gateways have none.
    const answer = readAnswer(call.method, text);
    if (isObject(answer.value) && isObject(answer.value["error"])) {
      return resultOf(call.method, answer, id);
    }
    throw refusal(this.#url, response);
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

  async #bodyOf(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw unreachable(this.#url, error);
    }
  }
}

function isJson(response: Response): boolean {
  return /[/+]json$/.test(mediaType(response));
}

function mediaType(response: Response): string {
  const type = response.headers.get("content-type") ?? "";
  return (type.split(";")[0] ?? "").trim().toLowerCase();
}

/** Return the error for a connection that could not be made or that broke. */
function unreachable(url: string, cause: unknown): Unavailable {
  return new Unavailable(`${url} could not be reached: ${textOf(cause)}`, { cause });
}

/** Return the error for what is no JSON-RPC answer. */
function refusal(url: string, response: Response): RpcError {
  const { status, type } = response;
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    const text = `${url} redirects: redirects are not followed, call the other URL`;
    return errorOf("failed_precondition", text);
  }
  const kind = mediaType(response);
  const told = kind === "" ? "no content type" : `\`${kind}\``;
  const text = `${url} answered ${status} with ${told} instead of a JSON-RPC answer`;
  const seconds = response.headers.get("retry-after")?.trim() ?? "";
  const retryAfter = /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
  const meaning = response.ok ? "internal" : (MEANINGS[status] ?? "unknown");
  return errorOf(meaning, text, { retryAfter });
}
