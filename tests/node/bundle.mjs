// Bundles each module that is named as for browsers, and prints as JSON how large the
// bundle is, and of which files how many bytes of it are.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

async function bundled(entry) {
  const options = { bundle: true, minify: true, format: "esm", target: "es2022" };
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: [entry],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const [{ contents }] = outputFiles;
  const [{ inputs }] = Object.values(metafile.outputs);
  const parts = Object.entries(inputs).map(([path, part]) => [path, part.bytesInOutput]);
  return {
    minified: contents.length,
    gzipped: gzipSync(contents, { level: 9 }).length,
    parts: Object.fromEntries(parts.filter(([, bytes]) => bytes > 0)),
  };
}

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(bundled))));
