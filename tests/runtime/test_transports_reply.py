"""What an HTTP answer means where it is no JSON-RPC answer."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict

from idlgen.runtime.status import Status
from idlgen.runtime.transports.headers import Headers
from idlgen.runtime.transports.reply import Reply, refusal


@pytest.mark.parametrize(
    ("http", "status"),
    [
        (200, Status.INTERNAL),
        (204, Status.INTERNAL),
        (301, Status.FAILED_PRECONDITION),
        (308, Status.FAILED_PRECONDITION),
        (400, Status.INVALID_ARGUMENT),
        (401, Status.UNAUTHENTICATED),
        (403, Status.PERMISSION_DENIED),
        (404, Status.UNIMPLEMENTED),
        (405, Status.UNIMPLEMENTED),
        (407, Status.UNAUTHENTICATED),
        (408, Status.DEADLINE_EXCEEDED),
        (409, Status.ABORTED),
        (413, Status.RESOURCE_EXHAUSTED),
        (415, Status.INVALID_ARGUMENT),
        (418, Status.UNKNOWN),
        (429, Status.RESOURCE_EXHAUSTED),
        (500, Status.INTERNAL),
        (501, Status.UNIMPLEMENTED),
        (502, Status.UNAVAILABLE),
        (503, Status.UNAVAILABLE),
        (504, Status.UNAVAILABLE),
        (599, Status.UNKNOWN),
    ],
)
def test_an_http_status_is_an_rpc_status(http: int, status: Status) -> None:
    assert refusal(Reply(status=http, headers={}, body=b""), "u").status is status


@pytest.mark.parametrize(
    ("reply", "message", "notes"),
    [
        (
            Reply(
                status=502,
                headers={"content-type": "Text/HTML; charset=utf-8"},
                body=b"<p>" + b"x" * 500,
            ),
            (
                "http://h/rpc answered 502 Bad Gateway with `text/html` "
                "instead of a JSON-RPC answer"
            ),
            ["the answer began with '<p>" + "x" * 197 + "'"],
        ),
        (
            Reply(status=599, headers={}, body=b""),
            (
                "http://h/rpc answered 599 with no content type "
                "instead of a JSON-RPC answer"
            ),
            [],
        ),
        (
            Reply(status=302, headers={"location": "/login"}, body=b""),
            (
                "http://h/rpc answered 302 Found to '/login': "
                "redirects are not followed, call that URL"
            ),
            [],
        ),
    ],
)
def test_the_message_says_what_came_and_a_note_shows_it(
    reply: Reply, message: str, notes: list[str]
) -> None:
    error = refusal(reply, "http://h/rpc")
    assert error.message == message
    assert getattr(error, "__notes__", []) == notes


@pytest.mark.parametrize(
    ("content_type", "is_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/json", True),
        ("text/html", False),
        ("application/jsonlines", False),
        ("", False),
    ],
)
def test_json_is_known_by_its_content_type(content_type: str, is_json: bool) -> None:
    reply = Reply(status=200, headers={"content-type": content_type}, body=b"")
    assert reply.is_json is is_json


def test_headers_are_read_by_names_in_lower_case_as_a_library_has_them() -> None:
    headers = Headers(CIMultiDict([("Content-Type", "a/b"), ("X-A", "1")]))
    assert headers["content-type"] == "a/b"
    assert headers.get("x-b", "none") == "none"
    assert headers == {"content-type": "a/b", "x-a": "1"}
    assert list(headers) == ["content-type", "x-a"]
    assert repr(headers) == "{'content-type': 'a/b', 'x-a': '1'}"


def test_a_header_that_comes_twice_counts_once() -> None:
    headers = Headers(CIMultiDict([("X-A", "1"), ("x-a", "2"), ("X-B", "3")]))
    assert len(headers) == 2
    assert headers == {"x-a": "1", "x-b": "3"}
