from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.targets.docs.target import DocsTarget
from tests.targets.docs.conftest import CheckTypeScript, RenderDocs

# Names of TypeScript's own types and values, some of which generated code refers to.
OWN_TYPES = """
    Any Array Awaited BigInt Boolean Date Error Function Infinity JSON Map Math NaN Never
    Number Object Partial Promise PromiseLike Proxy ReadonlyArray Record Reflect RegExp
    Required Set String Symbol ThisType Unknown Uppercase WeakMap
"""
# Words that mean something to TypeScript somewhere, and names that objects have.
WORDS = """
    abstract accessor any arguments as asserts async await bigint boolean break case catch
    class const constructor continue debugger declare default delete do else enum eval
    export extends false finally for from function get global globalThis hasOwnProperty if
    implements import in infer instanceof interface is keyof length let module namespace
    never new null number object of out override package private prototype protected
    public readonly require return satisfies self set static string super switch symbol
    then this throw toJSON toString true try type typeof undefined unique unknown using
    valueOf var void while with yield _ __ __proto__ __brand A a1 camelCase snake_case
"""
TYPES = OWN_TYPES.split()
MEMBERS = WORDS.split()
RESERVED = {
    "class": "class_",
    "default": "default_",
    "await": "await_",
    "this": "this_",
}


def schema() -> str:
    fields = "".join(f"      {name}: string?\n" for name in MEMBERS)
    params = "".join(f"          {name}: {{type: string}}\n" for name in MEMBERS)
    methods = "".join(
        f"      {name}: {{params: {{{name}: {{type: string}}}}, returns: bool}}\n"
        for name in MEMBERS
    )
    own_types = "".join(
        f"  {name}: {{fields: {{list: 'list<{name}>', map: 'map<{name}>'}}}}\n"
        for name in TYPES
    )
    return (
        f"package: names\ntypes:\n{own_types}  Fields:\n    fields:\n{fields}"
        f"services:\n  Service:\n    methods:\n{methods}      all:\n        params:\n{params}"
    )


def test_every_name_works_everywhere(
    tmp_path: Path, render_docs: RenderDocs, check_typescript: CheckTypeScript
) -> None:
    declarations = render_docs(schema()).typescript
    (tmp_path / "names.d.ts").write_text(declarations, "utf-8")
    (tmp_path / "uses.ts").write_text(
        'import type { Promise as Own, Record as OwnRecord, Service } from "./names";\n'
        "declare const service: Service;\n"
        "export const called: Promise<boolean> = service.new('x');\n"
        "export const made: Promise<boolean> = service.constructor('x');\n"
        "export const own: Own = { list: [], map: {} };\n"
        "export const again: OwnRecord = { list: [], map: { any: { list: [], map: {} } } };\n",
        "utf-8",
    )
    assert check_typescript(tmp_path) == ""


@pytest.mark.parametrize(("name", "written"), RESERVED.items())
def test_a_reserved_word_as_a_param_gets_an_underscore(
    name: str, written: str, render_docs: RenderDocs
) -> None:
    text = f"package: p\nservices: {{S: {{methods: {{go: {{params: {{{name}: bool}}}}}}}}}}"
    typescript = render_docs(text).typescript
    assert f"  go({written}: boolean): Promise<void>;\n" in typescript
    assert f"@param {written} - On the wire: `{name}`." in typescript


@pytest.mark.parametrize(
    ("name", "written"),
    [("Fine", "Fine"), ("string", "string_"), ("class", "class_"), ("any", "any_")],
)
def test_a_type_is_called_as_its_name_key_says(
    name: str, written: str, render_docs: RenderDocs
) -> None:
    text = f"package: p\ntypes: {{T: {{fields: {{t: T?}}, name: {name}}}, U: list<T>}}"
    typescript = render_docs(text).typescript
    assert f"export interface {written} {{\n  t?: {written};\n}}" in typescript
    assert f"export type U = {written}[];" in typescript
    assert "/** Name in the schema: `T`. */" in typescript


def test_types_that_their_name_keys_call_the_same_are_refused() -> None:
    text = """
package: p
types: {T: {fields: {}, name: Error}, U: {enum: [a], name: error}}
errors: {E: {status: internal, name: Error}}
services: {S: {methods: {}, name: error}}
"""
    outcome = compile(
        [PurePosixPath("p.yaml")], lambda _: text.encode(), [DocsTarget({})]
    )
    assert [(found.code, found.message) for found in outcome.diagnostics] == [
        ("IDL402", "`T` and `E` both make `Error` in TypeScript"),
        ("IDL402", "`U` and `S` both make `error` in TypeScript"),
    ]


def test_params_that_meet_are_told_apart(render_docs: RenderDocs) -> None:
    params = "{a: {type: bool, name: b}, b: bool, c: {type: bool, name: b}}"
    text = f"package: p\nservices: {{S: {{methods: {{go: {{params: {params}}}}}}}}}"
    typescript = render_docs(text).typescript
    assert re.findall(r"(\w+): boolean", typescript) == ["b", "b_", "b__"]
    assert "@param b - On the wire: `a`." in typescript
    assert "@param b__ - On the wire: `c`." in typescript


def test_a_param_that_has_the_name_already_keeps_it(render_docs: RenderDocs) -> None:
    params = "{class: bool, class_: bool, class__: bool}"
    text = f"package: p\nservices: {{S: {{methods: {{go: {{params: {params}}}}}}}}}"
    typescript = render_docs(text).typescript
    assert re.findall(r"(\w+): boolean", typescript) == [
        "class___",
        "class_",
        "class__",
    ]


def test_globals_are_named_in_full_only_where_the_schema_has_the_name(
    render_docs: RenderDocs,
) -> None:
    methods = "methods: {go: {returns: 'map<int>'}}"
    plain = f"package: p\nservices: {{S: {{{methods}}}}}"
    assert "go(): Promise<Record<string, number>>;" in render_docs(plain).typescript
    taken = (
        f"package: p\nservices: {{Promise: {{{methods}}}}}\n"
        "errors: {Record: {status: internal}}"
    )
    full = "go(): globalThis.Promise<globalThis.Record<string, number>>;"
    assert full in render_docs(taken).typescript


def test_anchors_are_told_apart_as_github_does(render_docs: RenderDocs) -> None:
    text = """
package: p
types: {Go: {fields: {}}, Types: {fields: {go: Go, u: Under_score_}}, Under_score_: {fields: {}}}
errors: {GO: {status: internal}}
services: {S: {methods: {go: {errors: [GO]}}}, T: {methods: {go: {returns: Types}}}}
"""
    markdown = render_docs(text).markdown
    assert re.findall(r"^ *- (\[.*)$", markdown, re.MULTILINE)[:11] == [
        "[Services](#services)",
        "[S](#s)",
        "[go](#go)",
        "[T](#t)",
        "[go](#go-1)",
        "[Types](#types)",
        "[Go](#go-2)",
        "[Types](#types-1)",
        "[Under_score\\_](#under_score_)",
        "[Errors](#errors)",
        "[GO](#go-3)",
    ]
    assert "\n- [GO](#go-3)\n" in markdown
    assert "| `go` | [Go](#go-2) | yes |  |" in markdown
    assert "**Returns** [Types](#types-1)" in markdown
