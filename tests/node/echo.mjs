// Sends JSON texts through generated clients, and prints what comes back as JSON texts.
// On standard input: a line {folder, url}, then lines [method, text]; the module
// `echo/client.js` has an EchoClient whose methods take and return one value.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { folder, url } = JSON.parse((await lines.next()).value);
const load = (path) => import(pathToFileURL(`${folder}/${path}`).href);
const { http } = await load("_idlgen/index.js");
const { parse, revive, write } = await load("_idlgen/shapes.js");
const { Echo } = await load("echo/_service.js");
const { EchoClient } = await load("echo/client.js");
const client = new EchoClient(http(url));

for await (const line of lines) {
  const [method, text] = JSON.parse(line);
  const value = revive(parse(text), Echo[method].result);
  console.log(write(await client[method](value)) ?? "null");
}
