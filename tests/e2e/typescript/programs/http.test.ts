import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient, SoldOut } from "./generated/kitchen_sink/index.js";
import { UserNotFound, UserServiceClient } from "./generated/user/index.js";

/** Run `use` with the URL of a server that answers with `listener`. */
async function serving(
  listener: RequestListener,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Return a client whose every call is answered with these. */
function answered(
  body: string,
  status = 200,
  type = "application/json",
): UserServiceClient {
  const headers = { "content-type": type };
  const fetch = async (): Promise<Response> => new Response(body, { status, headers });
  return new UserServiceClient(idl.http("http://host.test", { fetch }));
}

/** Return the error that a call throws. */
async function thrown(call: Promise<unknown>): Promise<idl.RpcError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof idl.RpcError, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

function failed(error: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", error, id: 1 });
}

interface Sent {
  url: string;
  headers: Headers;
  body: unknown;
}

/** Return what is sent by the call that `use` makes. */
async function sent(
  use: (client: UserServiceClient) => Promise<unknown>,
  options: idl.HttpOptions = {},
  client: idl.ClientOptions = {},
): Promise<Sent> {
  const calls: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const body: unknown = JSON.parse(String(init?.body));
    calls.push({ url: String(url), headers: new Headers(init?.headers), body });
    const answer = '{"jsonrpc":"2.0","result":null,"id":1}';
    return new Response(answer, { headers: { "content-type": "application/json" } });
  };
  const transport = idl.http("http://host.test", { ...options, fetch });
  await use(new UserServiceClient(transport, client));
  const [call] = calls;
  assert.ok(call !== undefined && calls.length === 1);
  return call;
}

test("a request is plain JSON-RPC, what was not given left out", async () => {
  const call = await sent((users) => users.listUsers({ limit: 7 }));
  assert.equal(call.url, "http://host.test/rpc");
  assert.deepEqual(call.body, {
    jsonrpc: "2.0",
    method: "user.UserService.listUsers",
    params: { limit: 7 },
    id: 1,
  });
  assert.equal(call.headers.get("content-type"), "application/json");
  assert.equal(call.headers.get("idlgen-timeout-ms"), "60000");
});

test("the timeout nearest to the call wins", async () => {
  const timeout = async (call?: number, client?: number): Promise<string | null> => {
    const made = await sent((users) => users.getUserById(1, { timeout: call }), {}, {
      timeout: client,
    });
    return made.headers.get("idlgen-timeout-ms");
  };
  assert.equal(await timeout(), "2000");
  assert.equal(await timeout(undefined, 700), "700");
  assert.equal(await timeout(0.2, 700), "1");
  assert.equal(await timeout(Infinity, 700), null);
  assert.equal(await timeout(1e20), "999999999999");
  const users = answered("");
  for (const wrong of [-1, Number.NaN]) {
    await assert.rejects(users.getUserById(1, { timeout: wrong }), RangeError);
  }
});

test("headers of the call win over the client's, and those over the transport's", async () => {
  const call = await sent(
    (users) => users.getUserById(1, { headers: { "X-A": "call" }, idempotencyKey: "k1" }),
    { headers: { "x-a": "http", "x-b": "http", "x-c": "http" } },
    { headers: { "X-A": "client", "X-B": "client" } },
  );
  const names = ["x-a", "x-b", "x-c", "idempotency-key"];
  assert.deepEqual(names.map((name) => call.headers.get(name)), ["call", "client", "http", "k1"]);
});

test("headers that HTTP cannot carry are refused, and their values not shown", async () => {
  const users = answered("");
  for (const headers of [{ "a b": "1" }, { "Content-Type": "1" }, { a: "secret\n" }]) {
    await assert.rejects(users.getUserById(1, { headers }), (error) => {
      assert.ok(error instanceof TypeError);
      return !error.message.includes("secret");
    });
    assert.throws(() => new UserServiceClient(idl.http("/rpc"), { headers }), TypeError);
    assert.throws(() => idl.http("/rpc", { headers }), TypeError);
  }
});

