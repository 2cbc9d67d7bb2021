/**
 * Calls the methods of `Echo`: a line of input is the name of one and an answer's text; a
 * line of output is the request that gives back the result which the client made of it.
 */

import { http } from "./generated/_idlgen/index.js";
import { EchoClient } from "./generated/echo/index.js";

let answer = "";
let request = "";

const fetch: typeof globalThis.fetch = async (_, init) => {
  request = String(init?.body);
  const { id } = JSON.parse(request) as { id: number };
  const body = `{"jsonrpc":"2.0","id":${id},"result":${answer}}`;
  return new Response(body, { headers: { "content-type": "application/json" } });
};
const client = new EchoClient(http("/rpc", { fetch })) as unknown as Record<
  string,
  (value: unknown) => Promise<unknown>
>;

async function echo(line: string): Promise<string> {
  const space = line.indexOf(" ");
  const name = line.slice(0, space);
  answer = line.slice(space + 1);
  const value = await client[name]?.(undefined);
  answer = "null";
  await client[name]?.(value);
  return request;
}

let rest = "";
for await (const chunk of process.stdin.setEncoding("utf-8") as AsyncIterable<string>) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    process.stdout.write(`${await echo(line)}\n`);
  }
}
