from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.targets.docs.target import DocsTarget
from tests.targets.docs.conftest import CheckTypeScript, RenderDocs


@pytest.mark.parametrize(
    ("param", "other", "written"),
    [
        ("T", "Other", "T"),
        # What the file uses of TypeScript's own.
        ("Record", "Other", "Record_"),
        ("Promise", "Other", "Promise_"),
        ("AsyncIterable", "Other", "AsyncIterable_"),
        # What it does not use may be hidden.
        ("Array", "Other", "Array"),
        ("String", "Other", "String"),
        # Another type is called so in TypeScript.
        ("T", "T", "T_"),
        ("U", "U", "U__"),  # `U_` is a param of another struct
        ("EventUnknown", "Other", "EventUnknown_"),
    ],
)
def test_type_params_hide_nothing_that_the_file_uses(
    param: str,
    other: str,
    written: str,
    tmp_path: Path,
    render_docs: RenderDocs,
    check_typescript: CheckTypeScript,
) -> None:
    typescript = render_docs(f"""
package: generic
types:
  Page<{param}>:
    fields:
      item: {param}
      items: list<{param}>
      others: map<Named>
      pages: map<int, Page<{param}>>
      event: Event
  Named: {{name: {other}, fields: {{id: int}}}}
  Event: {{union: {{a: Named}}}}
  Lone<U_>: {{fields: {{u: U_}}}}
services:
  S: {{methods: {{go: {{returns: Page<Named>}}, stream: {{returns: stream<Page<bool>>}}}}}}
""").typescript
    assert f"""
export interface Page<{written}> {{
  item: {written};
  items: {written}[];
  others: Record<string, {other}>;
  /** Keys: int. */
  pages: Record<string, Page<{written}>>;
  event: Event;
}}
""" in typescript
    (tmp_path / "generic.d.ts").write_text(typescript, "utf-8")
    (tmp_path / "uses.ts").write_text(
        f'import type {{ Event, Page, {other} as Named }} from "./generic.js";\n'
        "declare const page: Page<boolean>;\n"
        "export const named: Named | undefined = page.others['x'];\n"
        "export const item: boolean | undefined = page.pages['1']?.items[0];\n"
        "export const event: Event = page.event;\n",
        "utf-8",
    )
    assert check_typescript(tmp_path) == ""


def test_a_param_gives_way_to_another_of_the_same_struct(
    render_docs: RenderDocs,
) -> None:
    typescript = render_docs("""
package: p
types:
  Pair<T, T_>: {fields: {a: T, b: T_}}
  Named: {name: T, fields: {}}
""").typescript
    assert "interface Pair<T__, T_> {\n  a: T__;\n  b: T_;\n}" in typescript


def test_streams_and_records_of_the_schema_leave_the_global_ones(
    tmp_path: Path, render_docs: RenderDocs, check_typescript: CheckTypeScript
) -> None:
    typescript = render_docs("""
package: p
types: {AsyncIterable: {fields: {}}, Record<T>: {fields: {own: T}}}
services:
  Promise:
    methods:
      watch: {params: {sent: stream<bool>}, returns: stream<AsyncIterable>}
      count: {params: {sent: stream<map<int>>}, returns: Record<bool>}
""").typescript
    assert """
export interface Promise {
  watch(
    sent: globalThis.AsyncIterable<boolean>,
  ): globalThis.AsyncIterable<AsyncIterable>;
  count(
    sent: globalThis.AsyncIterable<globalThis.Record<string, number>>,
  ): globalThis.Promise<Record<boolean>>;
}
""" in typescript
    (tmp_path / "p.d.ts").write_text(typescript, "utf-8")
    assert check_typescript(tmp_path) == ""


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (
            "{E: {union: {a: null}}, F: {fields: {}, name: EUnknown}}",
            "`E` and `F` both make `EUnknown` in TypeScript",
        ),
        (
            "{U: {fields: {}, name: string_Unknown}, E: {union: {a: null}, name: string}}",
            "`U` and `E` both make `string_Unknown` in TypeScript",
        ),
        (
            "{E: {union: {a: null}, closed: true}, F: {fields: {}, name: EUnknown}}",
            None,
        ),
    ],
)
def test_what_an_open_union_makes_is_a_name_like_any_other(
    types: str, message: str | None
) -> None:
    text = f"package: p\ntypes: {types}"
    outcome = compile(
        [PurePosixPath("p.yaml")], lambda _: text.encode(), [DocsTarget({})]
    )
    found = [(each.code, each.message) for each in outcome.diagnostics]
    assert found == ([] if message is None else [("IDL402", message)])
