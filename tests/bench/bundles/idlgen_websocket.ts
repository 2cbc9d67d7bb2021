/** Two calls over a WebSocket, by a client that idlgen wrote. */

import { webSocket } from "./generated/_idlgen/index.js";
import { UserServiceClient } from "./generated/user/index.js";

const users = new UserServiceClient(webSocket("wss://api.example.com"));

export async function nameOf(id: number): Promise<string> {
  return (await users.getUserById(id)).name;
}

export async function opened(name: string, email: string): Promise<number> {
  return (await users.createUser({ name, email, roles: ["member"] })).id;
}
