"""Which call an answer belongs to, on a connection that many calls share."""

from __future__ import annotations

import json

import pytest

from idlgen.runtime.protocols.jsonrpc.connection_caller import (
    CallerConnection,
    NoAnswer,
    cancel_text,
)
from idlgen.runtime.transports import Request


def request(*ids: int, body: bytes = b"{}", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(ids=ids, body=body, headers=named, timeout=None)


def batch_of(*ids: int) -> Request:
    return request(*ids, body=b"[]")


def in_flight(*requests: Request) -> CallerConnection[str]:
    """Return a connection on which each waits under the name of its ids."""
    calls: CallerConnection[str] = CallerConnection({}, is_idlgen=True)
    for each in requests:
        calls.begin(each, "+".join(map(str, each.ids)))
    return calls


@pytest.mark.parametrize(
    ("message", "waiting"),
    [
        pytest.param(b'{"jsonrpc":"2.0","result":1,"id":2}', "2", id="id last"),
        pytest.param(b'{"id":2,"jsonrpc":"2.0","result":1}', "2", id="id first"),
        pytest.param(b' {"result": {"id": 1}, "id": 2 }\n', "2", id="with spaces"),
        pytest.param(b'{"id":2,"result":{"a":0,"id":1}}', "2", id="an id within"),
        pytest.param(b'{"id":2,"result":",\\"id\\":1}"}', "2", id="an id in a text"),
        pytest.param(b'{"id":3,"error":{"code":1,"message":""}}', "3", id="error"),
        pytest.param(b'{"jsonrpc":"2.0","result":1,"id":9}', None, id="nobody's"),
        pytest.param(b'{"jsonrpc":"2.0","result":1,"id":"2"}', None, id="a text"),
        pytest.param(b'{"result":1,"id":2.0}', None, id="a float"),
        pytest.param(b'{"result":1,"id":-2}', None, id="negative"),
        pytest.param(b'{"result":1,"id":%s}' % (b"9" * 5000), None, id="long"),
        pytest.param(b'{"jsonrpc":"2.0","result":1}', None, id="none"),
        pytest.param(b'{"method":"x","id":2}', None, id="a request of the peer"),
        pytest.param(b'{"method":"x"}', None, id="a notification of the peer"),
        pytest.param(b'[{"result":1,"id":4},{"result":1,"id":5}]', "4+5", id="batch"),
        pytest.param(b'[{"result":1,"id":5}]', "4+5", id="batch, one missing"),
        pytest.param(
            b'[{"error":{},"id":null},{"result":1,"id":5}]', "4+5", id="one unread"
        ),
        pytest.param(b'[{"result":1,"id":2}]', None, id="a batch for a call"),
        pytest.param(b'{"result":1,"id":4}', None, id="a call for a batch"),
        pytest.param(b"[]", None, id="empty batch"),
        pytest.param(b'[{"result":1,"id":6}]', "6", id="a batch of one"),
        pytest.param(
            b'{"jsonrpc":"2.0","result":1,"id":6}', None, id="for that, a call"
        ),
        pytest.param(
            b'{"jsonrpc":"2.0","method":"result","id":2}', None, id="its request too"
        ),
    ],
)
def test_an_answer_finds_who_waits_for_it(message: bytes, waiting: str | None) -> None:
    calls = in_flight(request(1), request(2), request(3), batch_of(4, 5), batch_of(6))
    assert calls.receive(message) == waiting
    assert len(calls) == 6 - (0 if waiting is None else len(waiting.split("+")))
    assert calls.receive(message) is None


def test_an_error_without_an_id_is_the_only_calls_and_else_nobodys() -> None:
    error = b'{"jsonrpc":"2.0","error":{"code":-32700,"message":""},"id":null}'
    assert in_flight(request(1)).receive(error) == "1"
    assert in_flight(request(1), request(2)).receive(error) is None
    assert in_flight(request(1), batch_of(2, 3)).receive(error) == "2+3"
    assert in_flight(batch_of(1, 2), batch_of(3, 4)).receive(error) is None
    assert in_flight().receive(error) is None


@pytest.mark.parametrize(
    "message",
    [b"", b"nope", b"{", b"1", b'"x"', b"null", b"[1]", b"\xff", b"[" * 100_000],
)
def test_what_is_no_message_is_a_breach(message: bytes) -> None:
    with pytest.raises(NoAnswer):
        in_flight(request(1)).receive(message)


def test_who_gave_up_waits_no_more_and_at_the_end_nobody_does() -> None:
    first, batch, last = request(1), batch_of(2, 3), request(4)
    calls = in_flight(first, batch, last)
    calls.end(first)
    assert calls.receive(b'{"result":1,"id":1}') is None
    assert calls.end_all() == [(batch, "2+3"), (last, "4")]
    assert len(calls) == 0
    assert calls.end_all() == []


def test_a_call_says_only_what_the_handshake_did_not() -> None:
    calls: CallerConnection[str] = CallerConnection(
        {"authorization": "Bearer a", "user-agent": "u"}, is_idlgen=True
    )
    plain = request(
        1,
        body=b'{"id":1}',
        authorization="Bearer a",
        user_agent="u",
        accept="application/json",
        content_type="application/json",
    )
    assert calls.text(plain) == b'{"id":1}'
    other = request(
        1,
        body=b'{"id":1}',
        authorization="Bearer b",
        user_agent="u",
        idlgen_timeout_ms="60000",
        x_a="1",
    )
    assert json.loads(calls.text(other)) == {
        "id": 1,
        "meta": {
            "timeout_ms": 60000,
            "authorization": "Bearer b",
            "headers": {"x-a": "1"},
        },
    }


def test_a_foreign_server_is_told_no_timeout_that_nobody_chose() -> None:
    calls: CallerConnection[str] = CallerConnection({}, is_idlgen=False)
    default = request(1, body=b'{"id":1}', idlgen_timeout_ms="60000")
    assert calls.text(default) == b'{"id":1}'
    chosen = request(1, body=b'{"id":1}', idlgen_timeout_ms="2000")
    assert calls.text(chosen) == b'{"id":1,"meta":{"timeout_ms":2000}}'


def test_calls_that_say_the_same_and_calls_that_do_not_say_what_they_have_to() -> None:
    calls: CallerConnection[str] = CallerConnection({}, is_idlgen=True)
    for _ in range(2):
        for seconds in range(1, 200):
            call = request(1, body=b'{"id":1}', idlgen_timeout_ms=f"{seconds}000")
            said = b'{"id":1,"meta":{"timeout_ms":%d000}}' % seconds
            assert calls.text(call) == said
    other = request(2, body=b'{"id":2}', idlgen_timeout_ms="199000")
    assert calls.text(other) == b'{"id":2,"meta":{"timeout_ms":199000}}'


def test_each_entry_of_a_batch_says_it_and_its_own_wins() -> None:
    calls: CallerConnection[str] = CallerConnection({}, is_idlgen=True)
    batch = request(
        1,
        2,
        body=b'[{"id":1},{"id":2,"meta":{"timeout_ms":5,"headers":{"x-b":"2"}}}]',
        idlgen_timeout_ms="9",
        x_a="1",
    )
    assert json.loads(calls.text(batch)) == [
        {"id": 1, "meta": {"timeout_ms": 9, "headers": {"x-a": "1"}}},
        {"id": 2, "meta": {"timeout_ms": 5, "headers": {"x-a": "1", "x-b": "2"}}},
    ]


def test_a_cancellation_is_a_notification_with_the_calls_id() -> None:
    assert cancel_text(7) == (
        b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":7}}'
    )
