import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import {
  Calls,
  http,
  ResourceExhausted,
  stream,
  Unavailable,
} from "./generated/_idlgen/index.js";
import type {
  CallOptions,
  ClientOptions,
  Method,
  Transport,
} from "./generated/_idlgen/index.js";
import { UserServiceClient } from "./generated/user/index.js";

const ADA = { name: "Ada", email: "ada@example.com", roles: [] };
const ANSWER = '{"jsonrpc":"2.0","result":true,"id":';

interface Failing {
  users: UserServiceClient;
  /** What was sent: the headers of each attempt. */
  sent: Headers[];
}

/** Return a client whose calls fail with `failures` first, then succeed. */
function failing(failures: (() => Response)[], options?: ClientOptions): Failing {
  const sent: Headers[] = [];
  const left = [...failures];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push(new Headers(init?.headers));
    const { id } = JSON.parse(String(init?.body)) as { id: number };
    const headers = { "content-type": "application/json" };
    return left.shift()?.() ?? new Response(`${ANSWER}${id}}`, { headers });
  };
  return { users: new UserServiceClient(http("/rpc", { fetch }), options), sent };
}

const broken = (): never => {
  throw new TypeError("no network");
};

function refused(status: number, headers: Record<string, string> = {}): () => Response {
  return () => new Response("", { status, headers });
}

function failed(code: number, fields: object): () => Response {
  const error = { code, message: "m", data: { fields } };
  const body = JSON.stringify({ jsonrpc: "2.0", error, id: 1 });
  return () => new Response(body, { headers: { "content-type": "application/json" } });
}

// What is drawn for a pause is none.
beforeEach(() => {
  mock.restoreAll();
  mock.method(Math, "random", () => 0);
});

test("what may be repeated is, twice unless somebody says otherwise", async () => {
  const cases: [number, ClientOptions | undefined, { retries?: number } | undefined][] = [
    [3, undefined, undefined],
    [1, { retries: 0 }, undefined],
    [2, { retries: 0 }, { retries: 1 }],
    [4, undefined, { retries: 3 }],
  ];
  for (const [attempts, client, call] of cases) {
    const { users, sent } = failing(Array(9).fill(broken), client);
    await assert.rejects(users.deleteUser(1, call), Unavailable);
    assert.equal(sent.length, attempts);
    const succeeding = failing(Array(attempts - 1).fill(refused(503)), client);
    assert.equal(await succeeding.users.deleteUser(1, call), true);
    assert.equal(succeeding.sent.length, attempts);
  }
  for (const retries of [-1, 1.5, Number.NaN]) {
    await assert.rejects(failing([]).users.deleteUser(1, { retries }), RangeError);
  }
});

test("what may do harm when it is repeated is not", async () => {
  const { users, sent } = failing([broken, broken]);
  await assert.rejects(users.createUser(ADA), Unavailable);
  assert.equal(sent.length, 1);
});

test("a call with a key may be repeated, with the same key", async () => {
  const { users, sent } = failing([broken, broken]);
  await users.createUser(ADA, { idempotencyKey: "k" });
  assert.deepEqual(sent.map((headers) => headers.get("idempotency-key")), ["k", "k", "k"]);
});

test("errors that trying again does not mend are thrown at once", async () => {
  const { users, sent } = failing([refused(429), refused(500)]);
  await assert.rejects(users.deleteUser(1), ResourceExhausted);
  await assert.rejects(users.deleteUser(1));
  assert.equal(sent.length, 2);
});

test("what an error asks for is waited", async () => {
  const cases: [() => Response, number][] = [
    [refused(429, { "retry-after": "2" }), 2_000],
    [failed(-32008, { retry_after: "PT2.5S" }), 2_500],
    [failed(-32008, { retry_after: "P1DT2H3M4S" }), 93_784_000],
    [failed(-32008, { retry_after: 3 }), 3_000],
  ];
  for (const [failure, pause] of cases) {
    const waited: number[] = [];
    const { setTimeout } = globalThis;
    const timers = mock.method(globalThis, "setTimeout", (run: () => void, time: number) => {
      waited.push(time);
      return setTimeout(run, 0);
    });
    const { users, sent } = failing([failure]);
    assert.equal(await users.deleteUser(1, { timeout: Infinity }), true);
    assert.equal(sent.length, 2);
    assert.deepEqual(waited, [pause]);
    timers.mock.restore();
  }
});

test("nothing is repeated past the deadline", async () => {
  const asking = refused(503, { "retry-after": "1" });
  const { users, sent } = failing([asking]);
  await assert.rejects(users.deleteUser(1, { timeout: 900 }), Unavailable);
  assert.equal(sent.length, 1);
});

