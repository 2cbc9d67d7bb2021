/** Calls over one WebSocket, which is opened by the first call and shared by all. */

import { resultOf } from "./answers.js";
import { Connection, SUBPROTOCOL } from "./connection.js";
import type { SocketClass } from "./connection.js";
import { withPath } from "./endpoint.js";
import { inTime } from "./limits.js";
import { encodeWithMeta } from "./meta.js";
import { checkHeaders } from "./methods.js";
import type { RpcError } from "./rpcerror.js";
import { MOST_BYTES } from "./sizes.js";
import { streamOn } from "./socketstream.js";
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
  /** How large a message of the server may be: 64 MiB, counted as characters. */
  readonly maxResponseBytes?: number | undefined;
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
  const address = withPath(url);
  const most = options.maxResponseBytes ?? MOST_BYTES;
  const connect: Connect = (...told) => {
    const protocols = options.plain === true ? [] : [SUBPROTOCOL];
    return new Connection(new Chosen(address, protocols), address, most, ...told);
  };
  return new WebSocketTransport(connect, checkHeaders(options.headers));
}

type Connect = (opened: () => void, closed: (error: RpcError) => void) => Connection;

class WebSocketTransport implements ClosableTransport {
  readonly #connect: Connect;
  readonly #headers: Readonly<Record<string, string>>;
  #connection: Promise<Connection> | undefined;
  #calls = 0;

  constructor(connect: Connect, headers: Record<string, string>) {
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
    const id = this.#nextId();
    const connection = await this.#connected(call.signal);
    const request = this.#request(call, id, connection);
    return yield* streamOn(connection, call, id, request);
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
    return inTime(this.#connection, signal);
  }

  #open(): Promise<Connection> {
    const opening = new Promise<Connection>((resolve, reject) => {
      const connection = this.#connect(
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
