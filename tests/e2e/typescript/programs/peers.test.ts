import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { WebSocket, WebSocketServer } from "ws";

import * as idl from "./generated/_idlgen/index.js";
import { KitchenClient } from "./generated/kitchen_sink/index.js";
import { UserServiceClient } from "./generated/user/index.js";

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

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

// What a server says, written by hand.

interface Peer {
  transport: idl.ClosableTransport;
  /** What the client has sent. */
  received: { method: string; params: Record<string, unknown>; id: number; meta?: object }[];
  sockets: WebSocket[];
}

/** Run `use` with a WebSocket server that answers each message as `answer` says. */
async function peering(
  answer: (message: Peer["received"][number], socket: WebSocket) => void,
  use: (peer: Peer) => Promise<void>,
  plain = false,
): Promise<void> {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const transport = idl.webSocket(`ws://127.0.0.1:${port}`, { WebSocket, plain });
  const peer: Peer = { transport, received: [], sockets: [] };
  server.on("connection", (socket) => {
    peer.sockets.push(socket);
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as Peer["received"][number];
      peer.received.push(message);
      answer(message, socket);
    });
  });
  try {
    await use(peer);
  } finally {
    transport.close();
    server.close();
    for (const socket of peer.sockets) {
      socket.terminate();
    }
  }
}

function item(id: number, value: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", method: "$/item", params: { id, item: value } });
}

function result(id: number, value: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", result: value, id });
}

