/** Two calls, by openapi-fetch. */

import createClient from "openapi-fetch";

import type { paths } from "./openapi_user.js";

const client = createClient<paths>({ baseUrl: "https://api.example.com" });

export async function nameOf(id: number): Promise<string | undefined> {
  const { data, error, response } = await client.GET("/users/{id}", {
    params: { path: { id } },
  });
  if (response.status === 404) {
    return undefined;
  }
  if (data === undefined) {
    throw new Error(error.message);
  }
  return data.name;
}

export async function opened(name: string, email: string): Promise<number> {
  const { data, error } = await client.POST("/users", {
    body: { name, email, roles: ["member"] },
  });
  if (data === undefined) {
    throw new Error(error.message);
  }
  return data.id;
}
