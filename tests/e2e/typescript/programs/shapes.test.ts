import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "./generated/_idlgen/parsing.js";
import { revive } from "./generated/_idlgen/shapes.js";
import type { Shape } from "./generated/_idlgen/shapes.js";
import { write } from "./generated/_idlgen/writing.js";

function read(text: string, shape?: Shape): unknown {
  return revive(parse(text), shape);
}

const BIG = "9223372036854775807";

test("integers of 64 bits are bigint, however they are written", () => {
  assert.deepEqual(read(`[1, ${BIG}, -${BIG}, "${BIG}", 0, null]`, { list: "int64" }), [
    1n,
    9223372036854775807n,
    -9223372036854775807n,
    9223372036854775807n,
    0n,
    null,
  ]);
});

test("what is no integer of 64 bits stays what JSON.parse makes of it", () => {
  const texts = [
    "9007199254740991",
    BIG,
    "0.1234567890123456789",
    "1234567890123456.5",
    "1e1234567890123456",
    "1E-1234567890123456",
    "1234567890123456e2",
    `"${BIG}"`,
    `"\\"${BIG}"`,
    `"\\\\", ${BIG}`,
    `{"${BIG}": "\\\\\\"${BIG}", "a": ${BIG}}`,
    `"\\u0001${BIG}"`,
    `"\\u0001\\u0001${BIG}"`,
    `{"\\u0001${BIG}" : "\\u0001", "b": ${BIG}}`,
    `["\\u0001n", "\u2028", ${BIG}]`,
    `{"__proto__": {"a": ${BIG}}, "constructor": ${BIG}}`,
    `[${"1234567890123456,".repeat(50)}0]`,
  ];
  for (const text of texts) {
    const whole = `[${text}]`;
    assert.deepEqual(read(whole), JSON.parse(whole), text);
  }
});

test("of what is of any kind nothing is lost", () => {
  assert.deepEqual(read(`{"a": [${BIG}, 9007199254740991, 1.5], "b": "${BIG}"}`, "any"), {
    a: [9223372036854775807n, 9007199254740991, 1.5],
    b: BIG,
  });
});

test("broken JSON stays broken", () => {
  for (const text of [`[${BIG}`, `${BIG}${BIG}"`, `"${BIG}`, `-${BIG}-`, `1${BIG}.`, `0${BIG}`]) {
    assert.throws(() => parse(text), SyntaxError, text);
  }
});

test("maps have no prototype, at every depth", () => {
  const map = read(`{"__proto__": {"toString": ${BIG}}}`, { map: { map: "int64" } });
  assert.equal(Object.getPrototypeOf(map), null);
  const inner = (map as Record<string, Record<string, unknown>>)["__proto__"];
  assert.equal(Object.getPrototypeOf(inner), null);
  assert.equal(inner?.["toString"], 9223372036854775807n);
  assert.equal(inner?.["valueOf"], undefined);
  const empty = read(`{}`, { map: null });
  assert.equal(Object.getPrototypeOf(empty), null);
});

test("fields are read where they are, and only there", () => {
  const shape: Shape = {
    fields: [
      ["id", "int64"],
      ["__proto__", "int64"],
      ["absent", "int64"],
      ["toString", "int64"],
    ],
  };
  for (const long of ["1", BIG]) {
    const found = read(`{"id": ${long}, "__proto__": 2, "other": 3}`, shape) as object;
    assert.deepEqual(Object.entries(found), [
      ["id", BigInt(long)],
      ["__proto__", 2n],
      ["other", 3],
    ]);
    assert.equal(Object.getPrototypeOf(found), Object.prototype);
  }
});

test("recursive shapes end where values do", () => {
  const shape: Shape = {
    fields: [
      ["n", "int64"],
      ["next", () => shape],
    ],
  };
  assert.deepEqual(read('{"n": 1, "next": {"n": 2, "next": null}}', () => shape), {
    n: 1n,
    next: { n: 2n, next: null },
  });
});

test("variants are read by their tags", () => {
  const inner: Shape = { fields: [["n", "int64"]] };
  const nested: Shape = { tag: "type", variants: [["a", inner], ["b", "int64"]] };
  assert.deepEqual(read('{"type": "a", "value": {"n": 1}}', nested), {
    type: "a",
    value: { n: 1n },
  });
  assert.deepEqual(read(`{"type": "b", "value": ${BIG}}`, nested), {
    type: "b",
    value: 9223372036854775807n,
  });
  // Of a variant of a later version nothing is lost.
  assert.deepEqual(read(`{"type": "c", "value": [${BIG}]}`, nested), {
    type: "c",
    value: [9223372036854775807n],
  });
  const flat: Shape = { tag: "__proto__", flat: true, variants: [["a", () => inner]] };
  const found = read('{"__proto__": "a", "n": 1}', flat) as object;
  assert.deepEqual(Object.entries(found), [["__proto__", "a"], ["n", 1n]]);
});

test("what is no integer in an integer's place is refused", () => {
  for (const text of ['"one"', "1.5", "1e400"]) {
    assert.throws(() => read(`[${text}]`, { list: "int64" }), text);
  }
});

test("values with bigint are written as JSON writes numbers", () => {
  const map = Object.create(null) as Record<string, unknown>;
  map["__proto__"] = 2n ** 64n;
  const value = {
    a: [1n, undefined, null, "\u2028\"", -0],
    b: undefined,
    c: () => 1,
    d: new Date(0),
    e: map,
    f: { g: 1.5, 한: true },
  };
  assert.equal(
    write(value),
    '{"a":[1,null,null,"\u2028\\"",0],"d":"1970-01-01T00:00:00.000Z",' +
      '"e":{"__proto__":18446744073709551616},"f":{"g":1.5,"한":true}}',
  );
  for (const number of [Number.NaN, Infinity, -Infinity]) {
    assert.throws(() => write({ a: [number] }), TypeError);
  }
});