test("credit is given for what was taken, and not before", async () => {
  await peering(
    ({ method, id }, socket) => {
      if (method.endsWith("watchTickets")) {
        for (let number = 0; number < 64; number++) {
          socket.send(item(id, { type: "eaten" }));
        }
      }
    },
    async ({ transport, received }) => {
      let taken = 0;
      const given = (): number => {
        const credits = received.filter(({ method }) => method === "$/credit");
        return credits.reduce((sum, { params }) => sum + Number(params["n"]), 0);
      };
      for await (const event of new KitchenClient(transport).watchTickets()) {
        assert.equal(event.type, "eaten");
        taken += 1;
        assert.ok(given() <= taken, `${given()} of ${taken}`);
        if (taken === 64) {
          break;
        }
      }
      while (received.at(-1)?.method !== "$/cancel") {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(given() >= 32);
    },
  );
});

test("no more is sent than there is credit for", async () => {
  let opened = 0;
  await peering(
    ({ method, id, params }, socket) => {
      if (method.endsWith("talk")) {
        opened = id;
      } else if (method === "$/end") {
        socket.send(result(opened, null));
      } else if (method === "$/item" && params["item"] === "63") {
        // Nothing but this may have been sent when more is allowed.
        setImmediate(() => {
          const credit = { method: "$/credit", params: { id: opened, n: 36 } };
          socket.send(JSON.stringify({ jsonrpc: "2.0", ...credit }));
        });
      } else if (method === "$/item" && Number(params["item"]) > 63) {
        assert.ok(Number(params["item"]) < 100);
      }
    },
    async ({ transport, received }) => {
      const seen = { last: -1, ended: false };
      const words = new KitchenClient(transport).talk(counted(100, seen));
      assert.deepEqual(await collected(words), []);
      assert.equal(received.filter(({ method }) => method === "$/item").length, 100);
      assert.ok(seen.ended);
    },
  );
});

test("a server that takes no credit may not flood a slow reader", async () => {
  await peering(
    ({ id, method }, socket) => {
      if (method.endsWith("watchTickets")) {
        for (let number = 0; number < 200; number++) {
          socket.send(item(id, { type: "eaten" }));
        }
        socket.send(result(id, null));
      }
    },
    async ({ transport, received }) => {
      const events = new KitchenClient(transport).watchTickets();
      await assert.rejects(async () => {
        for await (const event of events) {
          assert.equal(event.type, "eaten");
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }, idl.ResourceExhausted);
      assert.deepEqual(Object.keys(received[0] ?? {}), ["jsonrpc", "method", "params", "id"]);
    },
    true,
  );
});

test("a call's headers and its time are its meta", async () => {
  await peering(
    ({ id }, socket) => socket.send(result(id, true)),
    async ({ transport, received }) => {
      const users = new UserServiceClient(transport, { headers: { Authorization: "x" } });
      await users.deleteUser(1, { timeout: 5_000, headers: { "X-A": "b" }, idempotencyKey: "k" });
      assert.deepEqual(received[0]?.meta, {
        authorization: "x",
        idempotency_key: "k",
        headers: { "x-a": "b" },
        timeout_ms: 5_000,
      });
    },
  );
});

test("a call that is given up is cancelled, and its late answer is nobody's", async () => {
  await peering(
    ({ id, method }, socket) => {
      if (id === 1) {
        socket.send(result(1, true));
      } else if (method === "$/cancel" || id === 3) {
        socket.send(result(2, false));
        socket.send(result(3, true));
      }
    },
    async ({ transport, received }) => {
      const users = new UserServiceClient(transport);
      // Once there is a connection, a call is sent before it can be late.
      assert.equal(await users.deleteUser(1), true);
      await assert.rejects(users.deleteUser(2, { timeout: 50 }), idl.DeadlineExceeded);
      assert.equal(await users.deleteUser(3), true);
      assert.deepEqual(received[2]?.params, { id: 2 });
    },
  );
});

test("the end of a connection ends its calls", async () => {
  const codes: [number, string][] = [
    [1009, "resource_exhausted"],
    [1011, "unavailable"],
  ];
  for (const [code, status] of codes) {
    await peering(
      (_, socket) => socket.close(code),
      async ({ transport }) => {
        const users = new UserServiceClient(transport, { retries: 0 });
        const events = new KitchenClient(transport).watchTickets();
        await assert.rejects(users.deleteUser(1), { status });
        await assert.rejects(collected(events), { status });
      },
    );
  }
});

test("what is no JSON-RPC ends the connection", async () => {
  for (const message of ["{", Buffer.from("{}")]) {
    await peering(
      (_, socket) => socket.send(message),
      async ({ transport }) => {
        const users = new UserServiceClient(transport, { retries: 0 });
        await assert.rejects(users.deleteUser(1), idl.Unavailable);
      },
    );
  }
});

test("an error without an id is the only call's", async () => {
  const error = { code: -32700, message: "Parse error" };
  await peering(
    (_, socket) => socket.send(JSON.stringify({ jsonrpc: "2.0", error, id: null })),
    async ({ transport }) => {
      const users = new UserServiceClient(transport);
      await assert.rejects(users.deleteUser(1), idl.InvalidArgument);
    },
  );
});

test("where nobody listens the server is unavailable", async () => {
  const transport = idl.webSocket("ws://127.0.0.1:1", { WebSocket });
  const users = new UserServiceClient(transport, { retries: 0 });
  await assert.rejects(users.deleteUser(1), idl.Unavailable);
  await assert.rejects(users.deleteUser(1), idl.Unavailable);
});

// Events over HTTP, written by hand.

/** Return the events of a call that the server answers with `body`, in pieces. */
async function watched(
  pieces: readonly string[],
  end: "end" | "break" = "end",
  maxResponseBytes?: number,
): Promise<unknown[]> {
  const listener: RequestListener = (request, response) => {
    assert.match(request.headers.accept ?? "", /text\/event-stream/);
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const send = (at: number): void => {
      const piece = pieces[at];
      if (piece !== undefined) {
        response.write(piece, () => setImmediate(send, at + 1));
      } else if (end === "end") {
        response.end();
      } else {
        response.destroy();
      }
    };
    send(0);
  };
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`;
  try {
    return await collected(new KitchenClient(idl.http(at, { maxResponseBytes })).watchTickets());
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const EATEN = item(1, { type: "eaten" });
const END = result(1, null);

test("events are read however their lines end and wherever they are cut", async () => {
  const texts = [
    `data: ${EATEN}\n\n:\n\ndata: ${EATEN}\n\ndata: ${END}\n\n`,
    `\ufeffdata:${EATEN}\r\n\r\nid: 7\r\ndata: ${EATEN}\r\n\r\ndata: ${END}\r\n\r\n`,
    `data: ${EATEN}\r\rdata: ${EATEN}\r\rdata: ${END}\r\r:\n\n`,
    `data: {"jsonrpc":"2.0","method":"$/other"}\n\ndata: ${item(2, 1)}\n\n` +
      `data: ${EATEN.slice(0, 16)}\ndata: ${EATEN.slice(16)}\n\n` +
      `data: ${EATEN}\n\ndata: ${END}\n\n`,
  ];
  for (const text of texts) {
    for (const size of [1, 7, 100_000]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      assert.deepEqual(await watched(pieces), [{ type: "eaten" }, { type: "eaten" }]);
    }
  }
});

test("a stream that breaks off before its end is unavailable", async () => {
  for (const end of ["end", "break"] as const) {
    await assert.rejects(watched([`data: ${EATEN}\n\n`], end), idl.Unavailable);
  }
});

test("an event that is no message ends the stream", async () => {
  await assert.rejects(watched(["data: {\n\n"]), idl.Internal);
});

test("an event of more than may be ends the stream, be it in lines or in one", async () => {
  const lines = `data: ${EATEN.slice(0, 16)}\n`.repeat(200);
  for (const text of [`data: ${"x".repeat(5_000)}`, lines]) {
    const pieces = [`data: ${EATEN}\n\n`, ...(text.match(/[^]{1,500}/g) ?? [])];
    await assert.rejects(watched(pieces, "end", 2_000), idl.ResourceExhausted);
  }
  // Each has room of its own.
  const many = Array<string>(100).fill(`data: ${EATEN}\n\n`);
  assert.equal((await watched([...many, `data: ${END}\n\n`], "end", 2_000)).length, 100);
});

test("a message of more than may be ends the connection, and the next call opens one", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const codes: number[] = [];
  server.on("connection", (socket) => {
    socket.on("close", (code) => codes.push(code));
    socket.on("message", (data) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
      const answer = method.endsWith("listUsers") ? { items: [], next: "x".repeat(300) } : true;
      socket.send(result(id, answer));
    });
  });
  const { port } = server.address() as AddressInfo;
  const options = { WebSocket, maxResponseBytes: 300 };
  const transport = idl.webSocket(`ws://127.0.0.1:${port}`, options);
  const users = new UserServiceClient(transport, { retries: 0 });
  await assert.rejects(users.listUsers(), {
    name: "ResourceExhausted",
    message: `ws://127.0.0.1:${port}/rpc answered with more than 300 bytes, the transport's maxResponseBytes`,
  });
  assert.equal(await users.deleteUser(1), true);
  while (codes.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(codes, [3009]);
  transport.close();
  server.close();
});

test("credentials are the meta of each call, and nothing of the address", async () => {
  const urls: (string | undefined)[] = [];
  const metas: unknown[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket, request) => {
    urls.push(request.url, request.headers.authorization);
    socket.on("message", (data) => {
      const { id, meta } = JSON.parse(String(data)) as { id: number; meta: unknown };
      metas.push(meta);
      socket.send(result(id, null));
    });
  });
  const { port } = server.address() as AddressInfo;
  const transport = idl.webSocket(`ws://127.0.0.1:${port}`, { WebSocket, plain: true });
  let asked = 0;
  const token = (): string => `t-${(asked += 1)}`;
  const kitchen = new KitchenClient(transport, { token, apiKey: "k-1" });
  await kitchen.findTicket("x");
  await kitchen.order(1, {});
  await kitchen.browse("2026-03-01");
  for await (const event of kitchen.watchTickets()) {
    assert.fail(event.type);
  }
  assert.deepEqual(metas, [
    { authorization: "Bearer t-1" },
    { headers: { "x-api-key": "k-1" } },
    undefined,
    { authorization: "Bearer t-2" },
  ]);
  assert.deepEqual(urls, ["/rpc", undefined]);
  transport.close();
  server.close();
});

test("a raw answer over a WebSocket has no headers", async () => {
  await peering(
    ({ id }, socket) => socket.send(result(id, true)),
    async ({ transport }) => {
      const users = new UserServiceClient(transport);
      const raw = await idl.raw((options) => users.deleteUser(1, options));
      assert.deepEqual([raw.status, [...raw.headers], raw.result()], [200, [], true]);
    },
  );
});

test("what a lost connection took along is made again over another", async () => {
  let isFirst = true;
  await peering(
    (message, socket) => {
      if (isFirst) {
        isFirst = false;
        socket.close(1012);
      } else if (Array.isArray(message)) {
        const calls = message as { id: number }[];
        socket.send(`[${calls.map(({ id }) => result(id, true)).join(",")}]`);
      } else {
        socket.send(item(message.id, 7));
        socket.send(result(message.id, null));
      }
    },
    async ({ transport, sockets }) => {
      const watch: idl.Method = { name: "p.S.watch", idempotent: true };
      const items = idl.stream(new idl.Calls(transport), watch, {}, undefined);
      assert.deepEqual(await collected(items), [7]);
      isFirst = true;
      const together = new idl.Batch(transport);
      const users = new UserServiceClient(together);
      const deleted = together.add(users.deleteUser(1));
      await together.send();
      assert.equal(await deleted, true);
      assert.equal(sockets.length, 3);
    },
  );
});
