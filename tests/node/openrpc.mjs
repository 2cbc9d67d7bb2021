// Prints, for each OpenRPC document of its arguments, what OpenRPC's own library has
// against it: a JSON list of texts, empty where it is content. It also makes each
// example's call, as a client of that library checks calls before it sends them.
import { readFileSync } from "node:fs";
import openrpc from "@open-rpc/schema-utils-js";

const read = (path) => JSON.parse(readFileSync(path, "utf-8"));

function references(value) {
  const found = JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g);
  return [...found].map((match) => match[1]);
}

// The library runs out of memory when it dereferences a type that holds itself.
function recurs(schemas) {
  const closed = new Set();
  const visit = (name, above) => {
    if (above.includes(name)) return true;
    if (closed.has(name)) return false;
    closed.add(name);
    return references(schemas[name]).some((next) => visit(next, [...above, name]));
  };
  return Object.keys(schemas).some((name) => visit(name, []));
}

async function complaintsOfCalls(path) {
  const document = await openrpc.parseOpenRPCDocument(read(path));
  const validator = new openrpc.MethodCallValidator(document);
  return document.methods.flatMap((method) =>
    (method.examples ?? []).flatMap((example) => {
      const params = Object.fromEntries(example.params.map(({ name, value }) => [name, value]));
      return validator.validate(method.name, params).map((error) => error.message);
    }),
  );
}

async function complaints(path) {
  const document = read(path);
  const found = openrpc.validateOpenRPCDocument(document);
  if (found !== true) return [found.message];
  return recurs(document.components?.schemas ?? {}) ? [] : complaintsOfCalls(path);
}

const paths = process.argv.slice(2);
console.log(JSON.stringify(await Promise.all(paths.map(complaints))));
