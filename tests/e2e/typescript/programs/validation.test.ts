import assert from "node:assert/strict";
import { test } from "node:test";

import * as idl from "./generated/_idlgen/index.js";
import {
  KitchenClient,
  KitchenClosed,
  SoldOut,
  WashingUpClient,
} from "./generated/kitchen_sink/index.js";
import { validation as kitchen } from "./generated/kitchen_sink/validation.js";
import { UserServiceClient } from "./generated/user/index.js";
import { validation as user } from "./generated/user/validation.js";

/** Return a transport to a server that answers everything with this JSON. */
function answering(result: string): idl.BatchTransport {
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const sent = JSON.parse(String(init?.body)) as { id: number } | { id: number }[];
    const answerTo = ({ id }: { id: number }): string =>
      `{"jsonrpc":"2.0","id":${id},"result":${result}}`;
    const body = Array.isArray(sent) ? `[${sent.map(answerTo)}]` : answerTo(sent);
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
  return idl.http("/rpc", { fetch });
}

/** Return a transport to a server that streams these items as events. */
function streaming(...items: string[]): idl.Transport {
  const messages = items.map(
    (item) => `{"jsonrpc":"2.0","method":"$/item","params":{"id":1,"item":${item}}}`,
  );
  const body = [...messages, '{"jsonrpc":"2.0","id":1,"result":null}']
    .map((message) => `data: ${message}\n\n`)
    .join("");
  const headers = { "content-type": "text/event-stream" };
  return idl.http("/rpc", { fetch: async () => new Response(body, { headers }) });
}

function users(result: string): UserServiceClient {
  return new UserServiceClient(idl.validated(answering(result), user));
}

function cooks(result: string): KitchenClient {
  return new KitchenClient(idl.validated(answering(result), user, kitchen));
}

function scrubbers(result: string): WashingUpClient {
  return new WashingUpClient(idl.validated(answering(result), kitchen));
}