test("a URL gets a path where it has none, and holds no password", async () => {
  const url = async (given: string): Promise<string> => {
    const urls: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      urls.push(String(input));
      throw new TypeError("no network");
    };
    await thrown(new UserServiceClient(idl.http(given, { fetch })).deleteUser(1));
    return urls[0] ?? "";
  };
  assert.equal(await url("https://host:1"), "https://host:1/rpc");
  assert.equal(await url("https://host/"), "https://host/");
  assert.equal(await url("https://host?a=b"), "https://host?a=b");
  assert.equal(await url("/own"), "/own");
  assert.throws(() => idl.http("https://ada:secret@host/"), (error) => {
    return error instanceof TypeError && !error.message.includes("secret");
  });
});

test("errors become the class of their status", async () => {
  const cases: [unknown, new (message: string) => idl.RpcError, idl.Status][] = [
    [{ code: -32005, message: "m" }, idl.NotFound, "not_found"],
    [{ code: -32001, message: "m" }, idl.Cancelled, "cancelled"],
    [{ code: -32016, message: "m" }, idl.Unauthenticated, "unauthenticated"],
    [{ code: -32700, message: "m" }, idl.InvalidArgument, "invalid_argument"],
    [{ code: -32601, message: "m" }, idl.Unimplemented, "unimplemented"],
    [{ code: -32603, message: "m" }, idl.Internal, "internal"],
    [{ code: -32000, message: "m" }, idl.UnknownError, "unknown"],
    [{ code: 7, message: "m" }, idl.UnknownError, "unknown"],
    [{ code: 7, message: "m", data: { status: "aborted" } }, idl.Aborted, "aborted"],
    [{ code: 7, message: "m", data: { status: "constructor" } }, idl.UnknownError, "unknown"],
  ];
  for (const [wire, kind, status] of cases) {
    const error = await thrown(answered(failed(wire)).getUserById(1));
    assert.ok(error instanceof kind);
    assert.deepEqual([error.status, error.message, error.fields], [status, "m", {}]);
  }
});

test("an error that the method does not declare has fields, and no class", async () => {
  const data = { error: "user.Banned", status: "permission_denied", fields: { until: "x" } };
  const error = await thrown(
    answered(failed({ code: -32007, message: "m", data })).getUserById(1),
  );
  assert.ok(error instanceof idl.PermissionDenied);
  assert.deepEqual(error.fields, { until: "x" });
  const foreign = { code: 1, message: "m", data: { trace: "x" } };
  assert.deepEqual((await thrown(answered(failed(foreign)).getUserById(1))).fields, {
    trace: "x",
  });
  const plain = { code: 1, message: "m", data: "x" };
  assert.deepEqual((await thrown(answered(failed(plain)).getUserById(1))).fields, {
    data: "x",
  });
});

test("a declared error whose fields are none is of its status", async () => {
  const data = { error: "user.UserNotFound", status: "not_found", fields: [1] };
  const error = await thrown(
    answered(failed({ code: -32005, message: "m", data })).getUserById(1),
  );
  assert.ok(error instanceof idl.NotFound);
  assert.ok(!(error instanceof UserNotFound));
});

test("problems are told with the message of what the specification reserves", async () => {
  const problems = [1, 2, 3, 4].map((n) => ({ path: `$.a${n}`, message: "bad" }));
  const wire = { code: -32602, message: "Invalid params", data: { problems } };
  const error = await thrown(answered(failed(wire)).getUserById(1));
  assert.equal(
    error.message,
    "Invalid params: `$.a1`: bad; `$.a2`: bad; `$.a3`: bad; and 1 more",
  );
  assert.deepEqual(error.problems, problems);
});

