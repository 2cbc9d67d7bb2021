"""Unions of every kind, generics, secrets and strict structs, and a service of them."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Annotated,
    ClassVar,
    Generic,
    Protocol,
    TypeAlias,
    TypeVar,
)

from msgspec import UNSET, Meta, Struct, UnsetType, field

from idlgen.runtime import (
    FiniteDecimal,
    Int53,
    Int64,
    Method,
    OpenEnum,
    PermissionDenied,
    Service,
    Unknown,
    hides,
    serves,
    strict,
)

T = TypeVar("T")


class Level(OpenEnum):
    LOW = "low"
    HIGH = "high"
    if TYPE_CHECKING:
        UNRECOGNIZED = ""


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    email: Annotated[str, Meta(max_length=20)]
    tags: frozenset[str] | None = None
    score: float | None = None


class EventCreated(Struct, frozen=True, kw_only=True, tag_field="type", tag="created"):
    value: Contact


class EventDeleted(Struct, frozen=True, kw_only=True, tag_field="type", tag="deleted"):
    value: Annotated[Int64, Meta(extra={"ge": 1})]


class EventPurged(Struct, frozen=True, kw_only=True, tag_field="type", tag="purged"):
    """A variant without a payload."""


class EventNoted(Struct, frozen=True, kw_only=True, tag_field="type", tag="noted"):
    value: str | None


class EventGrouped(Struct, frozen=True, kw_only=True, tag_field="type", tag="grouped"):
    value: Annotated[list[Event], Meta(max_length=4)]


class EventUnknown(Unknown):
    """A variant of ``Event`` that this code does not know."""


if TYPE_CHECKING:
    Event: TypeAlias = (
        EventCreated
        | EventDeleted
        | EventPurged
        | EventNoted
        | EventGrouped
        | EventUnknown
    )
else:
    Event = EventUnknown.beside(
        EventCreated, EventDeleted, EventPurged, EventNoted, EventGrouped
    )


class FlagOn(Struct, frozen=True, kw_only=True, tag_field="flag-kind", tag="on/off"):
    value: bool


class FlagUnknown(Unknown):
    """A variant of ``Flag`` that this code does not know."""


if TYPE_CHECKING:
    Flag: TypeAlias = FlagOn | FlagUnknown
else:
    Flag = FlagUnknown.beside(FlagOn)


class ShapeCircle(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="kind",
    tag="circle",
):
    radius: float
    label: str | None = None
    events: list[Event] | None = None


class ShapeSquare(Struct, frozen=True, kw_only=True, tag_field="kind", tag="square"):
    side: float


Shape: TypeAlias = ShapeCircle | ShapeSquare


class Page(Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    items: list[T]
    next: str | None = None
    best: T | None = None


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    event: Event
    maybe: Event | None = None
    patch: Event | UnsetType | None = UNSET
    many: list[Event] | None = None
    by_name: dict[str, Event] | None = None
    nested: list[list[Event] | None] | None = None
    page: Page[Event] | None = None
    flag: Flag | None = None
    shape: Shape | None = None
    levels: frozenset[Level] | None = None
    price: FiniteDecimal | None = None
    ratio: float | None = None
    class_: Int53 | None = field(default=None, name="class")


@hides("number")
class Card(Struct, frozen=True, kw_only=True):
    number: str
    name: str


@strict
@hides("password", "level", "card", "answers", "limits", "event", "hints")
class Login(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: Annotated[str, Meta(min_length=2)]
    password: Annotated[str, Meta(min_length=8, pattern="^[a-z]+\\Z")] | None = None
    level: Level | None = None
    card: Card | None = None
    answers: dict[Int53, str] | None = None
    limits: dict[str, float] | None = None
    event: Event | None = None
    hints: frozenset[str] | None = field(default=None, name="x-hints")
    paid_with: Card | None = field(default=None, name="paidWith")


@strict
class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    theme: str
    pages: Page[Login] | None = None
    by_name: dict[str, Settings] | None = None
    either: Choice | None = None
    maybe: list[Settings] | None = None


@strict
class ChoiceFlat(Struct, frozen=True, kw_only=True, tag_field="is", tag="flat"):
    width: Int53


class ChoiceDeep(Struct, frozen=True, kw_only=True, tag_field="is", tag="deep"):
    value: Settings


Choice: TypeAlias = ChoiceFlat | ChoiceDeep


class LoginRefused(PermissionDenied):
    _idl_name: ClassVar[str] = "events.LoginRefused"
    _idl_message: ClassVar[str] = (
        "{name} may not enter with {pass_word} and {event} ({login})"
    )

    @hides("pass_word")
    class Fields(Struct, frozen=True, kw_only=True):
        name: str
        pass_word: str = field(name="password")
        login: Login
        event: Event

    def __init__(
        self, *, name: str, pass_word: str, login: Login, event: Event
    ) -> None:
        self.name = name
        self.pass_word = pass_word
        self.login = login
        self.event = event
        super().__init__(
            fields=self.Fields(name=name, pass_word=pass_word, login=login, event=event)
        )


class FileParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    report: Report
    event: Event | None = None


@hides("pin")
class EnterParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    login: Login
    pin: Annotated[str, Meta(min_length=4)] | None = None
    settings: Settings | None = None


FILE: Method[Report] = Method(
    "events.EventService.file", handler="file", params=FileParams, returns=Report
)
ENTER: Method[Login] = Method(
    "events.EventService.enter",
    handler="enter",
    params=EnterParams,
    returns=Login,
    errors=(LoginRefused,),
)
EVENT_SERVICE = Service("events.EventService", methods=(FILE, ENTER))


@serves(EVENT_SERVICE)
class EventService(Protocol):
    def file(self, report: Report, *, event: Event | None = None) -> Report: ...

    def enter(
        self,
        login: Login,
        *,
        pin: str | None = None,
        settings: Settings | None = None,
    ) -> Login: ...
