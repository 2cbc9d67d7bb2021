import assert from "node:assert/strict";
import { test } from "node:test";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient, TicketId } from "./generated/kitchen_sink/index.js";
import { UserServiceClient } from "./generated/user/index.js";

const transport = idl.http(process.env["URL"] ?? "");
const DAY = "2026-03-01";

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

interface Answering {
  users: UserServiceClient;
  /** The params of each call. */
  asked: { cursor?: string; limit?: number }[];
}

/** Return a client whose calls are answered with these, or fail with 503 for `null`. */
function answering(...answers: (object | null)[]): Answering {
  const asked: Answering["asked"] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const { id, params } = JSON.parse(String(init?.body)) as {
      id: number;
      params: Answering["asked"][number];
    };
    const result = answers[asked.push(params) - 1];
    if (result === null || result === undefined) {
      return new Response("", { status: 503 });
    }
    const headers = { "content-type": "application/json" };
    return new Response(JSON.stringify({ jsonrpc: "2.0", result, id }), { headers });
  };
  const users = new UserServiceClient(idl.http("/rpc", { fetch }), { retries: 0 });
  return { users, asked };
}

function page(next: string | null | undefined, ...ids: number[]): object {
  return { items: ids.map((value) => ({ type: "deleted", value })), next };
}

test("the items of all pages of a server come one after the other", async () => {
  const kitchen = new KitchenClient(transport);
  const whole = await collected(kitchen.iterBrowse(DAY));
  const first = await kitchen.browse(DAY);
  assert.ok(first.next !== undefined && whole.length > first.items.length);
  assert.deepEqual(whole.slice(0, first.items.length), first.items);
  const codes = whole.map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
});

test("pages come with all that is on them", async () => {
  const pages = await collected(new KitchenClient(transport).iterBrowse(DAY).pages());
  assert.ok(pages.length > 1);
  assert.ok(pages.every(({ day }) => day === DAY));
  assert.equal(pages.at(-1)?.next, undefined);
});

test("cursors may be integers of 64 bits, and members be called otherwise", async () => {
  const tickets = await collected(new KitchenClient(transport).iterListTickets());
  assert.deepEqual(tickets.map(({ id }) => id), [2n ** 63n - 1n]);
  const after = TicketId(2n ** 63n - 1n);
  assert.deepEqual(await collected(new KitchenClient(transport).iterListTickets({ after })), []);
});

test("params go with each page, and a page is asked for when it is wanted", async () => {
  const { users, asked } = answering(page("a", 1, 2), page("b"), page(null, 3));
  const events = users.iterListEvents({ limit: 2 });
  assert.equal(asked.length, 0);
  const values: unknown[] = [];
  for await (const event of events) {
    values.push([event.value, asked.length]);
  }
  assert.deepEqual(values, [[1, 1], [2, 1], [3, 3]]);
  assert.deepEqual(asked, [{ limit: 2 }, { cursor: "a", limit: 2 }, { cursor: "b", limit: 2 }]);
  assert.deepEqual(await events.next(), { done: true, value: undefined });
  assert.equal(asked.length, 3);
});

test("who stops has not asked for the rest, and may go on", async () => {
  const { users, asked } = answering(page("a", 1, 2), page(undefined, 3));
  const events = users.iterListEvents();
  for await (const event of events) {
    assert.equal(event.value, 1);
    break;
  }
  assert.equal(asked.length, 1);
  assert.deepEqual((await collected(events)).map(({ value }) => value), [2, 3]);
});

test("pages are those that were not asked for yet", async () => {
  const { users, asked } = answering(page("a", 1, 2), page(undefined, 3));
  const events = users.iterListEvents();
  await events.next();
  const pages = await collected(events.pages());
  assert.deepEqual(pages.map(({ items }) => items.length), [1]);
  assert.equal(asked.length, 2);
  assert.deepEqual((await collected(events)).map(({ value }) => value), [2]);
});

test("after an error the same page is asked for again", async () => {
  const { users, asked } = answering(page("a", 1), null, page(undefined, 2));
  const events = users.iterListEvents();
  await events.next();
  await assert.rejects(events.next(), idl.Unavailable);
  const { value } = await events.next();
  assert.equal(value?.value, 2);
  assert.deepEqual(asked.map(({ cursor }) => cursor), [undefined, "a", "a"]);
  assert.equal((await events.next()).done, true);
});

test("a cursor that comes twice would never end", async () => {
  const { users, asked } = answering(page("a", 1), page("b", 2), page("a", 3), page("b", 4));
  const events = users.iterListEvents();
  const seen: unknown[] = [];
  const reading = async (): Promise<void> => {
    for await (const event of events) {
      seen.push(event.value);
    }
  };
  await assert.rejects(reading, {
    name: "Internal",
    message:
      "user.UserService.listEvents gave the cursor of an earlier page again: its pages " +
      "would never end",
  });
  await assert.rejects(events.next(), idl.Internal);
  assert.deepEqual([seen, asked.length], [[1, 2, 3], 3]);
  const same = answering(page("x", 1), page(undefined, 2));
  await assert.rejects(collected(same.users.iterListEvents({ cursor: "x" })), idl.Internal);
  assert.equal(same.asked.length, 1);
});

test("what is no page is Internal", async () => {
  for (const answer of [{}, { items: 5 }, [], "x"]) {
    await assert.rejects(answering(answer as object).users.iterListEvents().next(), idl.Internal);
  }
});

test("options are those of each call, and a key is one call's", async () => {
  const { users } = answering(page(undefined, 1));
  const wrong = { idempotencyKey: "k" } as idl.CallOptions as idl.PageOptions;
  assert.throws(() => users.iterListEvents({}, wrong), TypeError);
  const signal = AbortSignal.abort();
  await assert.rejects(users.iterListEvents({}, { signal }).next(), idl.Cancelled);
  assert.equal((await users.iterListEvents().next()).done, false);
});
