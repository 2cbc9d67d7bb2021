/** Two calls, by connect-es. */

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

import { Role, UserService } from "./generated/user_pb.js";

const baseUrl = "https://api.example.com";
const users = createClient(UserService, createConnectTransport({ baseUrl }));

export async function nameOf(id: number): Promise<string | undefined> {
  try {
    return (await users.getUserById({ id: BigInt(id) })).name;
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.NotFound) {
      return undefined;
    }
    throw error;
  }
}

export async function opened(name: string, email: string): Promise<number> {
  const userData = { name, email, roles: [Role.MEMBER] };
  return Number((await users.createUser({ userData })).id);
}
