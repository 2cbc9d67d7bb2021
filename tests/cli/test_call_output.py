"""How results and errors of calls look: all can be seen, and nothing moves a cursor."""

from __future__ import annotations

import json
from typing import Any

import pytest

from idlgen.cli.calling.results import Results, print_error
from idlgen.cli.calling.wire import SENT, WireLog
from idlgen.cli.console import Console
from idlgen.cli.options import Settings
from idlgen.runtime import InvalidArgument, Method, NotFound, Problem
from tests.runtime.contract.feed._service import FeedCountParams

HOSTILE = "\x1b[2J\x9b1m\x7f\u202e한"
ESCAPED = "\\u001b[2J\\u009b1m\\u007f\\u202e한"


def any_method() -> Method[object]:
    return Method("a.B.c", handler="c", params=FeedCountParams, returns=Any)


def console(color: str = "never") -> Console:
    return Console(Settings(color=color))


@pytest.mark.parametrize("compact", [True, False])
def test_a_result_stands_for_itself_and_can_be_seen(
    capsys: pytest.CaptureFixture[str], compact: bool
) -> None:
    result = {"text": HOSTILE, "more": ["é", 1.5, None, {}]}
    Results(any_method(), console(), compact=compact).whole(result)
    printed = capsys.readouterr().out
    assert json.loads(printed) == result
    assert ESCAPED in printed
    assert printed.replace("\n", "").isprintable()
    assert printed.count("\n") == (1 if compact else 9)


def test_colour_changes_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    result = {"a": 'b: "c"', "n": -1.5e3, "t": True}
    Results(any_method(), console("always"), compact=True).whole(result)
    printed = capsys.readouterr().out
    assert printed == (
        '{\x1b[34m"a"\x1b[0m: \x1b[32m"b: \\"c\\""\x1b[0m, '
        '\x1b[34m"n"\x1b[0m: \x1b[36m-1500.0\x1b[0m, '
        '\x1b[34m"t"\x1b[0m: \x1b[36mtrue\x1b[0m}\n'
    )


def test_a_method_without_a_result_prints_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    method: Method[object] = Method(
        "a.B.c", handler="c", params=FeedCountParams, returns=None
    )
    Results(method, console(), compact=False).whole(None)
    assert capsys.readouterr().out == ""


def test_an_error_says_all_that_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("$.a", "Missing"), Problem("$.b", HOSTILE)]
    error = InvalidArgument(HOSTILE, problems=problems, details={"k": HOSTILE})
    error.add_note("a note")
    print_error(error, console(), as_json=False)
    assert capsys.readouterr().err == (
        f"error: {ESCAPED}\n"
        "  status: invalid_argument\n"
        f'  fields: {{"k": "{ESCAPED}"}}\n'
        "  a note\n"
        "  $.a: Missing\n"
        f"  $.b: {ESCAPED}\n"
    )


def test_an_error_for_programs_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(NotFound(HOSTILE, details={"id": 7}), console(), as_json=True)
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert printed.strip().isprintable()
    assert json.loads(printed) == {
        "status": "not_found",
        "message": HOSTILE,
        "fields": {"id": 7},
    }


def test_the_wire_hides_credentials_whatever_their_case(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = WireLog(console())
    headers = [("AUTHORIZATION", "a"), ("x-Api-Key", "b"), ("Set-Cookie", "c")]
    log.head(SENT, "POST x", [*headers, ("Accept", "d")], b"\x1b\xff\n\xc3\xa9")
    assert capsys.readouterr().err == (
        "> POST x\n> AUTHORIZATION: ***\n> x-Api-Key: ***\n> Set-Cookie: ***\n"
        "> Accept: d\n>\n> \\u001b\\xff\n> é\n"
    )
