from __future__ import annotations

from tests.targets.docs.conftest import RenderDocs


def test_a_package_of_nothing_is_still_a_module_and_a_page(
    render_docs: RenderDocs,
) -> None:
    docs = render_docs("package: nothing")
    assert docs.typescript == """
/**
 * Interface of package nothing.
 *
 * @packageDocumentation
 */

export {};
"""
    assert docs.markdown == "\n# Package nothing\n"


def test_signatures_are_broken_only_beyond_88_columns(render_docs: RenderDocs) -> None:
    def go(name: str) -> str:
        methods = f"{{{name}: {{params: {{first: string, second: string}}}}}}"
        return f"package: p\nservices: {{S: {{methods: {methods}}}}}"

    longest = "x" * 39
    line = f"  {longest}(first: string, second: string): Promise<void>;"
    assert len(line) == 88
    assert f"\n{line}\n" in render_docs(go(longest)).typescript
    docs = render_docs(go("x" * 40))
    assert f"""
  {"x" * 40}(
    first: string,
    second: string,
  ): Promise<void>;
""" in docs.typescript


def test_enums_are_broken_only_beyond_88_columns(render_docs: RenderDocs) -> None:
    def enum(last: str) -> str:
        return f"package: p\ntypes: {{E: {{closed: true, enum: [{'a' * 30}, {last}]}}}}"

    line = f'export type E = "{"a" * 30}" | "{"b" * 34}";'
    assert len(line) == 88
    assert f"\n{line}\n" in render_docs(enum("b" * 34)).typescript
    assert f'\n  | "{"b" * 35}";\n' in render_docs(enum("b" * 35)).typescript


def test_required_params_come_first_in_typescript_alone(
    render_docs: RenderDocs,
) -> None:
    docs = render_docs("""
package: p
services: {S: {methods: {go: {params: {a: int?, b: {type: int, default: 1}, c: int}}}}}
""")
    assert "go(c: number, a?: number, b?: number): Promise<void>;" in docs.typescript
    assert "\ngo(a: int?, b: int = 1, c: int)\n" in docs.markdown


def test_keys_of_maps(render_docs: RenderDocs) -> None:
    docs = render_docs("""
package: p
types:
  E: {enum: [a]}
  Alias: {alias: E}
  N: {newtype: string}
  S:
    fields:
      plain: map<bool>
      by_number: map<int64, bool>
      by_newtype: map<N, bool>
      by_alias: map<Alias, bool>
""")
    assert """
export interface S {
  plain: Record<string, boolean>;
  /** Keys: int64. */
  by_number: Record<string, boolean>;
  /** Keys: N. */
  by_newtype: Record<string, boolean>;
  by_alias: { [key in Alias]?: boolean };
}
""" in docs.typescript
