// Runs programs for `node:test` in one headless Chromium: `node chromium.mjs
// /usr/bin/chromium`. A line of input is {page, programs, env}, the address of an empty
// page, the modules that it loads, and what they find in `process.env`; a line of output
// is {count, failures, errors}, the last what the console shows as an error.
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// Milliseconds that anything may take on a busy machine; a browser's start takes most.
const PATIENCE = 300_000;
const here = (path) => fileURLToPath(new URL(`browser/${path}`, import.meta.url));
const alias = {
  "node:test": here("test.mjs"),
  "node:assert/strict": here("assert.mjs"),
  ws: here("ws.mjs"),
};

async function bundled(programs, env) {
  const { outputFiles } = await build({
    stdin: {
      contents: programs.map((path) => `import ${JSON.stringify(path)};`).join("\n"),
      resolveDir: process.cwd(),
    },
    alias,
    bundle: true,
    define: { "process.env": JSON.stringify(env) },
    format: "iife",
    write: false,
  });
  return outputFiles[0].text;
}

async function run(browser, { page: address, programs, env }) {
  const content = await bundled(programs, env);
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (error) => errors.push(`${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      errors.push(message.text());
    }
  });
  try {
    // No `page.route`: where requests are intercepted, CORS is not the browser's.
    await page.goto(address);
    await page.addScriptTag({ content });
    const result = await page.evaluate(() => globalThis.run());
    return { ...result, errors };
  } finally {
    await page.close();
  }
}

const [executablePath] = process.argv.slice(2);
// Root has no sandbox.
const args = ["--no-sandbox"];
const browser = await chromium.launch({ executablePath, args, timeout: PATIENCE });
try {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await run(browser, JSON.parse(line))));
  }
} finally {
  await browser.close();
}
