import assert from "node:assert/strict";
import { test } from "node:test";

import { http, NotFound, RpcError } from "./generated/_idlgen/index.js";
import { EmailTaken, UserNotFound, UserServiceClient } from "./generated/user/index.js";

const users = new UserServiceClient(http(process.env["URL"] ?? ""), { timeout: 60_000 });

test("a user is returned", async () => {
  const user = await users.getUserById(1);
  assert.equal(user.name, "홍길동");
  assert.deepEqual(user.roles, ["admin"]);
  assert.equal(Object.hasOwn(user, "nickname"), false);
});

test("a declared error is an instance of its class, and of its status's", async () => {
  await assert.rejects(users.getUserById(404), (error) => {
    assert.ok(error instanceof UserNotFound);
    assert.ok(error instanceof NotFound);
    assert.ok(error instanceof RpcError);
    assert.ok(error instanceof Error);
    assert.equal(error.message, "user 404 does not exist");
    assert.equal(error.name, "UserNotFound");
    assert.equal(error.status, "not_found");
    assert.equal(error.fields.id, 404);
    assert.equal(error.retryable, false);
    return true;
  });
});

test("accounts are opened, changed, listed and closed", async () => {
  const email = "ada@example.com";
  const made = await users.createUser({ name: "Ada", email, nickname: "A", roles: [] });
  assert.equal(made.nickname, "A");
  await assert.rejects(
    users.createUser({ name: "Eve", email, roles: ["guest"] }),
    (error) => error instanceof EmailTaken && error.fields.email === email,
  );
  const kept = await users.updateUser(made.id, { name: "Ada Lovelace" });
  assert.deepEqual([kept.name, kept.nickname], ["Ada Lovelace", "A"]);
  const cleared = await users.updateUser(made.id, { nickname: null });
  assert.deepEqual([cleared.name, cleared.nickname], ["Ada Lovelace", undefined]);

  const first = await users.listUsers({ limit: 1 });
  assert.equal(first.items.length, 1);
  const second = await users.listUsers({ cursor: first.next, limit: 1 });
  assert.deepEqual(second, { items: [cleared] });
  assert.equal((await users.listUsers()).items.length, 2);

  assert.equal(await users.deleteUser(made.id), true);
  assert.equal(await users.deleteUser(made.id), false);
  const { items } = await users.listEvents({}, { timeout: 30_000 });
  assert.deepEqual(items.at(-1), { type: "deleted", value: made.id });
});

test("a role that nobody knows is refused by the server, with its place", async () => {
  const wrong = { name: "Eve", email: "eve@example.com", roles: ["emperor"] };
  await assert.rejects(users.createUser(wrong), (error) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.status, "invalid_argument");
    assert.equal(error.problems[0]?.path, "$.userData.roles[0]");
    return true;
  });
});