async function problemsOf(call: Promise<unknown>): Promise<string[]> {
  const error: unknown = await call.then(
    () => assert.fail("it was accepted"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof idl.Internal, String(error));
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
}

const HONG =
  '{"id":1,"name":"Hong","email":"h@x","roles":["admin"],"created_at":"2026-01-01T09:00:00+09:00"}';
const DISH =
  '{"code":"AB-12","name":"Soup","price":"1.50","ingredients":[{"name":"x","weight":1,"organic":true,"supplier":null,"keeps":"P1D"}]}';
const SINK =
  '{"litres":1,"plates":-1,"drift":-10,"taps":[true],"cleaned":["2024-02-29"]}';

function changed(json: string, members: object): string {
  return JSON.stringify({ ...(JSON.parse(json) as object), ...members });
}

const WRONG: [string, (answer: string) => Promise<unknown>, string, string[]][] = [
  [
    "several places",
    (answer) => users(answer).getUserById(1),
    '{"id":"1","name":null,"roles":["a",5],"created_at":"2026-02-30T09:00:00Z"}',
    [
      "$.id: Expected `int`, got `string`",
      "$.name: Expected `string`, got `null`",
      "$.email: Missing",
      "$.roles[1]: Expected `string`, got `number`",
      "$.created_at: Invalid `datetime`",
    ],
  ],
  ["another type", (answer) => users(answer).deleteUser(1), "1", [
    "$: Expected `bool`, got `number`",
  ]],
  ["null", (answer) => users(answer).getUserById(1), "null", [
    "$: Expected `object`, got `null`",
  ]],
  ["in a generic type's list", (answer) => users(answer).listUsers(), `{"items":[${HONG},{}]}`, [
    "$.items[1].id: Missing",
    "$.items[1].name: Missing",
    "$.items[1].email: Missing",
    "$.items[1].created_at: Missing",
  ]],
  [
    "in unions",
    (answer) => users(answer).listEvents(),
    '{"items":[{"type":"deleted"},{"type":"deleted","value":1.5},{"value":1},{"type":4},[]],"next":3}',
    [
      "$.items[0].value: Missing",
      "$.items[1].value: Invalid `int`",
      "$.items[2].type: Missing",
      "$.items[3].type: Expected `string`, got `number`",
      "$.items[4]: Expected `object`, got `list`",
      "$.next: Expected `string`, got `number`",
    ],
  ],
  ["an int beyond 53 bits", (answer) => users(answer).getUserById(1), HONG.replace('"id":1', '"id":9007199254740993'), [
    "$.id: Invalid `int`",
  ]],
  [
    "constraints",
    (answer) => cooks(answer).getDish("AB-12" as never),
    changed(DISH, {
      code: "AB-123",
      name: "😀".repeat(61),
      price: "-1.005",
      ingredients: [],
      spiciness: 1.5,
      "x-serves": 13,
      photo: "",
      heat: "burnt",
    }),
    [
      "$.code: Expected a match of ^[A-Z]{2}-[0-9]{2}$",
      "$.name: Expected a length of at most 60",
      "$.price: Expected at least 0",
      "$.price: Expected a multiple of 0.01",
      "$.ingredients: Expected a length of at least 1",
      "$.heat: Expected one of `raw`, `rare`, `well-done`",
      "$.spiciness: Expected at most 1",
      '$["x-serves"]: Expected below 13',
      "$.photo: Expected a length of at least 1",
    ],
  ],
  [
    "recursion",
    (answer) => cooks(answer).cook([]),
    '{"type":"together","value":[{"type":"instead","value":{"type":"wait","value":"soon"}}]}',
    ["$.value[0].value.value: Invalid `duration`"],
  ],
  [
    "variants of a closed and flat union",
    (answer) => cooks(answer).install({}),
    '{"a b":{"kind":"toaster"},"c":{"kind":"oven","degrees":2147483648}}',
    [
      '$["a b"].kind: Expected one of `oven`, `hood`, `replaced`, `unplugged`',
      "$.c.degrees: Invalid `int32`",
    ],
  ],
  [
    "keys of maps",
    (answer) => scrubbers(answer).arrange({} as never),
    '{"crates":{},"labels":{"1000":null,"x":"y"},"positions":{"1":3},"sensors":{"no":1},"menu":{}}',
    [
      '$.labels["1000"]: Key: Expected at most 999',
      "$.labels.x: Key: Expected `uint32`, got `string`",
      '$.positions["1"]: Expected `list`, got `number`',
      "$.sensors.no: Key: Invalid `uuid`",
    ],
  ],
  [
    "integers of 64 bits",
    (answer) => scrubbers(answer).use({} as never),
    '{"litres":-1,"plates":9223372036854775808,"drift":4,"taps":[],"cleaned":["2023-02-29"]}',
    [
      "$.litres: Invalid `uint64`",
      "$.plates: Invalid `int64`",
      "$.drift: Expected a multiple of 5",
      "$.cleaned[0]: Invalid `date`",
    ],
  ],
  [
    "something else in the place of an integer of 64 bits",
    (answer) => scrubbers(answer).use({} as never),
    '{"litres":"many","plates":0.5,"drift":5,"taps":[],"cleaned":[]}',
    ["$.litres: Expected `uint64`, got `string`", "$.plates: Invalid `int64`"],
  ],
  ["what is sensitive is not told", (answer) => cooks(answer).seat({} as never), '{"name":"x","phone":5}', [
    "$.phone: Expected `string`",
  ]],
];

for (const [name, call, answer, problems] of WRONG) {
  test(`refused: ${name}`, async () => {
    assert.deepEqual(await problemsOf(call(answer)), problems);
  });
}

test("the message tells of the first problems", async () => {
  await assert.rejects(users('{"roles":[]}').getUserById(1), {
    name: "Internal",
    message:
      "the result of user.UserService.getUserById does not fit: `$.id`: Missing; " +
      "`$.name`: Missing; `$.email`: Missing; and 1 more",
  });
});

test("what a newer server sends is kept", async () => {
  const answer = changed(HONG, { roles: ["emperor"], badge: { n: 1 } });
  assert.deepEqual(await users(answer).getUserById(1), JSON.parse(answer));
  const events = '{"items":[{"type":"frozen","value":{"for":[1]}}]}';
  assert.deepEqual(await users(events).listEvents(), JSON.parse(events));
});

test("null is read as the absence of an optional member, defaults are filled in", async () => {
  const given = '{"id":1,"name":"H","email":"h","nickname":null,"created_at":"2026-01-01 00:00:00z"}';
  assert.deepEqual(await users(given).getUserById(1), {
    id: 1,
    name: "H",
    email: "h",
    roles: ["member"],
    created_at: "2026-01-01 00:00:00z",
  });
});

test("values are as they are without validation", async () => {
  const answer = SINK.replace('"plates":-1', '"plates":"-9223372036854775808"').replace(
    '"litres":1',
    '"litres":18446744073709551615',
  );
  const read = await scrubbers(answer).use({} as never);
  assert.deepEqual(read, await new WashingUpClient(answering(answer)).use({} as never));
  assert.equal(read.plates, -(2n ** 63n));
  const ticket =
    '{"id":1,"key":"12345678-1234-5678-1234-567812345678","table":1,"day":"2026-01-01","wanted_at":"09:00:00","placed_at":"2026-01-01T09:00:00Z","lines":{"AB-12":1}}';
  const { lines } = await cooks(ticket).order(1, {});
  assert.equal(Object.getPrototypeOf(lines), null);
});

test("a method without a result takes whatever is answered", async () => {
  await cooks("5").ring();
});

test("items of streams", async () => {
  const good = '{"type":"cooking","value":"AB-12"}';
  const bad = '{"type":"cooking","value":"soup"}';
  const transport = idl.validated(streaming(good, bad, good), kitchen);
  const seen: unknown[] = [];
  const watched = (async () => {
    for await (const event of new KitchenClient(transport).watchTickets()) {
      seen.push(event);
    }
  })();
  assert.deepEqual(await problemsOf(watched), [
    "$.value: Expected a match of ^[A-Z]{2}-[0-9]{2}$",
  ]);
  assert.deepEqual(seen, [JSON.parse(good)]);
});

test("calls of a batch", async () => {
  const together = new idl.Batch(answering(HONG));
  const client = new UserServiceClient(idl.validated(together, user));
  const fits = together.add(client.getUserById(1));
  const refused = together.add(client.deleteUser(1));
  await together.send();
  assert.equal((await fits).name, "Hong");
  assert.deepEqual(await problemsOf(refused), ["$: Expected `bool`, got `object`"]);
});

test("calls of a batch are not repeated", async () => {
  const error = '{"code":-32014,"message":"busy","data":{"status":"unavailable"}}';
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const [{ id }] = JSON.parse(String(init?.body)) as [{ id: number }];
    const headers = { "content-type": "application/json" };
    return new Response(`[{"jsonrpc":"2.0","id":${id},"error":${error}}]`, { headers });
  };
  const together = new idl.Batch(idl.http("/rpc", { fetch }));
  const client = new UserServiceClient(idl.validated(together, user));
  const failed = together.add(client.getUserById(1));
  await together.send();
  await assert.rejects(failed, idl.Unavailable);
});

