/**
 * JSON texts with 64-bit integers, of which `number` holds 53 bits.
 *
 * `JSON.parse` reads everything. Before it sees a text with an integer that may not fit,
 * one scan turns those integers into marked strings.
 */

/** A JSON text that was read; `marked` where some of its strings are numbers. */
export interface Parsed {
  readonly value: unknown;
  readonly marked: boolean;
}

// JSON has this character only as an escape, and nobody has reason to send it.
export const MARK = "\u0001";
const ESCAPED_MARK = "\\u0001";
const LONG = /\d{16}/;
const NEXT = /"|-?[1-9]\d{15,}/g;

/** Read a JSON text so that `revive` can tell its long integers. */
export function parse(text: string): Parsed {
  if (!LONG.test(text)) {
    return { value: JSON.parse(text), marked: false };
  }
  return { value: JSON.parse(withMarks(text)), marked: true };
}

/** Turn every integer of 16 digits or more into a string that begins with `MARK`. */
function withMarks(text: string): string {
  const parts: string[] = [];
  let done = 0;
  NEXT.lastIndex = 0;
  for (let found = NEXT.exec(text); found !== null; found = NEXT.exec(text)) {
    const start = found.index;
    if (found[0] === '"') {
      const end = endOfString(text, start);
      // A string that begins like a mark gets one more, but for the key of a member.
      if (text.startsWith(ESCAPED_MARK, start + 1) && !/^\s*:/.test(text.slice(end))) {
        parts.push(text.slice(done, start + 1), ESCAPED_MARK);
        done = start + 1;
      }
      NEXT.lastIndex = end;
    } else if (isWhole(text, start, NEXT.lastIndex)) {
      parts.push(text.slice(done, start), `"${ESCAPED_MARK}${found[0]}"`);
      done = NEXT.lastIndex;
    }
  }
  parts.push(text.slice(done));
  return parts.join("");
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") {
      at++;
    } else if (text[at] === '"') {
      return at + 1;
    }
  }
  return text.length;
}

/** Whether the digits are all of a number, which has no fraction and no exponent. */
function isWhole(text: string, start: number, end: number): boolean {
  return !/[\d.eE+-]/.test(text.charAt(start - 1)) && !/[.eE]/.test(text.charAt(end));
}
