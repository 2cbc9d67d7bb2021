import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { WebSocket } from "ws";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient, KitchenClosed, DishCode } from "./generated/kitchen_sink/index.js";
import { UserNotFound, UserServiceClient } from "./generated/user/index.js";

const url = process.env["URL"] ?? "";
// The schemas may leave less time than a busy machine takes.
const PATIENT = { timeout: 60_000 };
const socket = idl.webSocket(url.replace("http:", "ws:"), { WebSocket });
after(() => socket.close());

describe("over HTTP", () => batchesOver(idl.http(url)));
describe("over a WebSocket", () => batchesOver(socket));

function batchesOver(transport: idl.BatchTransport): void {
  test("each call of a batch has its own result or error", async () => {
    const together = new idl.Batch(transport);
    const users = new UserServiceClient(together, PATIENT);
    const kitchen = new KitchenClient(together, PATIENT);
    const found = together.add(users.getUserById(1));
    const missing = together.add(users.getUserById(404));
    const ticket = together.add(kitchen.order(1, { [DishCode("SO-01")]: 1 }));
    const closed = together.add(kitchen.getDish(DishCode("CL-00")));
    const wrong = together.add(kitchen.remark(1n as never, Number.NaN));
    await together.send();
    assert.equal((await found).name, "홍길동");
    await assert.rejects(missing, UserNotFound);
    assert.equal((await ticket).id, 2n ** 63n - 1n);
    // It would be repeated on its own.
    await assert.rejects(closed, KitchenClosed);
    await assert.rejects(wrong, idl.InvalidArgument);
  });

  test("a batch is sent once, and may be empty", async () => {
    const together = new idl.Batch(transport);
    await together.send();
    const users = new UserServiceClient(together);
    await assert.rejects(users.getUserById(1), TypeError);
  });

  test("a call that was given up does not go along", async () => {
    const together = new idl.Batch(transport);
    const users = new UserServiceClient(together, PATIENT);
    const controller = new AbortController();
    const given = together.add(users.getUserById(1, { signal: controller.signal }));
    const kept = together.add(users.getUserById(1));
    controller.abort();
    await together.send();
    await assert.rejects(given, idl.Cancelled);
    assert.equal((await kept).id, 1);
  });

  test("streams do not go along", async () => {
    const kitchen = new KitchenClient(new idl.Batch(transport));
    const [event] = [kitchen.watchTickets()[Symbol.asyncIterator]().next()];
    await assert.rejects(event, idl.Unimplemented);
  });
}

interface Exchanged {
  body: string;
  headers: Headers;
}

/** Return a transport that answers every batch with this text, and what it was sent. */
function answered(text: string, status = 200): [idl.BatchTransport, Exchanged[]] {
  const sent: Exchanged[] = [];
  const headers = { "content-type": "application/json" };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push({ body: String(init?.body), headers: new Headers(init?.headers) });
    return new Response(text, { status, headers });
  };
  return [idl.http("/rpc", { fetch }), sent];
}

/** Return what becomes of two calls of one batch. */
async function two(
  transport: idl.BatchTransport,
  retries = 0,
): Promise<PromiseSettledResult<boolean>[]> {
  const together = new idl.Batch(transport);
  const users = new UserServiceClient(together, { headers: { "x-a": "b" }, retries });
  const first = together.add(users.deleteUser(1, { timeout: 5_000 }));
  const second = together.add(users.deleteUser(2, { timeout: Infinity }));
  await together.send();
  return Promise.allSettled([first, second]);
}

test("a batch is one message, each call with its own meta", async () => {
  const [transport, sent] = answered(
    '[{"jsonrpc":"2.0","result":true,"id":2},{"jsonrpc":"2.0","result":false,"id":1}]',
  );
  const results = await two(transport);
  assert.deepEqual(results.map((each) => each.status === "fulfilled" && each.value), [false, true]);
  const [exchanged, ...others] = sent;
  assert.equal(others.length, 0);
  const call = { jsonrpc: "2.0", method: "user.UserService.deleteUser" };
  const meta = { headers: { "x-a": "b" } };
  assert.deepEqual(JSON.parse(exchanged?.body ?? ""), [
    { ...call, params: { id: 1 }, id: 1, meta: { ...meta, timeout_ms: 5_000 } },
    { ...call, params: { id: 2 }, id: 2, meta },
  ]);
  assert.equal(exchanged?.headers.get("idlgen-timeout-ms"), null);
});