test("lengths count code points, decimals count exactly", async () => {
  const price = "123456789012345678901234567890.10";
  const answer = changed(DISH, { name: "😀".repeat(60), price });
  assert.equal((await cooks(answer).getDish("AB-12" as never)).price, price);
});

test("a package whose validation was not given is no oversight", async () => {
  const client = new KitchenClient(idl.validated(answering("[]"), user));
  await assert.rejects(client.listDishes(), TypeError);
});

/** Return a transport to a server that answers everything with this declared error. */
function refusing(error: string, fields: string, code: number): idl.Transport {
  const data = `{"error":"${error}","fields":${fields}}`;
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const { id } = JSON.parse(String(init?.body)) as { id: number };
    const body = `{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":"no","data":${data}}}`;
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
  return idl.http("/rpc", { fetch });
}

async function errorOf(call: Promise<unknown>): Promise<idl.RpcError> {
  const error: unknown = await call.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof idl.RpcError, String(error));
  return error;
}

test("fields of errors are as their types say, or the error is of its status", async () => {
  const orders = (fields: string): Promise<unknown> => {
    const transport = refusing("kitchen_sink.SoldOut", fields, -32009);
    return new KitchenClient(idl.validated(transport, kitchen)).order(1, {});
  };
  const right = await errorOf(orders('{"x-code":"SO-01","back_at":null,"more":9007199254740993}'));
  assert.ok(right instanceof SoldOut);
  assert.deepEqual(right.fields, {
    "x-code": "SO-01",
    left: 0,
    instead: [],
    more: 2n ** 53n + 1n,
  });
  assert.deepEqual(right.problems, []);

  const wrong = await errorOf(orders('{"x-code":"soup","left":-1,"instead":[{"code":"SO-01"}]}'));
  assert.ok(wrong instanceof idl.FailedPrecondition && !(wrong instanceof SoldOut));
  assert.deepEqual([wrong.message, wrong.fields["left"]], ["no", -1]);
  assert.ok(wrong.cause instanceof SoldOut);
  assert.deepEqual(wrong.problems, [
    { path: '$["x-code"]', message: "Expected a match of ^[A-Z]{2}-[0-9]{2}$" },
    { path: "$.left", message: "Invalid `uint32`" },
    { path: "$.instead[0].name", message: "Missing" },
    { path: "$.instead[0].price", message: "Missing" },
  ]);
});

