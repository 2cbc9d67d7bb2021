from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.targets.docs.conftest import CheckTypeScript, RenderDocs
from tests.targets.docs.hostile_schema import schema

TEXTS = {
    "closing comment": "*/ export const pwned: number; /*",
    "closing comment at the end": "pwned */",
    "opening comment": "/* // pwned",
    "half a closing mark": "*\n/ pwned",
    "quotes": "\"; pwned(); '",
    "backslash at the end": "pwned\\",
    "backticks": "`pwned` ``pwned`` ```pwned",
    "one backtick": "pwned`",
    "fence": "```\npwned\n```\n~~~\npwned",
    "several lines": "one\n# pwned\n\n## pwned\r\n- pwned\n---\n1. pwned\n    pwned\n=====",
    "tags of a template": "{{ pwned }} {% pwned %} {# pwned #} ${pwned} <% pwned %>",
    "html": "<script>pwned()</script> <!-- pwned &lt; &#60; --> <b onclick=pwned>",
    "links": "[pwned](javascript:pwned) ![pwned](x) [pwned]: x <javascript:pwned>",
    "a table": "a | b | c\n--- | --- | ---\npwned | x \\| y \\",
    "tags of TSDoc": "@internal {@link pwned} {@inheritDoc pwned}\n@deprecated\n@pwned",
    "switches of the compiler": "@ts-nocheck\n@ts-ignore pwned\n// @ts-expect-error",
    "references": '/// <reference path="pwned" />',
    "control characters": "pwned \x00\x01\x07\x1b[31m\x7f\x85\x9f",
    "bidi controls": "pwned \u202e\u2066 // \u2069 \u200f\u061c",
    "odd line ends": "one\u2028// pwned\u2029two\x0bthree\x0cfour\rfive\x85six",
    "byte order mark": "\ufeffpwned\ufeff",
    "spaces alone": "   ",
    "spaces around": "  pwned\t ",
    "very long": "pwned " * 60,
    "very long word": "pwned" * 60 + "-",
    "other alphabets": "홍길동 δοκιμή اختبار 👩‍👩‍👧 é",
}
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def code_of(typescript: str) -> str:
    """What is left without comments and with every literal as "", on one line."""
    token = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\[^\n])*"', re.DOTALL)
    bare = token.sub(lambda found: '""' if found[0][0] == '"' else "", typescript)
    return " ".join(bare.split()).replace("= |", "=")


def skeleton_of(markdown: str) -> list[str]:
    """Headings, fences and the columns of tables, which no text may add to or end."""
    lines = []
    without_json = re.sub(
        r"(?m)^```json\n[^`].*?^```$", "```", markdown, flags=re.DOTALL
    )
    for line in without_json.split("\n"):
        if line.startswith(("#", "```", "~~~", "    ")):
            lines.append(line)
        elif line.startswith("|"):
            lines.append("|" * len(re.findall(r"(?<!\\)\|", line)))
    return lines


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_never_becomes_typescript(text: str, render_docs: RenderDocs) -> None:
    typescript = render_docs(schema(text)).typescript
    assert code_of(typescript) == code_of(
        render_docs(schema("harmless text")).typescript
    )
    assert not INVISIBLE.search(typescript)
    comments = "\n".join(re.findall(r"/\*.*?\*/", typescript, re.DOTALL))
    # What tools look for: directives and tags at the start of a line, links anywhere.
    assert not re.search(r"^[\s/*]*@(ts-|internal|pwned|link)", comments, re.MULTILINE)
    assert not re.search(r"(?<!\\)@(?:link|inheritDoc) pwned", comments)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_never_becomes_markup(text: str, render_docs: RenderDocs) -> None:
    markdown = render_docs(schema(text)).markdown
    plain = render_docs(schema("harmless text")).markdown
    assert skeleton_of(markdown) == skeleton_of(plain)
    assert not INVISIBLE.search(markdown)
    assert not re.search(r"\{\{|\{%|\{#", markdown)
    outside_code = re.sub(
        r"```(?:json|text)\n.*?\n```|`[^`\n]*`", "", markdown, flags=re.DOTALL
    )
    assert set(re.findall(r"<[^>]*>?", outside_code)) <= {"<code>", "</code>", "<br>"}
    assert not re.search(r"(?<!\\)\[pwned", outside_code)


def test_the_compiler_finds_nothing_in_any_of_them(
    tmp_path: Path, render_docs: RenderDocs, check_typescript: CheckTypeScript
) -> None:
    for number, text in enumerate(TEXTS.values()):
        path = tmp_path / f"hostile{number}.d.ts"
        path.write_text(render_docs(schema(text)).typescript, "utf-8", newline="")
    assert check_typescript(tmp_path) == ""


@pytest.mark.parametrize(
    ("scope", "typescript", "markdown"),
    [
        ("users:read", "`users:read`", "`users:read`"),
        ("*/pwned/*", r"`*\/pwned/*`", "`*/pwned/*`"),
        ("a`b", r"`a\u0060b`", "<code>a&#96;b</code>"),
        ("a|b", "`a|b`", "<code>a&#124;b</code>"),
        (
            "{@link{{x}}",
            r"`{\u0040link{{x}}`",
            "<code>&#123;&#64;link&#123;&#123;x&#125;&#125;</code>",
        ),
        ("<b>&amp;", "`<b>&amp;`", "`<b>&amp;`"),
    ],
)
def test_scopes_are_shown_as_code(
    scope: str, typescript: str, markdown: str, render_docs: RenderDocs
) -> None:
    docs = render_docs(f"""
package: p
services: {{S: {{auth: bearer, scopes: ['{scope}'], methods: {{go: {{}}}}}}}}
""")
    told = "Auth: bearer token with scope"
    assert f"  /** {told} {typescript}. */\n" in docs.typescript
    assert f"\n{told} {markdown}\n" in docs.markdown
