// Stands for `node:assert/strict` in a browser: as much of it as the programs use.
function shown(value) {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part));
}

function same(a, b) {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return false;
  }
  const keys = Object.keys(a);
  return (
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

function check(holds, message) {
  if (!holds) {
    throw new Error(message);
  }
}

function fits(error, wanted) {
  if (wanted === undefined) {
    return true;
  }
  if (typeof wanted === "function") {
    const isClass = wanted === Error || wanted.prototype instanceof Error;
    return isClass ? error instanceof wanted : wanted(error) === true;
  }
  return wanted instanceof Error
    ? error?.message === wanted.message
    : Object.keys(wanted).every((key) => same(error?.[key], wanted[key]));
}

async function rejects(call, wanted) {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    check(fits(error, wanted), `another error: ${error?.stack ?? error}`);
    return;
  }
  throw new Error("nothing was thrown");
}

function throws(call, wanted) {
  try {
    call();
  } catch (error) {
    check(typeof wanted === "string" || fits(error, wanted), `another error: ${error}`);
    return;
  }
  throw new Error(`nothing was thrown: ${shown(wanted)}`);
}

export default {
  ok: (value, message = "it does not hold") => check(value, message),
  equal: (a, b) => check(Object.is(a, b), `${shown(a)} is not ${shown(b)}`),
  deepEqual: (a, b) => check(same(a, b), `${shown(a)} is not ${shown(b)}`),
  rejects,
  throws,
};
