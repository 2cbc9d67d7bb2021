"""What a server does with each message of a connection, and what it keeps of them."""

from __future__ import annotations

import json

import pytest

from idlgen.runtime.leniency import STRICT
from idlgen.runtime.protocols.jsonrpc.connection_server import (
    Answer,
    Begin,
    Cancel,
    Event,
    Flight,
    ServerConnection,
)
from idlgen.runtime.protocols.jsonrpc.messages import read_message


def connection(max_calls: int = 10, max_bytes: int = 1000) -> ServerConnection:
    return ServerConnection(max_calls=max_calls, max_bytes=max_bytes)


def receive(server: ServerConnection, body: bytes, size: int | None = None) -> Event:
    message = read_message(body, STRICT, 100)
    return server.receive(message, len(body) if size is None else size)


def begun(server: ServerConnection, body: bytes, size: int | None = None) -> Flight:
    event = receive(server, body, size)
    assert isinstance(event, Begin)
    return event.flight


def call(id: str | None) -> bytes:
    member = "" if id is None else f',"id":{id}'
    return f'{{"jsonrpc":"2.0","method":"x"{member}}}'.encode()


def cancel(id: str) -> bytes:
    return (f'{{"jsonrpc":"2.0","method":"$/cancel","params":{{"id":{id}}}}}').encode()


def errors(event: Event) -> list[tuple[object, int]]:
    """Return the id and the code of each error that answers."""
    assert isinstance(event, Answer)
    answer = json.loads(event.text)
    entries = answer if isinstance(answer, list) else [answer]
    return [(entry["id"], entry["error"]["code"]) for entry in entries]


def test_an_id_may_not_be_that_of_a_call_in_flight() -> None:
    server = connection()
    first = begun(server, call("1"))
    assert errors(receive(server, call("1"))) == [(1, -32600)]
    assert isinstance(receive(server, call('"1"')), Begin)
    assert errors(receive(server, b"[%b,%b]" % (call("2"), call("1")))) == [
        (2, -32600),
        (1, -32600),
    ]
    server.end(first)
    assert isinstance(receive(server, call("1")), Begin)


@pytest.mark.parametrize("id", [None, "null"])
def test_what_has_no_id_is_in_nobodys_way(id: str | None) -> None:
    server = connection()
    flights = [begun(server, call(id)) for _ in range(3)]
    for flight in flights:
        server.end(flight)


def test_beyond_the_limit_calls_are_refused_until_others_end() -> None:
    server = connection(max_calls=3)
    first = begun(server, call("1"))
    batch = begun(server, b"[%b,%b]" % (call("2"), call("3")))
    assert errors(receive(server, call("4"))) == [(4, -32008)]
    assert receive(server, call(None)) is None
    server.end(first)
    both = b"[%b,%b,%b]" % (call("4"), call(None), call("5"))
    assert errors(receive(server, both)) == [(4, -32008), (5, -32008)]
    server.end(batch)
    begun(server, both)


def test_the_bytes_of_calls_in_flight_are_limited_but_one_is_always_taken() -> None:
    server = connection(max_bytes=1000)
    large = begun(server, call("1"), size=5000)
    assert errors(receive(server, call("2"), size=1)) == [(2, -32008)]
    server.end(large)
    begun(server, call("1"), size=600)
    assert errors(receive(server, call("2"), size=401)) == [(2, -32008)]
    begun(server, call("2"), size=400)


def test_a_cancellation_names_a_call_in_flight_and_counts_once() -> None:
    server = connection()
    flight = begun(server, call("7"))
    text = begun(server, call('"7"'))
    assert receive(server, cancel("8")) is None
    assert not flight.is_given_up()
    event = receive(server, cancel("7"))
    assert isinstance(event, Cancel)
    assert event.flight is flight
    assert flight.is_given_up()
    assert not text.is_given_up()
    assert receive(server, cancel("7")) is None
    server.end(flight)
    assert receive(server, cancel("7")) is None


def test_a_batch_is_cancelled_with_the_last_of_its_calls() -> None:
    server = connection()
    batch = begun(server, b"[%b,%b,%b]" % (call("1"), call(None), call("2")))
    assert receive(server, cancel("2")) is None
    assert not batch.is_given_up()
    assert receive(server, cancel("1")) == Cancel(batch)
    assert batch.is_given_up()


def test_notifications_are_never_given_up() -> None:
    assert not begun(connection(), call(None)).is_given_up()


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc":"2.0","method":"$/cancel"}',
        b'{"jsonrpc":"2.0","method":"$/cancel","params":[1]}',
        b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":null}}',
        b'{"jsonrpc":"2.0","method":"$/cancel","params":{"id":[1]}}',
        b'{"jsonrpc":"2.0","method":"$/unheard","params":{"id":1}}',
    ],
)
def test_the_protocols_own_notifications_are_ignored_where_they_mean_nothing(
    body: bytes,
) -> None:
    server = connection()
    flight = begun(server, call("1"))
    begun(server, call("null"))
    assert receive(server, body) is None
    assert not flight.is_given_up()
