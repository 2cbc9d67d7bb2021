import assert from "node:assert/strict";
import { test } from "node:test";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient } from "./generated/kitchen_sink/index.js";
import { validation } from "./generated/kitchen_sink/validation.js";

interface Sent {
  url: string;
  headers: Headers;
  calls: { id: number; meta?: { authorization?: string; headers?: object } }[];
}

/** Return a transport whose first `failures` requests fail, and what it is sent. */
function noted(failures = 0, headers?: Record<string, string>): [idl.BatchTransport, Sent[]] {
  const sent: Sent[] = [];
  const answer = ({ id }: { id: number }): object => ({ jsonrpc: "2.0", result: null, id });
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const body = JSON.parse(String(init?.body)) as Sent["calls"] | Sent["calls"][0];
    const calls = Array.isArray(body) ? body : [body];
    sent.push({ url: String(url), headers: new Headers(init?.headers), calls });
    if (sent.length <= failures) {
      return new Response("", { status: 503 });
    }
    const answers = calls.map(answer);
    const text = JSON.stringify(Array.isArray(body) ? answers : answers[0]);
    return new Response(text, { headers: { "content-type": "application/json" } });
  };
  return [idl.http("/rpc", { fetch, headers }), sent];
}

function shown({ headers }: Sent): (string | null)[] {
  return [headers.get("authorization"), headers.get("x-api-key")];
}

test("each method is shown what it asks for, and no other", async () => {
  const [transport, sent] = noted();
  const kitchen = new KitchenClient(transport, { token: "t-1", apiKey: "k-1" });
  await kitchen.findTicket("x");
  await kitchen.order(1, {});
  await kitchen.browse("2026-03-01");
  await kitchen.watchTickets()[Symbol.asyncIterator]().next();
  assert.deepEqual(sent.map(shown), [
    ["Bearer t-1", null],
    [null, "k-1"],
    [null, null],
    ["Bearer t-1", null],
  ]);
  assert.ok(sent.every(({ url }) => url === "/rpc"));
});

test("a client without credentials shows none", async () => {
  const [transport, sent] = noted();
  await new KitchenClient(transport, { token: undefined }).findTicket("x");
  await new KitchenClient(transport, { apiKey: "k" }).findTicket("x");
  assert.deepEqual(sent.map(shown), [[null, null], [null, null]]);
});

test("what a client or a call sets as a header wins, and nobody is asked", async () => {
  const token = (): never => assert.fail("it was asked for");
  const own = { Authorization: "Custom x" };
  const [transport, sent] = noted(0, { authorization: "transport's" });
  await new KitchenClient(transport, { token, headers: own }).findTicket("x");
  await new KitchenClient(transport, { token }).findTicket("x", { headers: own });
  await new KitchenClient(transport, { token: "t" }).findTicket("x");
  assert.deepEqual(
    sent.map(({ headers }) => headers.get("authorization")),
    ["Custom x", "Custom x", "Bearer t"],
  );
});

test("a function is asked before each attempt, and may be async", async () => {
  for (const wait of [false, true]) {
    let asked = 0;
    const token = (): string | Promise<string> => {
      asked += 1;
      return wait ? Promise.resolve(`t-${asked}`) : `t-${asked}`;
    };
    const [transport, sent] = noted(1);
    await new KitchenClient(transport, { token }).findTicket("x");
    assert.deepEqual(sent.map((each) => shown(each)[0]), ["Bearer t-1", "Bearer t-2"]);
  }
});

test("a call waits for a token no longer than it may last", async () => {
  const [transport, sent] = noted();
  const token = (): Promise<string> => new Promise(() => undefined);
  const kitchen = new KitchenClient(transport, { token });
  await assert.rejects(kitchen.findTicket("x", { timeout: 30 }), idl.DeadlineExceeded);
  const events = kitchen.watchTickets({}, { timeout: 30 })[Symbol.asyncIterator]();
  await assert.rejects(events.next(), idl.DeadlineExceeded);
  const controller = new AbortController();
  const given = kitchen.findTicket("x", { signal: controller.signal });
  controller.abort();
  await assert.rejects(given, idl.Cancelled);
  assert.equal(sent.length, 0);
});

