from __future__ import annotations

import pytest

from idlgen.emit.invisible import visible, with_plain_line_ends


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain 홍길동 é", "plain 홍길동 é"),
        ("\x00\t\n\x1f\x7f\x9f", "\\u0000\\u0009\\u000a\\u001f\\u007f\\u009f"),
        ("\u202a\u202e\u2066\u2069\u061c", "\\u202a\\u202e\\u2066\\u2069\\u061c"),
        ("\u2028\u2029\ufeff", "\\u2028\\u2029\\ufeff"),
        # Joiners, variation selectors and odd spaces belong to some scripts.
        (
            "👩\u200d👧 ❤\ufe0f می\u200cخواهم \u00a0",
            "👩\u200d👧 ❤\ufe0f می\u200cخواهم \u00a0",
        ),
    ],
)
def test_invisible_characters_are_shown(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_all_line_ends_become_line_feeds() -> None:
    assert with_plain_line_ends("a\r\nb\rc\nd\r\r\n") == "a\nb\nc\nd\n\n"
