/** Values beside what the schema says of them: all that is wrong, and where. */

import { missed } from "./constraints.js";
import { jsonOf, keyOf, scalarOf } from "./kinds.js";
import type { Kind, Member, Scalar } from "./kinds.js";
import { isObject } from "./messages.js";
import { parse } from "./parsing.js";
import type { Problem } from "./rpcerror.js";
import { put, revive } from "./shapes.js";

/** Where a value stands; of what is `hidden` neither values nor names are told. */
interface Place {
  readonly path: string;
  readonly hidden: boolean;
}

type Members = Record<string, unknown>;
type Union = Extract<Kind, { readonly tag: string }>;

const MOST_PROBLEMS = 50;
const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,99}$/u;

/** Reads a value as its kind says, in place; `problems` is empty where it fits. */
export class Reader {
  readonly problems: Problem[] = [];

  /** Return the value as programs get it; integers beyond 53 bits are `bigint` in it. */
  read(value: unknown, kind: Kind, at: Place = { path: "$", hidden: false }): unknown {
    if (typeof kind === "function") {
      return this.read(value, kind(), at);
    }
    if (typeof kind === "string") {
      return this.#scalar(value, kind, at);
    }
    if ("sensitive" in kind) {
      return this.read(value, kind.sensitive, { ...at, hidden: true });
    }
    if ("nullable" in kind) {
      return value === null ? null : this.read(value, kind.nullable, at);
    }
    if ("is" in kind) {
      const before = this.problems.length;
      const read = this.read(value, kind.is, at);
      if (read !== null && this.problems.length === before) {
        missed(read, kind).forEach((message) => this.#add(at, message));
      }
      return read;
    }
    if ("texts" in kind) {
      return this.#text(value, kind.texts, at);
    }
    return this.#container(value, kind, at);
  }

  #container(
    value: unknown,
    kind: Extract<Kind, { list: Kind } | { map: Kind } | { fields: unknown } | Union>,
    at: Place,
  ): unknown {
    if ("list" in kind) {
      if (Array.isArray(value)) {
        const list: unknown[] = value;
        list.forEach((item, index) => {
          list[index] = this.read(item, kind.list, inside(at, index));
        });
      } else {
        this.#wrong(at, "list", value);
      }
      return value;
    }
    if (!isObject(value)) {
      this.#wrong(at, "object", value);
      return value;
    }
    const object: Members = value;
    if ("map" in kind) {
      return this.#map(object, kind.key, kind.map, at);
    }
    if ("fields" in kind) {
      kind.fields.forEach((member) => this.#member(object, member, at));
    } else {
      this.#variant(object, kind, at);
    }
    return object;
  }

  #scalar(value: unknown, kind: Scalar, at: Place): unknown {
    const read = scalarOf(kind, value);
    if (read === undefined && kindOf(value) === jsonOf(kind)) {
      this.#add(at, `Invalid \`${kind}\``);
    } else if (read === undefined) {
      this.#wrong(at, kind, value);
    }
    return read;
  }

  #text(value: unknown, known: readonly string[], at: Place): unknown {
    if (typeof value !== "string") {
      this.#wrong(at, "string", value);
    } else if (!known.includes(value)) {
      this.#add(at, `Expected one of ${known.map((text) => `\`${text}\``).join(", ")}`);
    }
    return value;
  }

  #map(object: Members, key: Kind, kind: Kind, at: Place): unknown {
    const map = Object.create(null) as Members;
    for (const name of Object.keys(object)) {
      const place = at.hidden ? { ...at, path: `${at.path}[...]` } : inside(at, name);
      const keys = new Reader();
      keys.read(keyOf(scalarBehind(key), name), key, place);
      keys.problems.forEach(({ message }) => this.#add(place, `Key: ${message}`));
      map[name] = this.read(object[name], kind, place);
    }
    return map;
  }

  #member(object: Members, [key, kind, absent]: Member, at: Place): void {
    const place = inside(at, key);
    if (Object.hasOwn(object, key)) {
      const value = object[key];
      if (absent === null && value === null) {
        delete object[key];
      } else {
        put(object, key, this.read(value, kind, place));
      }
    } else if (absent === undefined) {
      this.#add(place, "Missing");
    } else if (typeof absent === "string") {
      put(object, key, this.read(revive(parse(absent), "any"), kind, place));
    }
  }

  #variant(object: Members, { tag, flat, closed, variants }: Union, at: Place): void {
    const place = inside(at, tag);
    const given = Object.hasOwn(object, tag) ? object[tag] : undefined;
    if (given === undefined) {
      this.#add(place, "Missing");
      return;
    }
    const found = variants.find(([text]) => text === given);
    if (found === undefined) {
      if (typeof given !== "string" || closed === true) {
        this.#text(given, variants.map(([text]) => text), place);
      }
      return;
    }
    const carried = found[1];
    if (carried !== null && flat === true) {
      this.read(object, carried, at);
    } else if (carried !== null) {
      this.#member(object, ["value", carried], at);
    }
  }

  #wrong(at: Place, expected: string, value: unknown): void {
    const told = at.hidden ? "" : `, got \`${kindOf(value)}\``;
    this.#add(at, `Expected \`${expected}\`${told}`);
  }

  #add({ path }: Place, message: string): void {
    if (this.problems.length < MOST_PROBLEMS) {
      this.problems.push({ path, message });
    }
  }
}

function inside({ path, hidden }: Place, step: string | number): Place {
  if (typeof step === "number") {
    return { path: `${path}[${step}]`, hidden };
  }
  if (NAME.test(step)) {
    return { path: `${path}.${step}`, hidden };
  }
  const shown = step.length > 100 ? `${step.slice(0, 100)}…` : step;
  return { path: `${path}[${JSON.stringify(shown)}]`, hidden };
}

function scalarBehind(kind: Kind): Scalar {
  if (typeof kind === "function") {
    return scalarBehind(kind());
  }
  if (typeof kind === "string") {
    return kind;
  }
  return "is" in kind ? scalarBehind(kind.is) : "string";
}

/** Return what JSON calls a value. */
function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "list";
  }
  return typeof value === "bigint" ? "number" : typeof value;
}
