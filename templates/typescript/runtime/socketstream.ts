/** A call that streams, on a WebSocket that others share. */

import { broughtBy } from "./answers.js";
import type { Connection, Waiting } from "./connection.js";
import { ResourceExhausted } from "./errors.js";
import { isObject } from "./messages.js";
import type { Message } from "./messages.js";
import { encodeItem, encodeNotice } from "./requests.js";
import { Inbox, Window } from "./streamflow.js";
import type { Come } from "./streamflow.js";
import type { Items, StreamCall } from "./transport.js";

/**
 * Send the request of a call with this id, and yield what its result streams; return the
 * result where it streams nothing. What the caller streams is sent meanwhile.
 *
 * @throws RpcError: why it ended; what iterating over the caller's stream throws.
 */
export async function* streamOn(
  connection: Connection,
  call: StreamCall,
  id: number,
  request: string,
): AsyncGenerator<unknown, unknown, undefined> {
  const { method, signal, items } = call;
  const streaming = new Streaming(connection, id);
  const fail = (error: unknown): void => streaming.inbox.finish(undefined, error);
  const abort = (): void => fail(signal.reason);
  connection.expect(id, streaming);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) {
    abort();
  }
  connection.send(request);
  if (items !== undefined) {
    sendAll(call, items, id, connection, streaming.window).catch(fail);
  }
  try {
    for (;;) {
      const brought = broughtBy(method, await streaming.inbox.take(), id);
      if (brought !== undefined && "item" in brought) {
        yield brought.item;
      } else if (brought !== undefined) {
        return brought.result;
      }
    }
  } finally {
    signal.removeEventListener("abort", abort);
    streaming.end();
  }
}

/** Takes the messages of one stream, and gives credit for them. */
class Streaming implements Waiting {
  readonly inbox: Inbox;
  readonly window: Window;
  readonly #connection: Connection;
  readonly #id: number;
  #isOver = false;

  constructor(connection: Connection, id: number) {
    this.#connection = connection;
    this.#id = id;
    this.window = new Window(connection.hasCredit);
    this.inbox = new Inbox((n) => {
      if (connection.hasCredit) {
        connection.send(encodeNotice("$/credit", id, { n }));
      }
    });
  }

  take(value: Message, come: Come): void {
    if (!Object.hasOwn(value, "method")) {
      this.#isOver = true;
      this.window.finish();
      this.inbox.finish(come);
    } else if (value["method"] === "$/credit") {
      this.window.restore(creditIn(value));
    } else if (value["method"] === "$/item" && !this.inbox.add(come)) {
      const { url } = this.#connection;
      const told = `${url} streams faster than its items are read, and takes no credit`;
      this.inbox.finish(undefined, new ResourceExhausted(told));
    }
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.inbox.finish(undefined, error);
  }

  /** Let nothing wait for more, the server neither. */
  end(): void {
    this.window.finish();
    if (this.#isOver) {
      this.#connection.forget(this.#id);
    } else {
      this.#connection.giveUp(this.#id);
    }
  }
}

/** Send what the caller streams, as far as there is room for it, and its end. */
async function sendAll(
  call: StreamCall,
  items: Items<unknown>,
  id: number,
  connection: Connection,
  window: Window,
): Promise<void> {
  for await (const item of items) {
    const message = encodeItem(call.method, item, id);
    if (!(await window.take(message.length))) {
      return;
    }
    connection.send(message);
  }
  connection.send(encodeNotice("$/end", id));
}

function creditIn(notice: Message): number {
  const params = notice["params"];
  const number = isObject(params) ? params["n"] : 0;
  return typeof number === "number" && number > 0 ? number : 0;
}
