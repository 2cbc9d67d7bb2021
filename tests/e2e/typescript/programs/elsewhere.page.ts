import assert from "node:assert/strict";
import { test } from "node:test";

import { http, Unavailable, webSocket } from "./generated/_idlgen/index.js";
import { UserServiceClient } from "./generated/user/index.js";

const url = process.env["URL"] ?? "";
const ONCE = { retries: 0, timeout: 60_000 };

test("a page of an origin that the server does not know can call nothing", async () => {
  const users = new UserServiceClient(http(url));
  await assert.rejects(users.getUserById(1, ONCE), Unavailable);
});

test("it can open no WebSocket either", async () => {
  const socket = webSocket(url.replace("http:", "ws:"));
  await assert.rejects(new UserServiceClient(socket).getUserById(1, ONCE), Unavailable);
  socket.close();
});