test("an attempt is told the time that is left", async () => {
  mock.restoreAll();
  mock.method(Math, "random", () => 0.5);
  const { users, sent } = failing([broken]);
  await users.deleteUser(1, { timeout: 10_000 });
  const [first, second] = sent.map((headers) => Number(headers.get("idlgen-timeout-ms")));
  assert.equal(first, 10_000);
  assert.ok(second !== undefined && second <= 9_901 && second > 0, String(second));
});

test("a server that fails is soon left alone", async () => {
  const { users, sent } = failing(Array(99).fill(broken));
  for (let call = 0; call < 9; call++) {
    await assert.rejects(users.deleteUser(1, { retries: 1 }), Unavailable);
  }
  // Four failures of two calls leave six of ten tokens, and the fifth leaves too few.
  assert.equal(sent.length, 9 + 2);
});

test("a signal ends the pause", async () => {
  mock.restoreAll();
  const controller = new AbortController();
  const fetch = async (): Promise<Response> => {
    // The pause begins after this answer.
    setTimeout(() => controller.abort(), 0);
    return new Response("", { status: 503, headers: { "retry-after": "30" } });
  };
  const users = new UserServiceClient(http("/rpc", { fetch }));
  await assert.rejects(users.deleteUser(1, { signal: controller.signal }), {
    name: "Cancelled",
  });
});

// Streams: methods of `user.yaml` have none, and those of the kitchen may not be repeated.
const WATCH: Method = { name: "p.S.watch", idempotent: true };

/** Return calls that are answered by these, and the headers of each attempt. */
function streaming(...answers: ((id: number) => Response)[]): [Calls, Headers[]] {
  const sent: Headers[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const answer = answers[sent.push(new Headers(init?.headers)) - 1] ?? broken;
    return answer((JSON.parse(String(init?.body)) as { id: number }).id);
  };
  return [new Calls(http("/rpc", { fetch })), sent];
}

/** Return a response that streams these items, and its end unless it is cut off. */
function streamed(items: number[], end: "end" | "cut" = "end"): (id: number) => Response {
  return (id) => {
    const messages = items.map(
      (item) => `{"jsonrpc":"2.0","method":"$/item","params":{"id":${id},"item":${item}}}`,
    );
    const all = end === "end" ? [...messages, `${ANSWER}${id}}`] : messages;
    const body = all.map((message) => `data: ${message}\n\n`).join("");
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

test("a stream is opened again until something has come", async () => {
  for (const failure of [broken, refused(503), streamed([], "cut")]) {
    const [calls, sent] = streaming(failure, failure, streamed([1, 2]));
    assert.deepEqual(await collected(stream(calls, WATCH, {}, undefined)), [1, 2]);
    assert.equal(sent.length, 3);
  }
  const [calls, sent] = streaming();
  await assert.rejects(collected(stream(calls, WATCH, {}, { retries: 1 })), Unavailable);
  assert.equal(sent.length, 2);
});

test("a stream that breaks off is not taken up again", async () => {
  const [calls, sent] = streaming(streamed([1], "cut"), streamed([1, 2]));
  const items = stream(calls, WATCH, {}, undefined);
  assert.deepEqual(await items.next(), { done: false, value: 1 });
  await assert.rejects(items.next(), Unavailable);
  assert.equal(sent.length, 1);
});

test("a stream that may do harm when it is opened again is not, with a key neither", async () => {
  const once: Method = { name: "p.S.watch" };
  const cases: [Method, CallOptions | undefined, Iterable<number> | undefined][] = [
    [once, undefined, undefined],
    [once, { idempotencyKey: "k" }, undefined],
    [WATCH, undefined, [1]],
  ];
  for (const [method, options, items] of cases) {
    let opened = 0;
    const transport: Transport = {
      unary: () => Promise.reject(new Error("it is a stream")),
      async *stream() {
        opened += 1;
        throw new Unavailable("gone");
      },
    };
    const calls = new Calls(transport);
    await assert.rejects(collected(stream(calls, method, {}, options, items)), Unavailable);
    assert.equal(opened, 1);
  }
});

test("an error that opens no stream is thrown at once where it says nothing of later", async () => {
  const [calls, sent] = streaming(refused(429), streamed([1]));
  await assert.rejects(collected(stream(calls, WATCH, {}, undefined)), ResourceExhausted);
  assert.equal(sent.length, 1);
});

test("an attempt to open a stream is told the time that is left", async () => {
  mock.restoreAll();
  mock.method(Math, "random", () => 0.5);
  const [calls, sent] = streaming(broken, streamed([]));
  await collected(stream(calls, WATCH, {}, { timeout: 10_000 }));
  const [first, second] = sent.map((headers) => Number(headers.get("idlgen-timeout-ms")));
  assert.equal(first, 10_000);
  assert.ok(second !== undefined && second <= 9_901 && second > 0, String(second));
});