test("what is no answer is Internal", async () => {
  const bodies = [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "{}",
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"1.0","result":1,"id":1}',
    '{"jsonrpc":"2.0","result":1,"id":2}',
    '{"jsonrpc":"2.0","result":1}',
    '{"jsonrpc":"2.0","error":{"code":-32005,"message":"m"},"id":2}',
    '{"jsonrpc":"2.0","error":"text","id":1}',
    '{"jsonrpc":"2.0","error":{"code":"1","message":"m"},"id":1}',
  ];
  for (const body of bodies) {
    const error = await thrown(answered(body).getUserById(1));
    assert.ok(error instanceof idl.Internal, body);
    assert.match(error.message, /did not answer as JSON-RPC 2\.0 says/);
  }
});

test("refusals of HTTP are the status that they mean", async () => {
  const cases: [number, string, idl.Status][] = [
    [401, "text/plain", "unauthenticated"],
    [403, "application/json", "permission_denied"],
    [404, "text/html", "unimplemented"],
    [413, "", "resource_exhausted"],
    [418, "text/html; charset=utf-8", "unknown"],
    [503, "text/html", "unavailable"],
    [302, "text/html", "failed_precondition"],
    [200, "text/html", "internal"],
  ];
  for (const [status, type, wanted] of cases) {
    const error = await thrown(answered('{"message":"no"}', status, type).createUser(ADA));
    assert.equal(error.status, wanted, `${status} ${type}`);
  }
  // Of gateways, which call it JSON.
  const cloud = JSON.stringify({ error: { code: -32005, message: "m" } });
  for (const body of ["", "{", cloud, failed(null), failed("text")]) {
    const error = await thrown(answered(body, 503).createUser(ADA));
    assert.ok(error instanceof idl.Unavailable, body);
  }
  const told = failed({ code: -32005, message: "m" });
  const error = await thrown(answered(told, 404, "application/problem+json").getUserById(1));
  assert.ok(error instanceof idl.NotFound);
});

const ADA = { name: "Ada", email: "ada@example.com", roles: [] };

test("the fields of errors hold integers of 64 bits and maps", async () => {
  const data = `{"error":"kitchen_sink.SoldOut","fields":{"x-code":"SO-01","left":9007199254740993}}`;
  const body = `{"jsonrpc":"2.0","error":{"code":-32009,"message":"m","data":${data}},"id":1}`;
  const fetch = async (): Promise<Response> =>
    new Response(body, { headers: { "content-type": "application/json" } });
  const kitchen = new KitchenClient(idl.http("/rpc", { fetch }));
  const error = await thrown(kitchen.order(1, {}));
  assert.ok(error instanceof SoldOut);
  assert.equal(error.fields.left, 9007199254740992);
});

test("a server that cannot be reached is unavailable", async () => {
  let url = "";
  await serving(() => {}, async (served) => {
    url = served;
  });
  const error = await thrown(new UserServiceClient(idl.http(url)).createUser(ADA));
  assert.ok(error instanceof idl.Unavailable);
  assert.ok(error.retryable && error.cause instanceof Error);
});

test("a connection that breaks in the middle of an answer is unavailable", async () => {
  const broken: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
    response.write("{");
    response.destroy();
  };
  await serving(broken, async (url) => {
    const error = await thrown(new UserServiceClient(idl.http(url)).createUser(ADA));
    assert.ok(error instanceof idl.Unavailable);
  });
});

test("redirects are not followed", async () => {
  const moved: RequestListener = (_, response) => {
    response.writeHead(307, { location: "/else" }).end();
  };
  await serving(moved, async (url) => {
    const error = await thrown(new UserServiceClient(idl.http(url)).getUserById(1));
    assert.ok(error instanceof idl.FailedPrecondition);
  });
});

