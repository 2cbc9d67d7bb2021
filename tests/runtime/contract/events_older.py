"""What was generated for `events.py` before its schema grew, with a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct, field

from idlgen.runtime import (
    FiniteDecimal,
    Int64,
    Method,
    OpenEnum,
    Service,
    ServiceClient,
    Unknown,
    serves,
)

T = TypeVar("T")


class Level(OpenEnum):
    LOW = "low"
    if TYPE_CHECKING:
        UNRECOGNIZED = ""


class Contact(Struct, frozen=True, kw_only=True):
    name: str
    email: str


class EventCreated(Struct, frozen=True, kw_only=True, tag_field="type", tag="created"):
    value: Contact


class EventDeleted(Struct, frozen=True, kw_only=True, tag_field="type", tag="deleted"):
    value: Int64


class EventUnknown(Unknown):
    """A variant of ``Event`` that this code does not know."""


if TYPE_CHECKING:
    Event: TypeAlias = EventCreated | EventDeleted | EventUnknown
else:
    Event = EventUnknown.beside(EventCreated, EventDeleted)


class Page(Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    items: list[T]
    best: T | None = None


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    event: Event
    many: list[Event] | None = None
    by_name: dict[str, Event] | None = None
    page: Page[Event] | None = None
    levels: frozenset[Level] | None = None
    price: FiniteDecimal | None = None
    class_: Int64 | None = field(default=None, name="class")


class FileParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    report: Report
    event: Event | None = None


FILE: Method[Report] = Method(
    "events.EventService.file", handler="file", params=FileParams, returns=Report
)
EVENT_SERVICE = Service("events.EventService", methods=(FILE,))


@serves(EVENT_SERVICE)
class EventService(Protocol):
    def file(self, report: Report, *, event: Event | None = None) -> Report: ...


class EventServiceClient(ServiceClient):
    def file(self, report: Report, *, event: Event | None = None) -> Report:
        return self._idl_channel.unary(FILE, FileParams(report=report, event=event))