test("what refuses a batch as a whole refuses each of its calls", async () => {
  const error = '{"code":-32600,"message":"A batch has at most 1 requests"}';
  const cases: [string, number, idl.Status][] = [
    [`{"jsonrpc":"2.0","error":${error},"id":null}`, 200, "invalid_argument"],
    ["", 503, "unavailable"],
    [`{"jsonrpc":"2.0","error":${error},"id":null}`, 503, "invalid_argument"],
    ["{", 200, "internal"],
    ["{}", 200, "internal"],
    ["[]", 200, "internal"],
    ['[{"jsonrpc":"2.0","result":1,"id":7}]', 200, "internal"],
  ];
  for (const [text, status, wanted] of cases) {
    const [transport, sent] = answered(text, status);
    for (const each of await two(transport)) {
      assert.ok(each.status === "rejected" && each.reason instanceof idl.RpcError);
      assert.equal(each.reason.status, wanted, text);
    }
    assert.equal(sent.length, 1);
  }
});

const BOTH =
  '[{"jsonrpc":"2.0","result":true,"id":3},{"jsonrpc":"2.0","result":false,"id":4}]';

/** Return a transport of whose requests the first fail, and the bodies of all. */
function failing(...failures: (() => Response)[]): [idl.BatchTransport, string[]] {
  const bodies: string[] = [];
  const headers = { "content-type": "application/json" };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const failure = failures[bodies.push(String(init?.body)) - 1];
    return failure === undefined ? new Response(BOTH, { headers }) : failure();
  };
  return [idl.http("/rpc", { fetch }), bodies];
}

const gone = (): never => {
  throw new TypeError("no network");
};
const busy = (): Response => new Response("", { status: 503 });
const busyToo = (): Response => {
  const error = { code: -32014, message: "busy" };
  const headers = { "content-type": "application/json" };
  return new Response(JSON.stringify({ jsonrpc: "2.0", error, id: null }), { headers });
};

test("a batch that fails as a whole is repeated as a whole", async () => {
  for (const failure of [gone, busy, busyToo]) {
    const [transport, bodies] = failing(failure);
    const results = await two(transport, 2);
    assert.deepEqual(results.map((each) => each.status === "fulfilled" && each.value), [true, false]);
    assert.equal(bodies.length, 2);
  }
  const [transport, bodies] = failing(gone, gone, gone, gone);
  const results = await two(transport, 2);
  assert.ok(results.every((each) => each.status === "rejected"));
  assert.equal(bodies.length, 3);
});

test("a batch is repeated no more often than each of its calls may be", async () => {
  const cases: [(users: UserServiceClient) => Promise<unknown>, number][] = [
    [(users) => users.deleteUser(1, { retries: 1 }), 2],
    [(users) => users.createUser({ name: "", email: "", roles: [] }), 1],
    [(users) => users.createUser({ name: "", email: "", roles: [] }, { idempotencyKey: "k" }), 3],
  ];
  for (const [call, attempts] of cases) {
    const [transport, bodies] = failing(gone, gone, gone, gone);
    const together = new idl.Batch(transport);
    const users = new UserServiceClient(together);
    const first = together.add(call(users));
    const second = together.add(users.deleteUser(2));
    await together.send();
    await assert.rejects(first, idl.Unavailable);
    await assert.rejects(second, idl.Unavailable);
    assert.equal(bodies.length, attempts);
  }
});

test("a call that is given up meanwhile is not repeated, and the others have less time", async () => {
  const controller = new AbortController();
  const [transport, bodies] = failing(() => {
    controller.abort();
    // So long that it shows in what is left.
    return new Response("", { status: 503, headers: { "retry-after": "1" } });
  });
  const together = new idl.Batch(transport);
  const users = new UserServiceClient(together);
  const given = together.add(users.deleteUser(1, { signal: controller.signal }));
  const kept = together.add(users.deleteUser(2, { timeout: 20_000 }));
  await together.send();
  await assert.rejects(given, idl.Cancelled);
  assert.equal(await kept, true);
  const [first, second] = bodies.map((body) => {
    const calls = JSON.parse(body) as { params: object; meta: { timeout_ms: number } }[];
    return calls.map(({ params, meta }) => ({ params, left: meta.timeout_ms }));
  });
  assert.deepEqual(first?.map(({ params }) => params), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(second?.map(({ params }) => params), [{ id: 2 }]);
  assert.equal(first?.[1]?.left, 20_000);
  assert.ok(second !== undefined && (second[0]?.left ?? Infinity) <= 19_001);
});

test("a client whose batches fail often repeats nothing for a while", async () => {
  const [transport, bodies] = failing(...Array<() => never>(99).fill(gone));
  const batches = Array.from({ length: 9 }, () => new idl.Batch(transport));
  const current: { batch: idl.BatchTransport | idl.Batch } = { batch: transport };
  // One client, whose calls go to one batch after the other.
  const users = new UserServiceClient({
    holdsCalls: true,
    unary: (call) => current.batch.unary(call),
    stream: (call) => current.batch.stream(call),
  });
  for (const batch of batches) {
    current.batch = batch;
    const call = batch.add(users.deleteUser(1, { retries: 1 }));
    await batch.send();
    await assert.rejects(call, idl.Unavailable);
  }
  assert.equal(bodies.length, 9 + 2);
});
