// Uses the declarations of shop.yaml; each `@ts-expect-error` must be needed.
import type {
  Event,
  EventUnknown,
  Item,
  ItemPage,
  Only,
  Page,
  Pair,
  Shape,
  ShapeUnknown,
  Shop,
  Sku,
  Tree,
} from "./acme/shop/shop.js";
import type { Order, Orders_ } from "./acme/orders/orders.js";
import type { Currency, Money } from "./common/common.js";

declare const shop: Shop;
declare const event: Event;
const sku = "1-a" as Sku;
const money: Money = { amount: "9.90", currency: "EUR" };
const item: Item = { sku, price: money, card: "4444" };

// A tag tells what there is beside it; the default is what later versions add.
export function told(event: Event): string {
  switch (event.type) {
    case "sold":
      return event.value.card;
    case "returned":
      return event.value?.card ?? "nothing";
    case "seen":
      return event.value.items.map((at: string) => at.slice(0, 10)).join();
    case "paid":
      return event.value.amount;
    case "closed":
    case "re-opened":
      // @ts-expect-error it carries nothing
      return event.value;
    default: {
      const unknown: EventUnknown = event;
      const tag: string = unknown.type;
      const carried: unknown = event.value;
      return `${tag} ${String(carried)}`;
    }
  }
}

export function forgetful(event: Event): string {
  switch (event.type) {
    case "sold":
    case "returned":
    case "seen":
    case "closed":
    case "re-opened":
      return "known";
    default: {
      // @ts-expect-error `paid` is not handled
      const unknown: EventUnknown = event;
      return unknown.type;
    }
  }
}

// @ts-expect-error what later versions add is not handled
export function careless(event: Event): string {
  switch (event.type) {
    case "sold":
    case "returned":
    case "seen":
    case "paid":
    case "closed":
    case "re-opened":
      return event.type;
  }
}

export function compared(event: Event): Money | null {
  // @ts-expect-error no variant of that name
  if (event.type === "soled") return null;
  // @ts-expect-error not every variant carries something
  event.value;
  if (event.type === "paid") return event.value;
  if (event.type !== "sold") return null;
  return event.value.price;
}

// Tables over the known variants, checked to be whole.
type Known = Exclude<Event, EventUnknown>;
export const names: Record<Known["type"], string> = {
  sold: "Sold",
  returned: "Returned",
  seen: "Seen",
  paid: "Paid",
  closed: "Closed",
  "re-opened": "Open again",
};
// @ts-expect-error five are missing
export const few: Record<Known["type"], string> = { sold: "Sold" };
type Sold = Extract<Event, { type: "sold" }>;
export const sold: Sold = { type: "sold", value: item };

// Programs make the variants that they know, and no others.
export const made: Event[] = [sold, { type: "closed" }, { type: "returned", value: null }];
// @ts-expect-error another variant carries this
export const mixed: Event = { type: "sold", value: money };
// @ts-expect-error misspelt
export const misspelt: Event = { type: "soldd", value: item };
// @ts-expect-error the literal is no tag
export const literal: Event = { type: "(unknown)", value: item };
export const passedOn: Event[] = [event];

// Flat: the members stand beside the tag, which is called as the schema says.
export function area(shape: Shape): number {
  switch (shape["x-kind"]) {
    case "circle":
      return shape.radius ** 2;
    case "page":
      return shape.items.length;
    case "point":
      return 0;
    default: {
      const unknown: ShapeUnknown = shape;
      const side: unknown = unknown["side"];
      return typeof side === "number" ? side ** 2 : Number.NaN;
    }
  }
}
export const circle: Shape = { "x-kind": "circle", radius: 1 };
// @ts-expect-error no radius
export const flatCircle: Shape = { "x-kind": "circle" };
// @ts-expect-error a point has none
export const widePoint: Shape = { "x-kind": "point", radius: 1 };

// Closed: two variants, and no more.
export function sum(tree: Tree): number {
  switch (tree.type) {
    case "leaf":
      return tree.value;
    case "nodes":
      return tree.value.map(sum).reduce((a, b) => a + b, 0);
  }
}
export function never(only: Only): string {
  if (only.type === "(unknown)") return only.value;
  const tag: string = only.type;
  return tag;
}

// Generics are filled in.
export const page: Page<Item> = { items: [item], totals: { KRW: item } };
export const alias: ItemPage = page;
export const pair: Pair<string, number> = {
  first: "a",
  second: 1,
  more: { first: 1, second: "a" },
};
// @ts-expect-error the params are the other way round
export const swapped: Pair<string, number> = { first: 1, second: "a" };
// @ts-expect-error items of another type
export const moneys: Page<Money> = page;
export const currency: Currency | undefined = page.items[0]?.price.currency;

// Streams go in and out, and are no promises.
async function* codes(): AsyncIterable<Sku> {
  yield sku;
}
export async function streamed(): Promise<number> {
  let seen = 0;
  for await (const each of shop.watch()) {
    seen += told(each).length;
  }
  for await (const each of shop.scan(codes(), 7)) {
    // @ts-expect-error it may be null
    told(each);
    seen += each === null ? 0 : told(each).length;
  }
  // @ts-expect-error a list is no stream
  shop.count([sku]);
  // @ts-expect-error a stream is no promise
  const first: Event = await shop.watch();
  return seen + (await shop.count(codes())) + told(first).length;
}

// Packages share their types.
declare const orders: Orders_;
export async function ordered(order: Order): Promise<Event | null> {
  const whole: Item = order;
  const all: Page<Order> = await orders.all();
  return shop.buy({ first: sku, second: [order.total, whole.price] }, all.items[0] ?? order);
}
