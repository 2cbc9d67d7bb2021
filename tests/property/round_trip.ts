/**
 * Calls the methods of `Echo`: a line of input is the name of one and an answer's text; a
 * line of output is the request that gives back the result which the client made of it, or
 * the problems that it has. The client whose name is asked with `?` compares it with the
 * schema.
 */

import { http, Internal, validated } from "./generated/_idlgen/index.js";
import { EchoClient } from "./generated/echo/index.js";
import { validation } from "./generated/echo/validation.js";

let answer = "";
let request = "";

const fetch: typeof globalThis.fetch = async (_, init) => {
  request = String(init?.body);
  const { id } = JSON.parse(request) as { id: number };
  const body = `{"jsonrpc":"2.0","id":${id},"result":${answer}}`;
  return new Response(body, { headers: { "content-type": "application/json" } });
};
type Client = Record<string, (value: unknown) => Promise<unknown>>;
const transport = http("/rpc", { fetch });
const plain = new EchoClient(transport) as unknown as Client;
const checked = new EchoClient(validated(transport, validation)) as unknown as Client;

async function echo(line: string): Promise<string> {
  const space = line.indexOf(" ");
  const asked = line.slice(0, space);
  const name = asked.replace("?", "");
  answer = line.slice(space + 1);
  try {
    const value = await (name === asked ? plain : checked)[name]?.(undefined);
    answer = "null";
    await plain[name]?.(value);
    return request;
  } catch (error) {
    if (error instanceof Internal && error.problems.length > 0) {
      return JSON.stringify({ problems: error.problems });
    }
    throw error;
  }
}

let rest = "";
for await (const chunk of process.stdin.setEncoding("utf-8") as AsyncIterable<string>) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    process.stdout.write(`${await echo(line)}\n`);
  }
}
