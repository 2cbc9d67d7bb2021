// Makes the calls that a JSON text on standard input lists, with generated clients:
// {folder, url, calls: [{module, client, method, args}]}. Prints what came of each:
// {value} or {error: {name, declared, fields}}, in their order.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { folder, url, calls } = JSON.parse(readFileSync(0, "utf-8"));
const load = (path) => import(pathToFileURL(`${folder}/${path}`).href);
const { http, RpcError } = await load("_idlgen/index.js");
const transport = http(url);

async function outcome({ module, client, method, args }) {
  const { [client]: Client } = await load(module);
  try {
    return { value: await new Client(transport)[method](...args) };
  } catch (error) {
    if (!(error instanceof RpcError)) {
      throw new Error(`${module} ${client}.${method}`, { cause: error });
    }
    const { name, fields } = error;
    return { error: { name, declared: error.constructor.declared, fields } };
  }
}

const outcomes = [];
for (const call of calls) {
  outcomes.push(await outcome(call));
}
console.log(JSON.stringify(outcomes));
