import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { http, ResourceExhausted, Unavailable } from "./generated/_idlgen/index.js";
import type { ClientOptions } from "./generated/_idlgen/index.js";
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
