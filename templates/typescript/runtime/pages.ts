/** What comes in pages, item by item or page by page. */

import type { Calls } from "./calls.js";
import { Internal } from "./errors.js";
import { isObject } from "./messages.js";
import type { CallOptions, Method } from "./methods.js";
import { write } from "./writing.js";

/** How one page leads to the next: names on the wire of a param, and of a page's members. */
export interface Pagination {
  readonly param: string;
  readonly next: string;
  readonly items: string;
}

/** What holds for each call that asks for a page: no key, for that is one call's. */
export interface PageOptions extends CallOptions {
  readonly idempotencyKey?: undefined;
}

/** A method whose results are pages. */
export interface PagedMethod extends Method {
  readonly pages: Pagination;
}

/**
 * The items of all pages, one after the other:
 *
 * ```typescript
 * for await (const user of users.iterListUsers({ limit: 100 })) {
 *   console.log(user.name);
 * }
 * ```
 *
 * A page is asked for when its first item is. What is thrown on the way leaves it where it
 * was: `next` asks for the same page again. It is used once.
 */
export class Paged<Item, Page> implements AsyncIterableIterator<Item, undefined, undefined> {
  readonly #calls: Calls;
  readonly #method: PagedMethod;
  readonly #options: PageOptions | undefined;
  readonly #seen = new Set<string | undefined>();
  /** Those of the page that follows, undefined where none does. */
  #params: Readonly<Record<string, unknown>> | undefined;
  #items: Iterator<Item, unknown> = [][Symbol.iterator]();

  /** @throws TypeError: the options have an idempotency key. */
  constructor(calls: Calls, method: PagedMethod, params: object, options?: PageOptions) {
    if (options?.idempotencyKey !== undefined) {
      throw new TypeError(
        "an idempotency key is one call's, and each page is a call of its own",
      );
    }
    this.#calls = calls;
    this.#method = method;
    this.#options = options;
    this.#params = { ...params };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Return the next item, of the next page where this one has no more.
   *
   * @throws RpcError: as the method itself; `Internal` where the server gives a cursor
   *   twice, so that its pages would never end.
   */
  async next(): Promise<IteratorResult<Item, undefined>> {
    for (;;) {
      const { done, value } = this.#items.next();
      if (done !== true) {
        return { done: false, value };
      }
      const page = await this.#page();
      if (page.done === true) {
        return page;
      }
      this.#items = this.#itemsOf(page.value)[Symbol.iterator]();
    }
  }

  /** Return an iterator over the pages that were not asked for yet. */
  pages(): AsyncIterableIterator<Page, undefined, undefined> {
    return {
      next: () => this.#page(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async #page(): Promise<IteratorResult<Page, undefined>> {
    if (this.#params === undefined) {
      return { done: true, value: undefined };
    }
    const { pages, name } = this.#method;
    const asked = write(this.#params[pages.param]);
    if (this.#seen.has(asked)) {
      throw new Internal(
        `${name} gave the cursor of an earlier page again: its pages would never end`,
      );
    }
    const value = await this.#calls.unary<Page>(this.#method, this.#params, this.#options);
    this.#seen.add(asked);
    const cursor = isObject(value) ? value[pages.next] : undefined;
    // Null is read as absence.
    const isLast = cursor === undefined || cursor === null;
    this.#params = isLast ? undefined : { ...this.#params, [pages.param]: cursor };
    return { done: false, value };
  }

  #itemsOf(page: unknown): readonly Item[] {
    const { pages, name } = this.#method;
    const items = isObject(page) ? page[pages.items] : undefined;
    if (!Array.isArray(items)) {
      throw new Internal(`a page of ${name} has no list \`${pages.items}\``);
    }
    return items;
  }
}