test("fields of errors without validation are as they come", async () => {
  const transport = refusing("kitchen_sink.SoldOut", '{"left":-1}', -32009);
  const error = await errorOf(new KitchenClient(transport).order(1, {}));
  assert.ok(error instanceof SoldOut);
  assert.deepEqual([error.fields.left, error.problems], [-1, []]);
});

test("errors that a method does not declare, or that have no fields, pass", async () => {
  const undeclared = refusing("user.Banned", '{"until":5}', -32007);
  const users = new UserServiceClient(idl.validated(undeclared, user));
  const error = await errorOf(users.getUserById(1));
  assert.ok(error instanceof idl.PermissionDenied);
  assert.deepEqual([error.fields, error.problems], [{ until: 5 }, []]);
  const closed = refusing("kitchen_sink.KitchenClosed", '{"by":5}', -32014);
  const cooks = new KitchenClient(idl.validated(closed, kitchen), { retries: 0 });
  assert.ok((await errorOf(cooks.getDish("AB-12" as never))) instanceof KitchenClosed);
});

test("errors of streams and of other packages are checked, too", async () => {
  const fields = '{"shelf":"x"}';
  const empty = refusing("kitchen_sink.stores.pantry.ShelfEmpty", fields, -32009);
  const cooks = new KitchenClient(idl.validated(empty, kitchen));
  const error = await errorOf(cooks.restock({} as never, {}));
  assert.ok(error.problems.length > 0, String(error));
  assert.equal(Object.getPrototypeOf(error.constructor), idl.RpcError);
});

test("an error that ends a stream is checked", async () => {
  const method: idl.Method = { name: "p.S.watch", errors: [SoldOut] };
  const error = '{"code":-32009,"message":"no","data":{"error":"kitchen_sink.SoldOut","fields":{}}}';
  const body = `data: {"jsonrpc":"2.0","id":1,"error":${error}}\n\n`;
  const headers = { "content-type": "text/event-stream" };
  const transport = idl.http("/rpc", { fetch: async () => new Response(body, { headers }) });
  const checked = idl.validated(transport, {
    "p.S.watch": { errors: { "kitchen_sink.SoldOut": { fields: [["x-code", "string"]] } } },
  });
  const items = idl.stream(new idl.Calls(checked), method, {}, undefined);
  const failed = await errorOf(items.next());
  assert.ok(failed instanceof idl.FailedPrecondition && !(failed instanceof SoldOut));
  assert.deepEqual(failed.problems, [{ path: '$["x-code"]', message: "Missing" }]);
});
