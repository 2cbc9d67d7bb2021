"""How deep and how often unknown variants are looked for."""

from __future__ import annotations

import sys
import tracemalloc
from typing import Any

import pytest

from idlgen.runtime.codec import Codec
from idlgen.runtime.validation import piecewise
from tests.runtime.contract.events import Event, EventPurged, EventUnknown
from tests.runtime.refusals import refusal
from tests.runtime.unions import EVENT, NEW


def nested(levels: int) -> str:
    return '{"type":"grouped","value":[' * levels + NEW + "]}" * levels


def test_unknown_variants_are_looked_for_to_a_depth_of_64() -> None:
    # The union and its list are a level each.
    text = nested(32)
    assert EVENT.encode_checked(EVENT.decode(text.encode())) == text.encode()
    assert refusal(EVENT, nested(33), strictly=False) == [
        ("$", "Too many or too deep unknown variants")
    ]


def test_the_depth_of_what_is_known_is_not_bounded_so() -> None:
    text = nested(100).replace(NEW, '{"type":"purged"}')
    assert EVENT.encode_checked(EVENT.decode(text.encode())) == text.encode()


def test_a_hundred_thousand_pieces_are_opened_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert piecewise.MAX_OPENED == 100_000
    codec: Codec[list[Event]] = Codec(list[Event])
    monkeypatch.setattr(piecewise, "MAX_OPENED", 5)
    # The list is one, each unknown variant another; known ones are not opened.
    fits = f'[{NEW},{NEW},{{"type":"purged"}},{NEW},{{"type":"purged"}},{NEW}]'
    assert len(codec.decode(fits.encode())) == 6
    assert refusal(codec, fits.replace("purged", "x", 1), strictly=False) == [
        ("$", "Too many or too deep unknown variants")
    ]


def calls_made(codec: Codec[Any], source: bytes) -> int:
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        codec.decode(source)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("item", [NEW, '{"type":"purged"}'])
def test_the_work_grows_as_the_value_does(item: str) -> None:
    codec: Codec[list[Event]] = Codec(list[Event])

    def calls(items: int) -> int:
        return calls_made(codec, f"[{','.join([item] * items)},{NEW}]".encode())

    calls(1)
    assert calls(4_000) < 2.1 * calls(2_000)


def test_nothing_is_opened_where_all_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    class NeverDecodes:
        def decode(self, source: object) -> object:
            raise AssertionError

    codec: Codec[Event] = Codec(Event)
    monkeypatch.setattr(codec, "_piecewise", NeverDecodes())
    assert codec.decode(b'{"type":"purged"}') == EventPurged()
    with pytest.raises(AssertionError):
        codec.decode(NEW.encode())


def test_a_hundred_thousand_different_tags_leave_memory_flat() -> None:
    codec: Codec[list[Event]] = Codec(list[Event])

    def read(start: int, count: int) -> None:
        for index in range(start, start + count, 1_000):
            tags = range(index, index + 1_000)
            items = ",".join(f'{{"type":"tag{tag}"}}' for tag in tags)
            values = codec.decode(f"[{items}]".encode())
            assert isinstance(values[-1], EventUnknown)
            assert values[-1].tag == f"tag{index + 999}"

    read(0, 1_000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        read(1_000, 100_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 100_000  # bytes: one a tag would be too many
