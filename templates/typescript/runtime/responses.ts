/** Responses of HTTP: their text, and what they mean where they are no JSON-RPC answers. */

import { errorOf, ResourceExhausted, Unavailable } from "./errors.js";
import { textOf } from "./failures.js";
import type { RpcError, Status } from "./rpcerror.js";
import { tooLarge } from "./sizes.js";

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

/**
 * Return the text of a response.
 *
 * @throws ResourceExhausted: it has more than `most` bytes; Unavailable: the connection broke.
 */
export async function bodyOf(response: Response, url: string, most: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    // There is none, or a `fetch` that does not stream.
    return response.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return text + decoder.decode();
      }
      size += value.length;
      if (size > most) {
        throw tooLarge(url, most);
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    // Nobody wants the rest.
    reader.cancel().catch(() => undefined);
    throw error instanceof ResourceExhausted ? error : unreachable(url, error);
  }
}

/** Whether a response is JSON by its content type. */
export function isJson(response: Response): boolean {
  return /[/+]json$/.test(mediaType(response));
}

/** Return the content type without its parameters, in lower case. */
export function mediaType(response: Response): string {
  const type = response.headers.get("content-type") ?? "";
  return (type.split(";")[0] ?? "").trim().toLowerCase();
}

/** Return the error for a connection that could not be made or that broke. */
export function unreachable(url: string, cause: unknown): Unavailable {
  return new Unavailable(`${url} could not be reached: ${textOf(cause)}`, { cause });
}

/** Return the error for what is no JSON-RPC answer. */
export function refusal(url: string, response: Response): RpcError {
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
