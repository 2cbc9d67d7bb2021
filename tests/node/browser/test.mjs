// Stands for `node:test` in a browser: tests run one after another, in their order.
// `finished` is a promise of the names of those that failed, each with its error.
const tests = [];
const endings = [];
let suite = "";

export function test(name, run) {
  tests.push({ name: suite + name, run });
}

export function describe(name, define) {
  const outer = suite;
  suite += `${name} > `;
  define();
  suite = outer;
}

export function after(run) {
  endings.push(run);
}

globalThis.run = async () => {
  const failures = [];
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? error}`);
    }
  }
  for (const run of endings) {
    await run();
  }
  return { count: tests.length, failures };
};
