/** What travels beside a call where HTTP's headers cannot: the member `meta` of a request. */

import { encodeCall } from "./requests.js";
import type { Call } from "./transport.js";

/**
 * Return the request of a call with its `meta`, or without where there is nothing to say.
 * The time is told to servers of `idlgen.1` alone.
 */
export function encodeWithMeta(
  call: Call,
  id: number,
  headers: Readonly<Record<string, string>>,
  tellsTime: boolean,
): string {
  const request = encodeCall(call.method, call.params, id);
  const meta = metaOf({ ...headers, ...call.headers });
  if (call.timeout !== Infinity && tellsTime) {
    meta["timeout_ms"] = Math.max(1, Math.ceil(call.timeout));
  }
  if (Object.keys(meta).length === 0) {
    return request;
  }
  return `${request.slice(0, -1)},"meta":${JSON.stringify(meta)}}`;
}

/** Return the `meta` of a request that says what the headers say. */
function metaOf(headers: Record<string, string>): Record<string, unknown> {
  const meta: Record<string, unknown> = {};
  const others: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (["idempotency-key", "traceparent", "authorization"].includes(name)) {
      meta[name.replace("-", "_")] = value;
    } else {
      others[name] = value;
    }
  }
  return Object.keys(others).length > 0 ? { ...meta, headers: others } : meta;
}