test("the time that it took to get a token is the call's", async () => {
  const [transport, sent] = noted();
  const token = async (): Promise<string> => {
    const begun = performance.now();
    while (performance.now() < begun + 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return "t";
  };
  await new KitchenClient(transport, { token }).findTicket("x", { timeout: 10_000 });
  const left = Number(sent[0]?.headers.get("idlgen-timeout-ms"));
  assert.ok(left > 0 && left <= 9_998, String(left));
});

test("what a function throws is thrown, and nothing is sent", async () => {
  const fault = new Error("the keyring is locked");
  const [transport, sent] = noted();
  const sync = (): never => {
    throw fault;
  };
  for (const token of [sync, () => Promise.reject(fault)]) {
    await assert.rejects(new KitchenClient(transport, { token }).findTicket("x"), fault);
  }
  assert.equal(sent.length, 0);
});

test("what is no token is refused, and not shown", async () => {
  const [transport, sent] = noted();
  const hides = (error: unknown): boolean =>
    error instanceof TypeError && !error.message.includes("secret");
  for (const token of ["", "Bearer secret", "secret,x", "secret\n", "sécret"]) {
    assert.throws(() => new KitchenClient(transport, { token }), hides);
    assert.throws(() => new KitchenClient(transport, { apiKey: token }), hides);
    await assert.rejects(
      new KitchenClient(transport, { token: () => token }).findTicket("x"),
      hides,
    );
  }
  assert.equal(sent.length, 0);
});

test("credentials go with checked calls", async () => {
  const [transport, sent] = noted();
  const checked = idl.validated(transport, validation);
  await new KitchenClient(checked, { token: "t" }).findTicket("x");
  assert.deepEqual(sent.map(shown), [["Bearer t", null]]);
});

test("a batch asks each function once, whenever it is sent", async () => {
  const [transport, sent] = noted(1);
  const together = new idl.Batch(transport);
  let asked = 0;
  const token = async (): Promise<string> => `t-${(asked += 1)}`;
  const kitchen = new KitchenClient(together, { token, apiKey: "k" });
  const checked = new KitchenClient(idl.validated(together, validation), { token });
  const calls = [
    together.add(kitchen.findTicket("x")),
    together.add(checked.findTicket("y")),
    together.add(kitchen.browse("2026-03-01", {}, { idempotencyKey: "i" })),
  ];
  await together.send();
  await Promise.all(calls);
  const authorizations = sent.map(({ calls }) => calls.map(({ meta }) => meta?.authorization));
  assert.deepEqual(authorizations, [
    ["Bearer t-1", "Bearer t-1", undefined],
    ["Bearer t-2", "Bearer t-2", undefined],
  ]);
  assert.ok(sent.every((each) => shown(each)[0] === null));
});

test("a call of a batch that no token can be had for fails alone", async () => {
  const [transport, sent] = noted();
  const together = new idl.Batch(transport);
  const fault = new Error("the keyring is locked");
  const locked = new KitchenClient(together, { token: () => Promise.reject(fault) });
  const open = new KitchenClient(together, { token: "t", apiKey: "k" });
  const failed = together.add(locked.findTicket("x"));
  const found = together.add(open.findTicket("x"));
  const ordered = together.add(open.order(1, {}));
  await together.send();
  await assert.rejects(failed, fault);
  assert.deepEqual([await found, await ordered], [null, null]);
  const metas = sent.map(({ calls }) => calls.map(({ meta }) => meta));
  const [first, second] = metas[0] ?? [];
  assert.equal(first?.authorization, "Bearer t");
  assert.deepEqual(second?.headers, { "x-api-key": "k" });
  assert.equal(metas.length, 1);
});

test("a batch waits for a token no longer than the call that needs it", async () => {
  const token = (): Promise<string> => new Promise(() => undefined);
  for (const others of [false, true]) {
    const [transport, sent] = noted();
    const together = new idl.Batch(transport);
    const stuck = new KitchenClient(together, { token });
    const given = together.add(stuck.findTicket("x", { timeout: 30 }));
    const known = new KitchenClient(together, { token: "t" });
    const found = others ? together.add(known.findTicket("y")) : null;
    await together.send();
    await assert.rejects(given, idl.DeadlineExceeded);
    assert.equal(await found, null);
    assert.deepEqual(sent.map(({ calls }) => calls.length), others ? [1] : []);
  }
});