/** Run `use` with a server that never answers; the headers of the request it gets. */
async function unanswered(
  use: (users: UserServiceClient, asked: Promise<IncomingHttpHeaders>) => Promise<void>,
): Promise<boolean> {
  let closed = Promise.resolve(false);
  let ask: (headers: IncomingHttpHeaders) => void;
  const asked = new Promise<IncomingHttpHeaders>((resolve) => (ask = resolve));
  const silent: RequestListener = (request, response) => {
    closed = new Promise((resolve) => response.on("close", () => resolve(true)));
    ask(request.headers);
  };
  await serving(silent, (url) => use(new UserServiceClient(idl.http(url)), asked));
  return closed;
}

test("a deadline ends the call and its exchange", async () => {
  const ended = await unanswered(async (users, asked) => {
    const call = thrown(users.getUserById(1, { timeout: 2_000 }));
    assert.equal((await asked)["idlgen-timeout-ms"], "2000");
    const error = await call;
    assert.ok(error instanceof idl.DeadlineExceeded);
    assert.equal(error.message, "user.UserService.getUserById was not answered within 2000 ms");
  });
  assert.ok(ended);
});

test("a signal gives the call up, before it is made and in its middle", async () => {
  const reason = new Error("enough");
  const ended = await unanswered(async (users, asked) => {
    const controller = new AbortController();
    const call = thrown(users.getUserById(1, { signal: controller.signal }));
    await asked;
    controller.abort(reason);
    const error = await call;
    assert.ok(error instanceof idl.Cancelled);
    assert.equal(error.cause, reason);
  });
  assert.ok(ended);
  const fetch = (): never => assert.fail("it was sent");
  const users = new UserServiceClient(idl.http("/rpc", { fetch }));
  const error = await thrown(users.getUserById(1, { signal: AbortSignal.abort(reason) }));
  assert.ok(error instanceof idl.Cancelled);
  assert.equal(error.cause, reason);
});

test("an abort after the answer changes nothing", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const call = sent((users) => users.getUserById(1, { signal }));
  await call;
  controller.abort();
});

const HONG =
  '{"id":1,"name":"홍","email":"h@x","roles":[],"created_at":"2026-01-01T09:00:00+09:00"}';

/** Return a response in JSON that says what it says about itself. */
function answer(body: string, status = 200): Response {
  const headers = { "content-type": "application/json", "x-team": "hot" };
  return new Response(body, { status, headers });
}

function clientOf(respond: () => Response, options: idl.HttpOptions = {}): UserServiceClient {
  return new UserServiceClient(idl.http("/rpc", { ...options, fetch: async () => respond() }));
}

test("a raw answer has status, headers and the result", async () => {
  const users = clientOf(() => answer(`{"jsonrpc":"2.0","result":${HONG},"id":1}`));
  const raw = await idl.raw((options) => users.getUserById(1, options));
  assert.equal(raw.status, 200);
  assert.equal(raw.headers.get("x-team"), "hot");
  assert.equal(raw.result().name, "홍");
});

test("a raw answer is there also where it is an error", async () => {
  const data = { error: "user.UserNotFound", fields: { id: 1 } };
  const body = JSON.stringify({
    jsonrpc: "2.0",
    error: { code: -32005, message: "m", data },
    id: 1,
  });
  const cases: [() => Response, number, idl.Status][] = [
    [() => answer(body), 200, "not_found"],
    [() => answer(body, 404), 404, "not_found"],
    [() => answer("[]", 413), 413, "resource_exhausted"],
    [() => answer("{"), 200, "internal"],
  ];
  for (const [respond, status, wanted] of cases) {
    const users = clientOf(respond);
    const raw = await idl.raw((options) => users.getUserById(1, options));
    assert.deepEqual([raw.status, raw.headers.get("x-team")], [status, "hot"]);
    assert.throws(() => raw.result(), { status: wanted });
  }
});

test("a raw answer is that of the last attempt", async () => {
  let attempts = 0;
  const users = clientOf(() => {
    attempts += 1;
    const body = '{"jsonrpc":"2.0","result":true,"id":2}';
    return attempts === 1 ? answer("", 503) : answer(body);
  });
  const raw = await idl.raw((options) => users.deleteUser(1, options));
  assert.deepEqual([raw.status, raw.result(), attempts], [200, true, 2]);
});

