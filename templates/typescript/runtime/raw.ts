/** Answers with what came beside them. */

import type { CallOptions } from "./methods.js";
import { RpcError } from "./rpcerror.js";
import type { ResponseHead } from "./transport.js";

/** How HTTP answered a call, and what the call ended with. */
export interface RawAnswer<Result> extends ResponseHead {
  /**
   * Return the result of the call.
   *
   * @throws RpcError: what the call ended with in its place.
   */
  result(): Result;
}

/**
 * Make one call, and return its answer with HTTP's status and headers, be it an error:
 *
 * ```typescript
 * const answer = await raw((options) => users.getUserById(1, options));
 * console.log(answer.headers.get("content-type"), answer.result().name);
 * ```
 *
 * Where it is not HTTP that moves the call, its status is 200, and it has no headers.
 *
 * @throws RpcError: there was no answer.
 */
export async function raw<Result>(
  make: (options: CallOptions) => Promise<Result>,
): Promise<RawAnswer<Result>> {
  const heads: ResponseHead[] = [];
  const onResponse = (head: ResponseHead): void => void heads.push(head);
  const result = await make({ onResponse }).then(
    (value) => () => value,
    (error: unknown) => {
      if (heads.length === 0 || !(error instanceof RpcError)) {
        throw error;
      }
      return (): never => {
        throw error;
      };
    },
  );
  const { status, headers } = heads.at(-1) ?? { status: 200, headers: new Headers() };
  return { status, headers, result };
}
