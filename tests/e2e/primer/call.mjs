// node call.mjs URL '[["getUserById", 123], ...]'
// Makes the calls one after another; prints, for each, what came of it and what the
// server had answered.

import { SimpleRPCClient } from './simple_rpc_client.mjs';

const [url, calls] = process.argv.slice(2);

let answer;
const realFetch = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const response = await realFetch(...request);
  answer = await response.clone().text();
  return response;
};

const client = new SimpleRPCClient(url);
for (const [method, ...params] of JSON.parse(calls)) {
  let outcome;
  try {
    outcome = { result: await client.call(method, ...params) };
  } catch (error) {
    outcome = { error: error.message };
  }
  console.log(JSON.stringify({ ...outcome, answer: JSON.parse(answer) }));
}
