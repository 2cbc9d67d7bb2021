import assert from "node:assert/strict";
import { after, test } from "node:test";

import { WebSocket } from "ws";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient } from "./generated/kitchen_sink/index.js";

const url = (process.env["URL"] ?? "").replace("http:", "ws:");
const shared = idl.webSocket(url, { WebSocket });
const kitchen = new KitchenClient(shared);
after(() => shared.close());

/** Yield the numbers below `count`, and note how far it came and that it ended. */
async function* counted(count: number, seen: { last: number; ended: boolean }) {
  try {
    for (let number = 0; number < count; number++) {
      seen.last = number;
      yield `${number}`;
    }
  } finally {
    seen.ended = true;
  }
}

test("what a caller streams is added up, whatever gives it", async () => {
  assert.deepEqual(await kitchen.weigh([1.5, 2], { tare: 0.5 }), {
    what: "portions",
    weight: 3,
  });
  async function* portions(): AsyncGenerator<number> {
    yield 0.25;
    yield 0.25;
  }
  assert.equal((await kitchen.weigh(portions())).weight, 0.5);
  assert.equal((await kitchen.weigh([])).weight, 0);
});

test("streams go both ways, beyond what credit there is at first", async () => {
  const seen = { last: -1, ended: false };
  const answers: string[] = [];
  for await (const word of kitchen.talk(counted(500, seen))) {
    answers.push(word);
  }
  assert.equal(answers.length, 500);
  assert.equal(answers[123], "321");
  assert.deepEqual(seen, { last: 499, ended: true });
});

test("large items go one after another", async () => {
  const large = "x".repeat(1_500_000);
  let size = 0;
  for await (const word of kitchen.talk([large, large, large])) {
    size += word.length;
  }
  assert.equal(size, 4_500_000);
});

test("calls share the connection with streams, in any order", async () => {
  const words = kitchen.talk(counted(100, { last: 0, ended: false }));
  const [ring, weighed, talked] = await Promise.all([
    kitchen.phone(""),
    kitchen.weigh([1]),
    collected(words),
  ]);
  assert.deepEqual([ring, weighed.weight, talked.length], [true, 1, 100]);
});

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

test("an item that JSON has no text for ends the call, and is not sent", async () => {
  await assert.rejects(kitchen.weigh([1, Number.NaN]), idl.InvalidArgument);
  assert.equal(await kitchen.phone(""), true);
});

test("what the caller's stream throws is what the call throws", async () => {
  const fault = new Error("the scales are broken");
  async function* portions(): AsyncGenerator<number> {
    yield 1;
    throw fault;
  }
  await assert.rejects(kitchen.weigh(portions()), fault);
  assert.equal(await kitchen.phone(""), true);
});

test("an item that the server refuses ends the call", async () => {
  await assert.rejects(kitchen.weigh([1, -1]), { status: "invalid_argument" });
});

test("a stream is not taken over HTTP", async () => {
  const over = new KitchenClient(idl.http(url.replace("ws:", "http:")));
  await assert.rejects(over.weigh([1]), idl.Unimplemented);
});

test("deadlines and signals end streams, and their callers' streams", async () => {
  async function* endless(seen: { ended: boolean }): AsyncGenerator<string> {
    try {
      for (;;) {
        yield "x";
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } finally {
      seen.ended = true;
    }
  }
  const seen = { ended: false };
  await assert.rejects(
    collected(kitchen.talk(endless(seen), { timeout: 100 })),
    idl.DeadlineExceeded,
  );
  const controller = new AbortController();
  const cause = new Error("enough");
  await assert.rejects(
    async () => {
      for await (const word of kitchen.talk(endless(seen), controller)) {
        assert.equal(word, "x");
        controller.abort(cause);
      }
    },
    (error) => error instanceof idl.Cancelled && error.cause === cause,
  );
  assert.equal(await kitchen.phone(""), true);
});

test("a connection that was closed is opened anew", async () => {
  const transport = idl.webSocket(url, { WebSocket });
  const client = new KitchenClient(transport);
  await client.ring();
  transport.close();
  await client.ring();
  transport.close();
});
