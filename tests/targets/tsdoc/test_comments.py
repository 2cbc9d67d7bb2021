from __future__ import annotations

import pytest

from idlgen.targets.tsdoc.comments import comment
from idlgen.targets.tsdoc.sentences import joined


def test_nothing_to_say_makes_no_comment() -> None:
    assert comment("  ", None) == ""
    assert comment("  ", " \n") == ""


def test_what_fits_stands_on_one_line() -> None:
    assert comment("  ", "Short.\n") == "/** Short. */"
    assert comment("  ", None, (), ["@deprecated Old."]) == "/** @deprecated Old. */"
    assert comment("  ", None, ["Fact."]) == "/** Fact. */"
    assert comment("", "x" * 81) == f"/** {'x' * 81} */"  # 88 columns
    assert comment("", "x" * 82) == f"/**\n * {'x' * 82}\n */"
    assert comment("  ", "x" * 80) == f"/**\n   * {'x' * 80}\n   */"


def test_parts_stand_apart_and_tags_together() -> None:
    tags = ["@param a - One.", "@deprecated Old."]
    assert comment("  ", "One.\n\nTwo.", ["Fact."], tags) == """\
/**
   * One.
   *
   * Two.
   *
   * Fact.
   *
   * @param a - One.
   * @deprecated Old.
   */"""


def test_long_lines_are_wrapped_where_they_stand() -> None:
    words = "word " * 20
    doc = f"{words}\n- {words}\n  {words}"
    assert comment("", doc, (), [f"@param a - {words}".rstrip()]) == """\
/**
 * word word word word word word word word word word word word word word word word word
 * word word word
 * - word word word word word word word word word word word word word word word word
 *   word word word word
 *   word word word word word word word word word word word word word word word word
 *   word word word word
 *
 * @param a - word word word word word word word word word word word word word word word
 *   word word word word word
 */"""


def test_fences_are_not_wrapped() -> None:
    long = "word " * 20 + "end"
    assert comment("", f"Look:\n```\n{long}\n```") == (
        f"/**\n * Look:\n * ```\n * {long}\n * ```\n */"
    )


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (["One", "two."], "One. two."),
        (["One.", "Two"], "One. Two"),
        (["Really?", "", "한다。", "End"], "Really? 한다。 End"),
        ([""], ""),
    ],
)
def test_parts_of_a_line_end_before_the_next_begins(
    parts: list[str], line: str
) -> None:
    assert joined(parts) == line
