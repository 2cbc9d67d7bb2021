/** Two calls, by a client that idlgen wrote. */

import { http } from "./generated/_idlgen/index.js";
import { UserNotFound, UserServiceClient } from "./generated/user/index.js";

const users = new UserServiceClient(http("https://api.example.com"));

export async function nameOf(id: number): Promise<string | undefined> {
  try {
    return (await users.getUserById(id)).name;
  } catch (error) {
    if (error instanceof UserNotFound) {
      return undefined;
    }
    throw error;
  }
}

export async function opened(name: string, email: string): Promise<number> {
  return (await users.createUser({ name, email, roles: ["member"] })).id;
}
