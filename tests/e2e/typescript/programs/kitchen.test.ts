import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { WebSocket } from "ws";

import {
  http,
  Internal,
  RpcError,
  Unavailable,
  webSocket,
} from "./generated/_idlgen/index.js";
import type { Transport } from "./generated/_idlgen/index.js";
import { NotYours } from "./generated/kitchen_sink/house/index.js";
import {
  DishCode,
  DishUnknown,
  KitchenClient,
  KitchenClosed,
  ShelfNumber,
  SinkBlocked,
  SoldOut,
  TicketId,
  WashingUpClient,
} from "./generated/kitchen_sink/index.js";
import type { DishDraft, Shelves, Sink } from "./generated/kitchen_sink/index.js";
import { PantryClient, ShelfEmpty } from "./generated/kitchen_sink/stores/pantry/index.js";
import type { Movement } from "./generated/kitchen_sink/stores/pantry/index.js";

const url = process.env["URL"] ?? "";
const socket = webSocket(url.replace("http:", "ws:"), { WebSocket });
after(() => socket.close());

const SOUP = DishCode("SO-01");
const BREAD = DishCode("BR-00");
const WATER = { name: "", weight: 1.5, organic: false, supplier: null, keeps: "P1D" };
const DRAFT: DishDraft = {
  name: "Борщ",
  course: "1/2 main",
  price: "9.50",
  ingredients: [WATER],
  allergens: ["nuts"],
  heat: "well-done",
  spiciness: 1,
  "x-serves": 12,
  photo: "AAEC",
  remark: { big: 2n ** 80n, deep: [null, true, -1.5, { "": "\u2028" }] },
};

describe("over HTTP", () => kitchenOver(http(url)));
describe("over a WebSocket", () => kitchenOver(socket));

