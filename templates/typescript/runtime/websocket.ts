/** Calls over one WebSocket, which is opened by the first call and shared by all. */

import { Connection, SUBPROTOCOL } from "./connection.js";
import type { SocketClass } from "./connection.js";
import { ResourceExhausted } from "./errors.js";
import type { RpcError } from "./errors.js";
import { withPath } from "./endpoint.js";
import {
  broughtBy,
  encodeItem,
  encodeNotice,
  isObject,
  resultOf,
} from "./jsonrpc.js";
import type { Message } from "./jsonrpc.js";
import { encodeWithMeta } from "./meta.js";
import { checkHeaders } from "./methods.js";
import { Inbox, Window } from "./streamflow.js";
import type { Answers, BatchTransport, Call, StreamCall } from "./transport.js";


export interface WebSocketOptions {
  /** Used in place of the global `WebSocket`, which node has from version 22. */
  readonly WebSocket?: SocketClass | undefined;
  /**
   * Whether the server knows JSON-RPC and nothing of `idlgen.1`: it is offered no
   * subprotocol, which not every WebSocket takes as no answer.
   */
  readonly plain?: boolean | undefined;
  /** Sent with every call, as its `meta`; a client's and a call's own win over them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A transport that holds a connection. */
export interface ClosableTransport extends BatchTransport {
  /** Close the connection; calls that wait for answers fail. The next call opens another. */
  close(): void;
}

/**
 * Return the transport that calls `url`, `ws://` or `wss://`; without a path it is `/rpc`.
 *
 * @throws TypeError: there is no WebSocket, the URL holds a password, or a header is none.
 */
export function webSocket(url: string, options: WebSocketOptions = {}): ClosableTransport {
  const Chosen =
    options.WebSocket ?? (globalThis as { WebSocket?: SocketClass }).WebSocket;
  if (Chosen === undefined) {
    throw new TypeError("there is no global WebSocket here: give one as an option");
  }
  const connect: Connect = (...told) => {
    const protocols = options.plain === true ? [] : [SUBPROTOCOL];
    return new Connection(new Chosen(withPath(url), protocols), ...told);
  };
  return new WebSocketTransport(withPath(url), connect, checkHeaders(options.headers));
}

type Connect = (
  url: string,
  opened: () => void,
  closed: (error: RpcError) => void,
) => Connection;

class WebSocketTransport implements ClosableTransport {
  readonly #url: string;
  readonly #connect: Connect;
  readonly #headers: Readonly<Record<string, string>>;
  #connection: Promise<Connection> | undefined;
  #calls = 0;

  constructor(url: string, connect: Connect, headers: Record<string, string>) {
    this.#url = url;
    this.#connect = connect;
    this.#headers = headers;
  }

  close(): void {
    this.#connection?.then((open) => open.close()).catch(() => undefined);
    this.#connection = undefined;
  }

  async unary(call: Call): Promise<unknown> {
    const id = this.#nextId();
    const connection = await this.#connected(call.signal);
    const request = this.#request(call, id, connection);
    const answer = await connection.answer([id], request, call.signal);
    return resultOf(call.method, answer, id);
  }

  async exchange(calls: readonly Call[], signal: AbortSignal): Promise<Answers> {
    const connection = await this.#connected(signal);
    const ids = calls.map(() => this.#nextId());
    const requests = calls.map((call, at) => {
      return this.#request(call, ids[at] as number, connection);
    });
    const answer = await connection.answer(ids, `[${requests.join(",")}]`, signal);
    return { ids, answer };
  }

  async *stream(call: StreamCall): AsyncGenerator<unknown, unknown, undefined> {
    const { method, signal } = call;
    const id = this.#nextId();
    const connection = await this.#connected(signal);
    const request = this.#request(call, id, connection);
    const inbox = new Inbox((n) => {
      if (connection.hasCredit) {
        connection.send(encodeNotice("$/credit", id, { n }));
      }
    });
    const window = new Window(connection.hasCredit);
    let isOver = false;
    const fail = (error: unknown): void => inbox.finish(undefined, error);
    const abort = (): void => fail(signal.reason);
    connection.expect(id, {
      take: (value, come) => {
        if (!Object.hasOwn(value, "method")) {
          isOver = true;
          window.finish();
          inbox.finish(come);
        } else if (value["method"] === "$/credit") {
          window.restore(creditIn(value));
        } else if (value["method"] === "$/item" && !inbox.add(come)) {
          fail(new ResourceExhausted(
            `${this.#url} streams faster than its items are read, and takes no credit`,
          ));
        }
      },
      fail: (error) => {
        isOver = true;
        fail(error);
      },
    });
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) {
      abort();
    }
    connection.send(request);
    if (call.items !== undefined) {
      sendAll(call, call.items, id, connection, window).catch(fail);
    }
    try {
      for (;;) {
        const brought = broughtBy(method, await inbox.take(), id);
        if (brought !== undefined && "item" in brought) {
          yield brought.item;
        } else if (brought !== undefined) {
          return brought.result;
        }
      }
    } finally {
      signal.removeEventListener("abort", abort);
      window.finish();
      if (isOver) {
        connection.forget(id);
      } else {
        connection.giveUp(id);
      }
    }
  }

  #nextId(): number {
    this.#calls += 1;
    return this.#calls;
  }

  #request(call: Call, id: number, connection: Connection): string {
    return encodeWithMeta(call, id, this.#headers, connection.hasCredit);
  }

  /** Return the open connection, once it is; opening one goes on if a caller gives up. */
  #connected(signal: AbortSignal): Promise<Connection> {
    this.#connection ??= this.#open();
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(signal.reason);
      signal.addEventListener("abort", giveUp, { once: true });
      connection.then(resolve, reject).finally(() => {
        signal.removeEventListener("abort", giveUp);
      });
    });
  }

  #open(): Promise<Connection> {
    const opening = new Promise<Connection>((resolve, reject) => {
      const connection = this.#connect(
        this.#url,
        () => resolve(connection),
        (error) => {
          if (this.#connection === opening) {
            this.#connection = undefined;
          }
          reject(error);
        },
      );
    });
    return opening;
  }
}

/** Send what the caller streams, as far as there is room for it, and its end. */
async function sendAll(
  call: StreamCall,
  items: AsyncIterable<unknown> | Iterable<unknown>,
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
