"""Server-sent events: what is written, and all that the standard lets others write."""

from __future__ import annotations

import json

import pytest

from idlgen.runtime.event_stream import EventReader, event, is_events


def read(*pieces: bytes, limit: int = 1000) -> list[bytes]:
    reader = EventReader(limit)
    return [found for piece in pieces for found in reader.feed(piece)]


def test_an_event_is_written_as_one_line_of_data() -> None:
    assert event(b'{"a":1}') == b'data: {"a":1}\n\n'
    assert read(event(b"1") + event(b"2")) == [b"1", b"2"]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\n\n"])
def test_json_of_several_lines_is_one_line_of_data(end: bytes) -> None:
    (data,) = read(event(b"{" + end + b'"a": 1}') + event(b"2"))[:1]
    assert json.loads(data) == {"a": 1}


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: 1\n\ndata: 2\n\n", [b"1", b"2"]),
        (b"data:1\n\n", [b"1"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data: a\r\ndata:b\r\n\r\n", [b"a\nb"]),
        (b"data: 1\r\rdata: 2\r\r", [b"1", b"2"]),
        (b"\xef\xbb\xbfdata: 1\n\n", [b"1"]),
        (b": a comment\n\n:\n\ndata: 1\n\n", [b"1"]),
        (b"event: x\nid: 7\nretry: 5\ndata: 1\n\n", [b"1"]),
        (b"event: x\n\n", []),
        (b"data\n\n", [b""]),
        (b"data: :\n\n", [b":"]),
        (b"dataset: 1\n\n", []),
        (b"data: 1\n", []),
        (b"data: 1", []),
        (b"", []),
    ],
)
def test_events_are_read_as_the_standard_says(
    stream: bytes, events: list[bytes]
) -> None:
    assert read(stream) == events
    # However the bytes come.
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == events
    for cut in range(len(stream)):
        assert read(stream[:cut], stream[cut:]) == events


@pytest.mark.parametrize(
    "pieces",
    [
        [b"data: " + b"x" * 21],
        [b"data: " + b"x" * 21 + b"\n\n"],
        [b"data: " + b"x" * 10 + b"\n"] * 3,
        [b"x"] * 27,
        [b": " + b"x" * 30],
        [b"data\n"] * 22,
    ],
)
def test_an_event_that_is_too_large_is_not_kept(pieces: list[bytes]) -> None:
    reader = EventReader(20)
    assert [found for piece in pieces for found in reader.feed(piece)] == []
    assert reader.is_too_large


def test_what_stands_before_an_event_that_is_too_large_is_read() -> None:
    reader = EventReader(20)
    large = b"data: " + b"x" * 30 + b"\n\n"
    assert reader.feed(event(b"1") + large + event(b"2")) == [b"1"]
    assert reader.is_too_large


def test_the_limit_is_of_each_event() -> None:
    assert len(read(*[event(b"x" * 14)] * 50, limit=20)) == 50


@pytest.mark.parametrize(
    ("content_type", "answer"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8", True),
        ("text/event-streams", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_the_type_of_events_is_known(content_type: str, answer: bool) -> None:
    assert is_events(content_type) is answer
