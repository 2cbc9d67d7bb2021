
/**
 * Interface of package acme.orders.
 *
 * @packageDocumentation
 */

import type * as acme_shop from "../shop/shop.js";
import type * as common from "../../common/common.js";

/** Strict: servers refuse members that they do not know. */
export interface Order {
  sku: acme_shop.Sku;
  price: common.Money;
  /** For the packer. Since `2.1.0`. */
  note?: string;
  /** Who pays. At least 4 characters. Sensitive: shown in no log and no error. */
  card: string;
  total: common.Money;
  events: acme_shop.Event[];
}

export type Orders = acme_shop.Page<Order>;

export interface Orders_ {
  /** @throws {@link acme_shop.SoldOut} None is left. */
  all(): Promise<acme_shop.Page<Order>>;
}
