"""Codecs of types that hold unions, and what they read and refuse."""

from __future__ import annotations

from typing import Any

from idlgen.runtime.codec import Codec
from idlgen.runtime.validation.members import scan
from tests.runtime.contract.events import Contact, Event, EventUnknown, Flag, Report

EVENT: Codec[Event] = Codec(Event)
REPORT: Codec[Report] = Codec(Report)
FLAG: Codec[Flag] = Codec(Flag)
ADA = Contact(name="Ada", email="a@b")
NEW = '{"type":"archived","value":{"n":1.10,"big":9007199254740993,"a":null}}'


def unknown(text: str = NEW, tag: str = "archived") -> EventUnknown:
    return EventUnknown.from_json(tag, text.encode())


def round_trip(codec: Codec[Any], text: str, value: object) -> None:
    """Assert that `text` is `value`, in both modes, and that it is written so."""
    assert codec.decode(text.encode()) == value
    assert codec.decode_strictly(text.encode(), scan(text).tree) == value
    assert codec.encode_checked(value) == text.encode()
