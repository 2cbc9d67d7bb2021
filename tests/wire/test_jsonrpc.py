from __future__ import annotations

import pytest

from idlgen.diagnostics import Source, Span
from idlgen.model import Error, Status
from idlgen.runtime.error_messages import spelt_out
from idlgen.wire.jsonrpc import ERROR_CODES, message_template


def test_codes_are_those_of_grpc_below_minus_32000() -> None:
    assert {status.value: code for status, code in ERROR_CODES.items()} == {
        "cancelled": -32001,
        "unknown": -32002,
        "invalid_argument": -32003,
        "deadline_exceeded": -32004,
        "not_found": -32005,
        "already_exists": -32006,
        "permission_denied": -32007,
        "resource_exhausted": -32008,
        "failed_precondition": -32009,
        "aborted": -32010,
        "out_of_range": -32011,
        "unimplemented": -32012,
        "internal": -32013,
        "unavailable": -32014,
        "data_loss": -32015,
        "unauthenticated": -32016,
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("UserNotFound", "user not found"),
        ("Gone", "gone"),
        ("HTTPError", "httperror"),
        ("Error404Again", "error404 again"),
        ("Snake_Case", "snake_case"),
    ],
)
def test_an_error_without_a_message_says_its_name(name: str, message: str) -> None:
    span = Span(Source("e.yaml", ""), 0, 0)
    error = Error(name=name, status=Status.NOT_FOUND, span=span)
    assert message_template(error) == message
    # What the exception says that servers raise.
    assert spelt_out(name) == message
