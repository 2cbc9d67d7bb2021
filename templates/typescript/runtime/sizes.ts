/** How large answers may be. */

import { ResourceExhausted } from "./errors.js";

/** How many bytes an answer may have unless somebody says otherwise. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** Return the error for an answer of more than `most` bytes. */
export function tooLarge(url: string, most: number): ResourceExhausted {
  return new ResourceExhausted(
    `${url} answered with more than ${most} bytes, the transport's maxResponseBytes`,
  );
}
