from __future__ import annotations

import pytest

from tests.targets.docs.conftest import RenderDocs


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("int, min: 1", "At least 1."),
        ("int, max: 500", "At most 500."),
        ("int, min: -5, max: 5", "-5 to 5."),
        ("int, min: 7, max: 7", "Exactly 7."),
        ("int, exclusive_min: 0", "Above 0."),
        ("int, exclusive_min: 0, max: 10", "Above 0, at most 10."),
        ("int, min: 0, exclusive_max: 10", "At least 0, below 10."),
        ("int64, max: 9223372036854775807", "At most 9223372036854775807."),
        ("float, min: 0, max: 0.5", "0 to 0.5."),
        ("float, max: 1e30", "At most 1e+30."),
        ("decimal, multiple_of: '0.01'", "A multiple of 0.01."),
        ("decimal, min: '1.10'", "At least 1.10."),
        ("string, min_length: 1, max_length: 100", "1 to 100 characters."),
        ("string, min_length: 1", "At least 1 character."),
        ("string, max_length: 1", "At most 1 character."),
        ("string, max_length: 0", "At most 0 characters."),
        ("string, min_length: 4, max_length: 4", "Exactly 4 characters."),
        ("Name, min_length: 2", "At least 2 characters."),
        ("bytes, max_length: 65536", "At most 65536 bytes."),
        ("Picture, min_length: 1", "At least 1 byte."),
        ("Picture | null, min_length: 1", "At least 1 byte."),
        ("string, pattern: '^[^@]+@[^@]+$'", "Matches `^[^@]+@[^@]+$`."),
        ("string, max_length: 9, pattern: a", "At most 9 characters, matches `a`."),
        ("list<int>, min_items: 1, max_items: 3", "1 to 3 items."),
        ("set<int>, max_items: 1", "At most 1 item."),
    ],
)
def test_what_both_files_say_of_constraints(
    type_: str, told: str, render_docs: RenderDocs
) -> None:
    docs = render_docs(f"""
package: p
types:
  Name: {{newtype: string}}
  Picture: {{alias: Image}}
  Image: bytes
  S:
    fields:
      field: {{type: {type_}}}
services:
  Service:
    methods:
      go:
        params:
          param: {{type: {type_}}}
""")
    assert docs.markdown.count(f" | yes | {told} |\n") == 2
    comment = docs.typescript.partition("export interface S {")[2]
    assert f"  /** {told}" in comment
    assert f"@param param - {told}" in comment


def test_constraints_of_aliases_and_newtypes(render_docs: RenderDocs) -> None:
    docs = render_docs("""
package: p
types:
  Limit: {alias: uint32, max: 500, doc: "How many"}
  Code: {newtype: string, min_length: 2, max_length: 2}
""")
    assert "\n/** How many. At most 500. */\nexport type Limit" in docs.typescript
    assert "\n/** Exactly 2 characters. */\nexport type Code" in docs.typescript
    assert "\nHow many\n\nAnother name for uint32. At most 500.\n" in docs.markdown
    assert "what the wire carries. Exactly 2 characters.\n" in docs.markdown


@pytest.mark.parametrize(
    ("pattern", "typescript", "markdown"),
    [
        ("a*/b", r"`a*\/b`", "`a*/b`"),
        ("`[|]", r"`\u0060[|]`", "<code>&#96;&#91;&#124;&#93;</code>"),
        (r"\{@x", r"`\{\u0040x`", r"`\{@x`"),
        ("a @ts-ignore", r"`a \u0040ts-ignore`", "`a @ts-ignore`"),
        ("\u202e\n", r"`\u202e\u000a`", r"`\u202e\u000a`"),
    ],
)
def test_a_pattern_that_is_shown_is_still_the_same_pattern(
    pattern: str, typescript: str, markdown: str, render_docs: RenderDocs
) -> None:
    quoted = "".join(f"\\u{ord(char):04x}" for char in pattern)
    docs = render_docs(
        f'package: p\ntypes: {{T: {{alias: string, pattern: "{quoted}"}}}}'
    )
    assert f"/** Matches {typescript}. */" in docs.typescript
    assert f"Another name for string. Matches {markdown}.\n" in docs.markdown