function kitchenOver(transport: Transport): void {
  const kitchen = new KitchenClient(transport, { timeout: 60_000 });
  const scullery = new WashingUpClient(transport);
  const pantry = new PantryClient(transport);

  test("dishes are listed, with what a caller leaves out", async () => {
    const [all] = await kitchen.listDishes();
    assert.deepEqual(all, { code: "SO-01", name: "- 50", price: "1.00" });
    const [some] = await kitchen.listDishes({ course: "main", without: ["nuts"], limit: 5 });
    assert.equal(some?.name, "main nuts 5");
  });

  test("a menu comes in pages", async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await kitchen.browse("2026-03-01", { cursor });
      assert.equal(page.day, "2026-03-01");
      names.push(...page.items.map((dish) => dish.code));
      cursor = page.next;
    } while (cursor !== undefined);
    assert.deepEqual(names, ["SO-01", "SO-02", "SO-03", "SO-04", "SO-05"]);
  });

  test("a dish is recursive, and keeps a course that nobody knows", async () => {
    const dish = await kitchen.getDish(SOUP);
    assert.equal(dish["x-serves"], 12);
    assert.equal(dish.side?.code, "BR-00");
    assert.equal(dish.side.side, undefined);
    assert.deepEqual(dish.remark, { deep: [null, true, -1.5, { "": "\u2028 \x7f </script>" }] });
    assert.equal((await kitchen.getDish(DishCode("NE-00"))).course, "flambé");
  });

  test("declared errors have their fields", async () => {
    await assert.rejects(kitchen.getDish(DishCode("XX-99")), (error) => {
      assert.ok(error instanceof DishUnknown);
      assert.equal(error.message, "there is no dish XX-99");
      assert.equal(error.fields.code, "XX-99");
      return true;
    });
    await assert.rejects(kitchen.order(1, { [SOUP]: 101 }), (error) => {
      assert.ok(error instanceof SoldOut);
      assert.deepEqual(error.fields, {
        "x-code": "SO-01",
        left: 7,
        back_at: "18:30:00",
        instead: [{ code: "SO-01", name: "Борщ", price: "9.50" }],
      });
      return true;
    });
  });

  test("an error of the service is every method's", async () => {
    await assert.rejects(kitchen.getDish(DishCode("CL-00")), (error) => {
      assert.ok(error instanceof KitchenClosed);
      assert.ok(error instanceof Unavailable);
      assert.equal(error.retryable, true);
      return true;
    });
  });

  test("what is not declared is not told", async () => {
    await assert.rejects(kitchen.phone("fire"), (error) => {
      assert.ok(error instanceof Internal);
      assert.equal(error.message, "Internal error");
      return true;
    });
  });

  test("dishes are added and changed", async () => {
    assert.deepEqual(await kitchen.addDish(DRAFT), { code: SOUP, ...DRAFT });
    const changed = await kitchen.changeDish(BREAD, { heat: null, name: "Brot" });
    assert.deepEqual([changed.code, changed.name, changed.heat], [BREAD, "Brot", undefined]);
    const tasting = { ...DRAFT, code: SOUP, position: 1, wine: null };
    assert.deepEqual(await kitchen.addTasting(tasting), tasting);
  });

  test("a ticket's id has 64 bits, and its lines are a map", async () => {
    const ticket = await kitchen.order(2 ** 53 - 1, { [SOUP]: 1 }, { guest: "\0'" });
    assert.equal(ticket.id, 2n ** 63n - 1n);
    assert.equal(ticket.table, 9007199254740991);
    assert.equal(ticket["guest's name"], "\0'");
    assert.equal(Object.getPrototypeOf(ticket.lines), null);
    assert.deepEqual({ ...ticket.lines }, { "SO-01": 1 });
    assert.equal(ticket.placed_at, "0001-01-01T12:00:00+09:00");
  });

  test("a result may be null", async () => {
    const key = "00000000-0000-0000-0000-00000000000";
    assert.equal(await kitchen.findTicket(`${key}0`), null);
    assert.equal((await kitchen.findTicket(`${key}1`))?.lines["BR-00"], 4294967295);
  });

  test("tickets come in pages by a cursor of 64 bits", async () => {
    const first = await kitchen.listTickets();
    assert.equal(first.last, 9223372036854775807n);
    const second = await kitchen.listTickets({ after: first.last });
    assert.deepEqual(second, { tickets: [], tables: [1, 2] });
  });

  test("events are told apart, those of tomorrow kept", async () => {
    assert.deepEqual(await kitchen.tell({ type: "eaten" }), { type: "eaten" });
    const placed = await kitchen.order(1, { [SOUP]: 1 });
    const told = await kitchen.tell({ type: "forgotten" });
    assert.deepEqual(told, {
      type: "blessed",
      value: { by: ["the chef", null] },
    });
    const earlier = [{ type: "placed", value: placed }] as const;
    const again = await kitchen.tell({ type: "eaten" }, { earlier: [...earlier] });
    assert.ok(again.type === "placed");
    assert.equal(again.value.id, 2n ** 63n - 1n);
  });

  test("a remark is any JSON, whatever its size", async () => {
    const remark = [0, -1.5, "", {}, 2n ** 63n, -(2n ** 70n), 2 ** 53 - 1, "\u00011234"];
    assert.deepEqual(await kitchen.remark(TicketId(1n), remark), [1, remark]);
    assert.deepEqual(await kitchen.remark(TicketId(2n ** 62n), null), [2n ** 62n, null]);
  });

  test("guests are seated who know the door's code", async () => {
    const guest = { name: "Ada", allergies: [] };
    assert.deepEqual(await kitchen.seat(guest, { door_code: "1234" }), guest);
    await assert.rejects(kitchen.seat(guest), (error) => {
      assert.ok(error instanceof NotYours);
      assert.equal(error.fields.role, "waiter");
      return true;
    });
  });

  test("keys of maps are plain keys", async () => {
    const devices = Object.fromEntries([
      ["__proto__", { kind: "unplugged" } as const],
      ["constructor", { kind: "hood", speed: 1.5 } as const],
      ["", { kind: "oven", degrees: -1, racks: 2 } as const],
    ]);
    const installed = await kitchen.install(devices);
    assert.deepEqual(Object.keys(installed).sort(), ["", "__proto__", "constructor"]);
    assert.deepEqual(installed["__proto__"], { kind: "unplugged" });
    assert.deepEqual(installed["constructor"], { kind: "hood", speed: 1.5 });
    assert.equal(installed["toString"], undefined);
  });

  test("instructions hold others", async () => {
    const instead = { type: "instead", value: { type: "do", value: "stir" } } as const;
    assert.deepEqual(await kitchen.cook([{ type: "together", value: [instead] }]), {
      type: "together",
      value: [instead],
    });
    assert.equal(await kitchen.cook([]), null);
  });

  test("generic types hold what they say", async () => {
    const left = { what: SOUP, weight: 0.5, from: "2026-01-01" };
    const part = { title: "b", entries: [left], parts: [] };
    const kept = await kitchen.keep(
      { title: "a", entries: [], parts: [part] },
      { head: { day: "2026-01-02", next: "n" } },
    );
    assert.equal(kept.title, "2026-01-02, n");
    assert.deepEqual(kept.parts[0]?.entries, [{ what: SOUP, weight: 0.5 }]);
  });

  test("a patch has three states", async () => {
    const { items } = await pantry.look();
    const supply = items[0];
    assert.ok(supply !== undefined);
    const change = { best_before: null, opened_by: "me" };
    assert.deepEqual(await kitchen.restock({ "999": { what: supply, weight: 1 } }, change), change);
    await assert.rejects(kitchen.restock({}, {}), (error) => {
      assert.ok(error instanceof ShelfEmpty);
      assert.equal(error.fields.shelf, 7);
      return true;
    });
  });

  test("a method may take and return nothing", async () => {
    await kitchen.ring();
    assert.equal(await kitchen.phone(""), true);
  });

  test("a number that JSON has no text for is not sent", async () => {
    const weight = Number.NaN;
    await assert.rejects(pantry.take(ShelfNumber(0), weight), (error) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.status, "invalid_argument");
      return true;
    });
  });

  test("shelves are maps of every kind of key", async () => {
    const shelves: Shelves = {
      crates: { "": "", ключ: "🗝", "1": "a" },
      labels: { "0": null, "999": "" },
      positions: { "-9007199254740991": [], "9007199254740991": ["left"] },
      sensors: { "00000000-0000-0000-0000-000000000007": 1.7976931348623157e308 },
      menu: { "1/2 main": [BREAD, SOUP], main: [] },
    };
    const arranged = await scullery.arrange(shelves);
    for (const [name, map] of Object.entries(arranged)) {
      assert.equal(Object.getPrototypeOf(map), null);
      assert.deepEqual({ ...map }, shelves[name as keyof Shelves]);
    }
  });

  test("the sink counts to 64 bits, and its note has three states", async () => {
    const sink: Sink = {
      litres: 2n ** 64n - 1n,
      plates: 2n ** 63n - 1n,
      drift: -5,
      taps: [false, true],
      cleaned: ["0001-01-01", "9999-12-31"],
    };
    assert.deepEqual(await scullery.use(sink), sink);
    assert.deepEqual(await scullery.use({ ...sink, note: null }), { ...sink, note: null });
    assert.deepEqual(await scullery.use({ ...sink, litres: 0n }), { ...sink, litres: 0n });
    await assert.rejects(scullery.use({ ...sink, plates: -1n }), SinkBlocked);
    assert.deepEqual(await scullery.change({ origin: null }), { origin: null });
  });

  test("the pantry is another package's", async () => {
    const { items, next } = await pantry.look();
    assert.equal(items[0]?.cost.currency, "CHF");
    const second = await pantry.look({ cursor: next });
    assert.equal(second.items[0]?.opened_by, null);
    assert.equal((await pantry.take(ShelfNumber(0), 2.5)).weight, 2.5);
    const movement: Movement = { type: "cooked", value: await kitchen.getDish(SOUP) };
    assert.deepEqual(await pantry.move(movement), movement);
  });

  test("events are streamed, those of tomorrow kept, until an error ends them", async () => {
    const blessed = { type: "blessed", value: { by: ["the chef", null] } };
    const events: unknown[] = [];
    for await (const event of kitchen.watchTickets()) {
      events.push(event);
    }
    assert.deepEqual(events, [{ type: "forgotten" }, blessed]);
    await assert.rejects(async () => {
      for await (const event of kitchen.watchTickets({ table: 13 })) {
        events.push(event);
      }
    }, KitchenClosed);
    assert.equal(events.length, 4);
  });

  test("a stream may be left", async () => {
    for await (const event of kitchen.watchTickets()) {
      assert.equal(event.type, "forgotten");
      break;
    }
    await kitchen.ring();
  });
}
