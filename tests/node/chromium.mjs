// Runs programs for `node:test` in headless Chromium, on a page of the server's origin:
// `node chromium.mjs /usr/bin/chromium http://127.0.0.1:8000/rpc program.js ...`.
// What is written to the console as an error is a failure.
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { fileURLToPath } from "node:url";

const [executablePath, url, ...programs] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(`browser/${path}`, import.meta.url));
const stands = {
  "node:test": here("test.mjs"),
  "node:assert/strict": here("assert.mjs"),
  ws: here("ws.mjs"),
};
const { outputFiles } = await build({
  stdin: {
    contents: programs.map((path) => `import ${JSON.stringify(path)};`).join("\n"),
    resolveDir: process.cwd(),
  },
  alias: stands,
  bundle: true,
  define: { "process.env": JSON.stringify({ URL: url }) },
  format: "iife",
  write: false,
});
// The page is made up here, so it counts as one from elsewhere that reaches into this
// machine. Root has no sandbox.
const args = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"];
const browser = await chromium.launch({ executablePath, args });
const failures = [];
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => failures.push(`on the page: ${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      failures.push(`on the console: ${message.text()}`);
    }
  });
  const address = new URL("/page", url).href;
  await page.route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: "<link rel=icon href='data:,'>" }),
  );
  await page.goto(address);
  await page.addScriptTag({ content: outputFiles[0].text });
  const result = await page.evaluate(() => globalThis.run());
  failures.push(...result.failures);
  console.log(`${result.count} tests`);
} finally {
  await browser.close();
}
for (const failure of failures) {
  console.error(failure);
}
process.exitCode = failures.length > 0 ? 1 : 0;
