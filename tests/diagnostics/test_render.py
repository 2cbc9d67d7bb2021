from __future__ import annotations

import json

import pytest

from idlgen.diagnostics import Diagnostic, Label, Source, Span
from idlgen.diagnostics.render import render_github, render_json, render_text

SOURCE = Source("dir/a.yaml", "types:\r\n  이름: Usr\n")


def finding(start: int = 14, end: int = 17) -> Diagnostic:
    return Diagnostic(
        code="IDL102",
        message="unknown type `Usr`",
        span=Span(SOURCE, start, end),
        labels=(Label(Span(SOURCE, 0, 5), "in here"),),
        hint="did you mean `User`?",
    )


def test_text_puts_carets_under_wide_characters() -> None:
    assert render_text([finding()], color=False) == (
        "error[IDL102]: unknown type `Usr`\n"
        " --> dir/a.yaml:2:7\n"
        "  |\n"
        "2 |   이름: Usr\n"
        "  |         ^^^\n"
        " ::: dir/a.yaml:1:1\n"
        "  |\n"
        "1 | types:\n"
        "  | ^^^^^ in here\n"
        "  = help: did you mean `User`?\n"
    )


def test_color_adds_only_escapes() -> None:
    import re

    colored = render_text([finding()], color=True)

    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text([finding()], False)


def test_json_says_where() -> None:
    assert json.loads(render_json([finding()])) == [
        {
            "code": "IDL102",
            "severity": "error",
            "message": "unknown type `Usr`",
            "path": "dir/a.yaml",
            "labels": [
                {
                    "path": "dir/a.yaml",
                    "start": {"line": 1, "column": 1},
                    "message": "in here",
                }
            ],
            "hint": "did you mean `User`?",
            "start": {"line": 2, "column": 7},
            "end": {"line": 2, "column": 10},
        }
    ]


def test_github_escapes_what_would_end_the_command() -> None:
    diagnostic = Diagnostic(
        code="IDL102", message="100%\nbad", path="a,b:c.yaml", hint="::error::x"
    )

    assert render_github([diagnostic]) == (
        "::error title=IDL102,file=a%2Cb%3Ac.yaml::100%25%0Abad%0A::error::x\n"
    )
    assert render_github([finding()]) == (
        "::error title=IDL102,file=dir/a.yaml,line=2,col=7,endLine=2"
        "::unknown type `Usr`%0Adid you mean `User`?\n"
    )


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("a\nb", 2, 2, 1),
        ("a\r\nb", 3, 2, 1),
        ("a\rb", 2, 2, 1),
        ("a\n", 2, 2, 1),
        ("\u2028a", 1, 1, 2),
    ],
)
def test_positions(text: str, offset: int, line: int, column: int) -> None:
    assert Source("a", text).position(offset) == (line, column)


def test_a_very_long_line_is_cut_around_the_mark() -> None:
    source = Source("a", "x" * 5_000 + "BAD" + "y" * 5_000)
    shown = render_text(
        [Diagnostic(code="IDL102", message="m", span=Span(source, 5_000, 5_003))], False
    )

    assert "x" * 40 + "BAD" + "y" * 40 in shown
    assert max(map(len, shown.splitlines())) < 120