test("where there is no answer there is no raw one", async () => {
  const broken = clientOf(() => {
    throw new TypeError("no network");
  });
  await assert.rejects(
    idl.raw((options) => broken.getUserById(1, { ...options, retries: 0 })),
    idl.Unavailable,
  );
  const wrong = idl.raw((options) => broken.getUserById(1, { ...options, timeout: -1 }));
  await assert.rejects(wrong, RangeError);
});

test("who wants to know is told of each response, that of a stream when it begins", async () => {
  const statuses: number[] = [];
  const onResponse = ({ status }: idl.ResponseHead): void => void statuses.push(status);
  let left = 1;
  const users = clientOf(() => {
    left -= 1;
    const body = '{"jsonrpc":"2.0","result":true,"id":2}';
    return left === 0 ? new Response("", { status: 503 }) : answer(body);
  });
  await users.deleteUser(1, { onResponse });
  assert.deepEqual(statuses, [503, 200]);
  const item = '{"jsonrpc":"2.0","method":"$/item","params":{"id":1,"item":{"type":"eaten"}}}';
  const headers = { "content-type": "text/event-stream" };
  const fetch = async (): Promise<Response> => new Response(`data: ${item}\n\n`, { headers });
  const kitchen = new KitchenClient(idl.http("/rpc", { fetch }));
  for await (const event of kitchen.watchTickets({}, { onResponse })) {
    assert.equal(event.type, "eaten");
    assert.deepEqual(statuses, [503, 200, 200]);
    break;
  }
});

test("an answer of more bytes than may be is refused, and not read to its end", async () => {
  const body = `{"jsonrpc":"2.0","result":${HONG},"id":1}`;
  const size = new TextEncoder().encode(body).length;
  assert.ok(size > body.length);
  const fits = clientOf(() => answer(body), { maxResponseBytes: size });
  assert.equal((await fits.getUserById(1)).name, "홍");
  const small = clientOf(() => answer(body), { maxResponseBytes: size - 1 });
  const error = await thrown(small.getUserById(1));
  assert.ok(error instanceof idl.ResourceExhausted);
  assert.equal(
    error.message,
    `/rpc answered with more than ${size - 1} bytes, the transport's maxResponseBytes`,
  );
  let pulled = 0;
  let isCancelled = false;
  const endless = (): Response => {
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    return new Response(source, { headers: { "content-type": "application/json" } });
  };
  const users = clientOf(endless, { maxResponseBytes: 10_000 });
  assert.ok((await thrown(users.getUserById(1))) instanceof idl.ResourceExhausted);
  assert.ok(isCancelled && pulled < 20, String(pulled));
});

test("an answer may have 64 MiB where nobody says otherwise", async () => {
  const most = 64 * 1024 * 1024;
  const pieces = (length: number): Response => {
    let left = length;
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const size = Math.min(left, 8 * 1024 * 1024);
        left -= size;
        if (size === 0) {
          controller.close();
        } else {
          controller.enqueue(new Uint8Array(size).fill(32));
        }
      },
    });
    return new Response(source, { headers: { "content-type": "application/json" } });
  };
  assert.ok((await thrown(clientOf(() => pieces(most)).getUserById(1))) instanceof idl.Internal);
  const error = await thrown(clientOf(() => pieces(most + 1)).getUserById(1));
  assert.ok(error instanceof idl.ResourceExhausted);
});

test("a `fetch` whose responses do not stream is enough", async () => {
  const body = `{"jsonrpc":"2.0","result":${HONG},"id":1}`;
  const users = clientOf(() => {
    const response = answer(body);
    Object.defineProperty(response, "body", { value: undefined });
    return response;
  });
  assert.equal((await users.getUserById(1)).id, 1);
});
