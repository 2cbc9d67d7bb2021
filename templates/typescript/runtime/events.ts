/**
 * Server-sent events, the form of a stream over HTTP (HTML standard, 9.2). Only data is of
 * use here: names, ids and retry times of events are not read.
 */

import { Unavailable } from "./errors.js";
import { textOf } from "./failures.js";
import { tooLarge } from "./sizes.js";

// Servers send a comment every 15 seconds.
const SILENCE = 60_000;

/**
 * Yield the data of each event; to leave the iteration closes the connection.
 *
 * @throws Unavailable: nothing has come for a minute, or the connection broke;
 *   ResourceExhausted: an event has more than `most` characters.
 */
export async function* events(
  body: ReadableStream<Uint8Array>,
  url: string,
  most: number,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await notSilent(reader.read(), url);
      if (done) {
        return;
      }
      const text = decoder.decode(value, { stream: true });
      // A long line is looked through once, not with each piece of it that comes.
      const lines = /[\r\n]/.test(text)
        ? (rest + text).split(/\r\n|\n|\r(?!$)/)
        : [rest + text];
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) {
          data.push(line.slice(line[5] === " " ? 6 : 5));
          size += line.length;
        } else if (line === "" && data.length > 0) {
          yield data.join("\n");
          data = [];
          size = 0;
        }
      }
      if (rest.length + size > most) {
        throw tooLarge(url, most);
      }
    }
  } finally {
    // What failed has been told, and what goes on is wanted no longer.
    reader.cancel().catch(() => undefined);
  }
}

async function notSilent<Read>(reading: Promise<Read>, url: string): Promise<Read> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unavailable(`${url} fell silent in the middle of a stream`));
    }, SILENCE);
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (error) {
    if (error instanceof Unavailable) {
      throw error;
    }
    const told = `the stream of ${url} broke off: ${textOf(error)}`;
    throw new Unavailable(told, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
