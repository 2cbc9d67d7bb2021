
/**
 * Sells things.
 *
 * Version 3.0.0.
 *
 * @packageDocumentation
 */

import type * as acme_orders from "../orders/orders.js";
import type * as common from "../../common/common.js";

/** Since `1.0`. */
export type Sku = string & { readonly __brand: "acme.shop.Sku" };

/**
 * A thing to buy. Since `1.2.0`.
 *
 * Strict: servers refuse members that they do not know.
 */
export interface Item {
  sku: Sku;
  price: common.Money;
  /** For the packer. Since `2.1.0`. */
  note?: string;
  /** Who pays. At least 4 characters. Sensitive: shown in no log and no error. */
  card: string;
}

/**
 * A patch of {@link Item}: what is left out stays as it is, null clears.
 *
 * Strict: servers refuse members that they do not know.
 */
export interface ItemPatch {
  sku?: Sku;
  price?: common.Money;
  /** For the packer. Since `2.1.0`. */
  note?: string | null;
  /** Who pays. At least 4 characters. Sensitive: shown in no log and no error. */
  card?: string;
}

/** A patch of {@link common.Money}: what is left out stays as it is, null clears. */
export interface MoneyPatch {
  /** Format: decimal number. */
  amount?: string;
  currency?: common.Currency;
  paid_by?: string | null;
}

export type Maybe = Item | null;

/** Part of a list. */
export interface Page<T> {
  items: T[];
  next?: string;
  totals: { [key in common.Currency]?: T };
}

export interface Pair<A, B> {
  first: A;
  second: B;
  more?: Pair<B, A>;
}

export type ItemPage = Page<Item>;

/** What happens in the shop. */
export type Event =
  /** Somebody paid. Since `2.0.0`. */
  | { type: "sold"; value: Item }
  | { type: "returned"; value: Maybe }
  /**
   * Format: RFC 3339 date and time.
   *
   * @deprecated Nobody counts.
   */
  | { type: "seen"; value: Page<string> }
  | { type: "paid"; value: common.Money }
  | { type: "closed" }
  /** Name in code: `reopened`. */
  | { type: "re-opened" }
  | EventUnknown;

/**
 * A variant of {@link Event} that this version does not know. At run time `type` is its
 * own tag; the literal only keeps the known ones apart.
 */
export interface EventUnknown {
  type: "(unknown)" & { readonly __brand: "acme.shop.Event" };
  value?: unknown;
}

export type Shape =
  | ({ "x-kind": "circle" } & Circle)
  | ({ "x-kind": "page" } & Page<Sku>)
  | { "x-kind": "point" }
  | ShapeUnknown;

/**
 * A variant of {@link Shape} that this version does not know. At run time `x-kind` is
 * its own tag; the literal only keeps the known ones apart.
 */
export interface ShapeUnknown {
  "x-kind": "(unknown)" & { readonly __brand: "acme.shop.Shape" };
  [member: string]: unknown;
}

export interface Circle {
  radius: number;
}

export type Tree =
  | { type: "leaf"; value: number }
  | { type: "nodes"; value: Tree[] };

export type Only =
  /** Format: ISO 8601 date. */
  | { type: "(unknown)"; value: string }
  | OnlyUnknown;

/**
 * A variant of {@link Only} that this version does not know. At run time `type` is its
 * own tag; the literal only keeps the known ones apart.
 */
export interface OnlyUnknown {
  type: "((unknown))" & { readonly __brand: "acme.shop.Only" };
  value?: unknown;
}

/**
 * None is left. Since `2.2.0`.
 *
 * The `data` of JSON-RPC error -32008.
 */
export interface SoldOut {
  error: "acme.shop.SoldOut";
  status: "resource_exhausted";
  fields: {
    item: Item;
  };
}

/** The counter. Since `1.0`. */
export interface Shop {
  /**
   * Leaf through what there is.
   *
   * Read-only. Auth: bearer token with scope `shop:read`. Since `1.1.0`.
   *
   * Paginated: `items` of the result holds one page. For the page after it, call again
   * with `next` of the result as `from`, until there is none.
   *
   * @param from - On the wire: `x-from`.
   * @param limit - Default: `50`.
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   */
  list(from?: string, limit?: number): Promise<ItemPage>;

  /**
   * Auth: API key with scopes `shop:read`, `shop:write`.
   *
   * @param pin - Since `2.5.0`. Sensitive: shown in no log and no error.
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   */
  buy(
    pair: Pair<Sku, common.Money[]>,
    order: acme_orders.Order,
    pin?: string,
  ): Promise<Event | null>;

  /**
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   */
  watch(): AsyncIterable<Event>;

  /**
   * Auth: bearer token with scope `shop:read`.
   *
   * @param codes - As they pass the till.
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   * @example two
   * ```json
   * {
   *   "params": {"codes": ["a", "b"], "till": 7},
   *   "returns": [null, {"type": "closed"}]
   * }
   * ```
   */
  scan(codes: AsyncIterable<Sku>, till: number): AsyncIterable<Event | null>;

  /**
   * Auth: bearer token with scope `shop:read`.
   *
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   * @example none
   * ```json
   * {"params": {"codes": []}, "returns": 0}
   * ```
   */
  count(codes: AsyncIterable<Sku>): Promise<number>;

  /**
   * Auth: bearer token with scope `shop:read`.
   *
   * @throws {@link SoldOut} None is left.
   * @throws {@link common.Broken} Call somebody.
   * @example few
   * ```json
   * {"params": {}, "returns": [1, 2]}
   * ```
   */
  tail(): AsyncIterable<number>;
}
