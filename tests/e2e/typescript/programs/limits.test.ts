import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { WebSocket } from "ws";

import {
  Cancelled,
  DeadlineExceeded,
  http,
  Unavailable,
  webSocket,
} from "./generated/_idlgen/index.js";
import type { Transport } from "./generated/_idlgen/index.js";
import { UserServiceClient } from "./generated/user/index.js";

const url = process.env["URL"] ?? "";
const PATIENT = { timeout: 30_000 };
// What the server does with these is told in users.py.
const ENDLESS = 4000;
const LATE = 4001;
const FLAKY = 503;

const socket = url.replace("http:", "ws:");
const transports: [string, () => Transport & { close?(): void }][] = [
  ["HTTP", () => http(url)],
  ["WebSocket", () => webSocket(socket, { WebSocket })],
];

for (const [name, made] of transports) {
  /** Run `use` with a client of its own. */
  const calling = async (use: (users: UserServiceClient) => Promise<void>) => {
    const transport = made();
    try {
      await use(new UserServiceClient(transport));
    } finally {
      transport.close?.();
    }
  };

  describe(name, () => {
    test("a deadline ends a call", async () => {
      await calling(async (users) => {
        await assert.rejects(users.getUserById(LATE, { timeout: 100 }), DeadlineExceeded);
      });
    });

    test("a signal ends a call, on the server too", async () => {
      await calling(async (users) => {
        const controller = new AbortController();
        const { signal } = controller;
        const reason = new Error("enough");
        const call = users.getUserById(ENDLESS, { signal, ...PATIENT });
        // It returns when the call above has begun.
        assert.equal(await users.deleteUser(-ENDLESS, PATIENT), true);
        controller.abort(reason);
        await assert.rejects(call, (error) => {
          return error instanceof Cancelled && error.cause === reason;
        });
        assert.equal(await users.deleteUser(ENDLESS, PATIENT), true);
      });
    });

    test("what fails at first is tried again, where that does no harm", async () => {
      await calling(async (users) => {
        assert.equal(await users.deleteUser(FLAKY), true);
        await assert.rejects(users.deleteUser(FLAKY, { retries: 0 }), Unavailable);
        assert.equal(await users.deleteUser(FLAKY, { retries: 1 }), true);
      });
    });
  });
}

test("headers of the caller's own go along", async () => {
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  const headers = { "X-Trace-Of-Ours": "1", traceparent };
  const users = new UserServiceClient(http(url, { headers }));
  const headed = { headers: { authorization: "Bearer x" }, idempotencyKey: "limits" };
  const call = { ...headed, ...PATIENT };
  assert.equal((await users.getUserById(1, call)).id, 1);
});
