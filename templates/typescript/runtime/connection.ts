/** One WebSocket, and whose each message is that comes on it. */

import { ResourceExhausted, Unavailable } from "./errors.js";
import { isObject } from "./messages.js";
import type { Message } from "./messages.js";
import { parse } from "./parsing.js";
import type { Parsed } from "./parsing.js";
import { encodeNotice } from "./requests.js";
import type { RpcError } from "./rpcerror.js";
import { tooLarge } from "./sizes.js";
import type { Come } from "./streamflow.js";

export const SUBPROTOCOL = "idlgen.1";
const TOO_LARGE = 1009;
// A page may close with codes from 3000 only.
const NO_JSON = 3002;
const GIVEN_TOO_MUCH = 3009;

/** What is needed of a WebSocket; that of browsers and that of `ws` have it. */
export interface Socket {
  readonly protocol: string;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketClass = new (url: string, protocols: string[]) => Socket;

/** Something that waits for messages with its id. */
export interface Waiting {
  take(value: Message, come: Come): void;
  fail(error: RpcError): void;
}

/** One open WebSocket, and what waits for its messages. */
export class Connection {
  readonly #socket: Socket;
  readonly url: string;
  readonly #mostBytes: number;
  readonly #closed: (error: RpcError) => void;
  readonly #waiting = new Map<number, Waiting>();
  #isOpen = false;

  constructor(
    socket: Socket,
    url: string,
    mostBytes: number,
    opened: () => void,
    closed: (error: RpcError) => void,
  ) {
    this.#socket = socket;
    this.url = url;
    this.#mostBytes = mostBytes;
    this.#closed = closed;
    socket.onopen = () => {
      this.#isOpen = true;
      opened();
    };
    socket.onmessage = (event: { readonly data: unknown }) => this.#receive(event.data);
    // What is wrong is told by the end that follows.
    socket.onerror = () => undefined;
    socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
      this.#fail(this.#ended(event.code, event.reason));
    };
  }

  /** Whether the server agreed to what `idlgen.1` adds to JSON-RPC. */
  get hasCredit(): boolean {
    return this.#socket.protocol === SUBPROTOCOL;
  }

  /**
   * Send a request, or a batch of them, and return the message that answers it.
   *
   * @throws RpcError: the connection ended; the reason of `signal` when it is aborted.
   */
  answer(ids: readonly number[], request: string, signal: AbortSignal): Promise<Parsed> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        ids.forEach((id) => this.forget(id));
        signal.removeEventListener("abort", giveUp);
      };
      const giveUp = (): void => {
        ids.forEach((id) => this.giveUp(id));
        reject(signal.reason);
      };
      const waiting: Waiting = {
        take: (value, { message }) => {
          if (!Object.hasOwn(value, "method")) {
            end();
            resolve(message);
          }
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      signal.addEventListener("abort", giveUp, { once: true });
      ids.forEach((id) => this.expect(id, waiting));
      this.send(request);
    });
  }

  send(text: string): void {
    if (this.#isOpen) {
      this.#socket.send(text);
    }
  }

  close(): void {
    this.#socket.close(1000);
  }

  expect(id: number, waiting: Waiting): void {
    this.#waiting.set(id, waiting);
    if (!this.#isOpen) {
      waiting.fail(this.#ended(1006, ""));
    }
  }

  forget(id: number): void {
    this.#waiting.delete(id);
  }

  /** Tell the server that nobody waits for the call any longer. */
  giveUp(id: number): void {
    if (this.#waiting.delete(id)) {
      this.send(encodeNotice("$/cancel", id));
    }
  }

  /** Let nothing wait any longer, nor begin. */
  #fail(error: RpcError): void {
    this.#isOpen = false;
    this.#closed(error);
    for (const waiting of [...this.#waiting.values()]) {
      waiting.fail(error);
    }
    this.#waiting.clear();
  }

  #receive(data: unknown): void {
    if (typeof data === "string" && data.length > this.#mostBytes) {
      this.#fail(tooLarge(this.url, this.#mostBytes));
      this.#socket.close(GIVEN_TOO_MUCH, "too large a message");
      return;
    }
    try {
      if (typeof data !== "string") {
        throw new TypeError("a message is no text");
      }
      const message = parse(data);
      const come = { message, size: data.length };
      if (Array.isArray(message.value)) {
        // The answers of a batch come together, and are one thing's that waits.
        const first = message.value.find((each) => this.#waiting.has(idOf(each)));
        this.#waiting.get(idOf(first))?.take({}, come);
      } else if (isObject(message.value)) {
        this.#waiting.get(idOf(message.value))?.take(message.value, come);
        this.#takeBlame(message.value, come);
      }
    } catch {
      // Nothing can be known of the rest.
      this.#socket.close(NO_JSON, "no JSON-RPC");
    }
  }

  /** Give an error without an id to the one thing that it must be about, if one must. */
  #takeBlame(value: Message, come: Come): void {
    const [first, ...others] = new Set(this.#waiting.values());
    if (value["id"] === null && isObject(value["error"]) && others.length === 0) {
      const [id] = this.#waiting.keys();
      const named = { ...value, id };
      first?.take(named, { ...come, message: { ...come.message, value: named } });
    }
  }

  #ended(code: number, reason: string): RpcError {
    if (code === TOO_LARGE) {
      return new ResourceExhausted(`${this.url} does not take so large a message`);
    }
    const told = reason === "" ? `code ${code}` : `code ${code}, ${reason}`;
    return new Unavailable(`the connection to ${this.url} ended: ${told}`);
  }
}

/** Return the id of the call that a message is about, -1 where there is none. */
function idOf(value: unknown): number {
  if (!isObject(value)) {
    return -1;
  }
  const named = Object.hasOwn(value, "method") ? value["params"] : value;
  const id = isObject(named) ? named["id"] : undefined;
  return typeof id === "number" ? id : -1;
}
