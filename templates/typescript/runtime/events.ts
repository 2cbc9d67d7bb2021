/**
 * Server-sent events, the form of a stream over HTTP (HTML standard, 9.2). Only data is of
 * use here: names, ids and retry times of events are not read.
 */

import { Unavailable } from "./errors.js";

// Servers send a comment every 15 seconds.
const SILENCE = 60_000;

/**
 * Yield the data of each event; to leave the iteration closes the connection.
 *
 * @throws Unavailable: nothing has come for a minute, or the connection broke.
 */
export async function* events(
  body: ReadableStream<Uint8Array>,
  url: string,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), url);
      if (done) {
        return;
      }
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) {
          data.push(line.slice(line[5] === " " ? 6 : 5));
        } else if (line === "" && data.length > 0) {
          yield data.join("\n");
          data = [];
        }
      }
    }
  } finally {
    // What failed has been told, and what goes on is wanted no longer.
    reader.cancel().catch(() => undefined);
  }
}

async function inTime<Read>(reading: Promise<Read>, url: string): Promise<Read> {
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
    const text = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`the stream of ${url} broke off: ${text}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
