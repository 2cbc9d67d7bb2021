/**
 * Streams on a connection that others share. Each direction of each stream starts with
 * room for 64 items and 1 MiB; whoever receives gives back what was passed on, with
 * `$/credit {id, n}`.
 */

import type { Parsed } from "./parsing.js";

const ITEMS = 64;
const BYTES = 1024 * 1024;
const GIVEN_BACK = ITEMS / 2;

/** What goes out: how much is under way and has not been given back. */
export class Window {
  readonly #isCounted: boolean;
  #sizes: number[] = [];
  #bytes = 0;
  #waiting: (() => void) | undefined;
  #isFinished = false;

  /** The other side gives credit if `isCounted`; else there is always room. */
  constructor(isCounted: boolean) {
    this.#isCounted = isCounted;
  }

  /** Wait for room, and take it for `size` bytes; false where more is of no use. */
  async take(size: number): Promise<boolean> {
    while (!this.#isFinished && !this.#hasRoom()) {
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    this.#sizes.push(size);
    this.#bytes += size;
    return !this.#isFinished;
  }

  #hasRoom(): boolean {
    return !this.#isCounted || (this.#sizes.length < ITEMS && this.#bytes < BYTES);
  }

  /** Note that the other side gave back the room of its oldest items. */
  restore(number: number): void {
    for (const size of this.#sizes.splice(0, number)) {
      this.#bytes -= size;
    }
    this.#waiting?.();
  }

  /** Let nobody wait any longer. */
  finish(): void {
    this.#isFinished = true;
    this.#waiting?.();
  }
}

/** A message that has come, and how many characters it had. */
export interface Come {
  readonly message: Parsed;
  readonly size: number;
}

/** What comes in, until it is taken: only then there is credit for more. */
export class Inbox {
  readonly #giveBack: (number: number) => void;
  #waiting: Come[] = [];
  #size = 0;
  #taken = 0;
  #end: { readonly error?: unknown } | undefined;
  #arrived: (() => void) | undefined;

  /** `giveBack` tells the other side that so many items were taken. */
  constructor(giveBack: (number: number) => void) {
    this.#giveBack = giveBack;
  }

  /** Keep a message; false where there is no room, for the other side knows no credit. */
  add(come: Come): boolean {
    if (this.#waiting.length >= ITEMS || this.#size >= BYTES) {
      return false;
    }
    this.#waiting.push(come);
    this.#size += come.size;
    this.#arrived?.();
    return true;
  }

  /** Say that nothing more will come, but for one last message or the error. */
  finish(last?: Come, error?: unknown): void {
    if (this.#end === undefined) {
      this.#end = error === undefined ? {} : { error };
      if (last !== undefined) {
        this.#waiting.push(last);
      }
      this.#arrived?.();
    }
  }

  /** Return the next message, when it has come; throw the error that ended them. */
  async take(): Promise<Parsed> {
    while (this.#waiting.length === 0) {
      if (this.#end !== undefined) {
        throw this.#end.error;
      }
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
    const come = this.#waiting.shift() as Come;
    this.#size -= come.size;
    this.#taken += 1;
    const isMuch = this.#waiting.length === 0 || this.#taken >= GIVEN_BACK;
    if (isMuch && this.#end === undefined) {
      this.#giveBack(this.#taken);
      this.#taken = 0;
    }
    return come.message;
  }
}
