"""An older client reads a newer server, and writes back all but what it never saw."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from idlgen.runtime import InvalidArgument, in_process
from idlgen.runtime.positional import encode_by_position
from tests.runtime.contract import events, events_older as older

ADA = events.Contact(
    name="Ada", email="ada@example.com", tags=frozenset({"x"}), score=1
)
NOTED = events.EventNoted(value=None)
GROUP = events.EventGrouped(value=[events.EventPurged(), NOTED])
REPORT = events.Report(
    event=GROUP,
    maybe=events.EventPurged(),
    many=[events.EventCreated(value=ADA), NOTED, events.EventDeleted(value=2**53 + 1)],
    by_name={"a": events.EventPurged(), "b": GROUP},
    page=events.Page(items=[NOTED], next="later", best=GROUP),
    flag=events.FlagOn(value=True),
    shape=events.ShapeCircle(radius=0.5, events=[NOTED]),
    levels=frozenset({events.Level.LOW, events.Level.HIGH}),
    price=Decimal("1.10"),
    class_=9,
)


class Newer(events.EventService):
    """A server of the newer schema: it answers with all that the older one lacks."""

    def __init__(self) -> None:
        self.filed: list[tuple[events.Report, events.Event | None]] = []

    def file(
        self, report: events.Report, *, event: events.Event | None = None
    ) -> events.Report:
        self.filed.append((report, event))
        return REPORT

    def enter(
        self,
        login: events.Login,
        *,
        pin: str | None = None,
        settings: events.Settings | None = None,
    ) -> events.Login:
        return login


class Older(older.EventService):
    def file(
        self, report: older.Report, *, event: older.Event | None = None
    ) -> older.Report:
        return report


FIRST = older.Report(event=older.EventDeleted(value=1))


def received() -> older.Report:
    with in_process(older.EventServiceClient, Newer()) as client:
        return client.file(FIRST)


def test_what_is_known_is_read_and_the_rest_is_kept() -> None:
    report = received()
    assert isinstance(report.event, older.EventUnknown)
    assert report.event.tag == "grouped"
    assert report.event.raw == {
        "type": "grouped",
        "value": [{"type": "purged"}, {"type": "noted", "value": None}],
    }
    assert report.many is not None
    created, noted, deleted = report.many
    assert created == older.EventCreated(
        value=older.Contact(name="Ada", email="ada@example.com")
    )
    assert isinstance(noted, older.EventUnknown)
    assert deleted == older.EventDeleted(value=2**53 + 1)
    assert report.page is not None
    assert isinstance(report.page.best, older.EventUnknown)
    assert {str(level) for level in report.levels or ()} == {"low", "high"}
    assert report.price == Decimal("1.10")


def test_what_was_kept_is_written_back_to_the_newer_server() -> None:
    newer = Newer()
    with in_process(older.EventServiceClient, newer) as client:
        report = client.file(FIRST)
        client.file(report, event=report.event)
    back, event = newer.filed[1]
    assert event == GROUP
    assert back == structs.replace(
        REPORT,
        # Members that the older code does not have; unknown variants lose nothing.
        maybe=None,
        flag=None,
        shape=None,
        many=[
            events.EventCreated(
                value=events.Contact(name="Ada", email="ada@example.com")
            ),
            NOTED,
            events.EventDeleted(value=2**53 + 1),
        ],
        page=events.Page(items=[NOTED], best=GROUP),
    )


def test_an_older_server_refuses_what_it_does_not_know() -> None:
    report = received()
    with (
        in_process(older.EventServiceClient, Older()) as client,
        pytest.raises(InvalidArgument) as caught,
    ):
        client.file(report)
    known = "known are `created`, `deleted`"
    assert caught.value.problems == (
        ("$.report.event.type", f"Unknown value `grouped`; {known}"),
        ("$.report.many[1].type", f"Unknown value `noted`; {known}"),
        ("$.report.by_name.a.type", f"Unknown value `purged`; {known}"),
        ("$.report.by_name.b.type", f"Unknown value `grouped`; {known}"),
        ("$.report.page.items[0].type", f"Unknown value `noted`; {known}"),
        ("$.report.page.best.type", f"Unknown value `grouped`; {known}"),
        ("$.report.levels[0]", "Unknown value `high`; known are `low`"),
    )


def test_params_by_position_carry_unknown_variants_unchanged() -> None:
    text = b'{"type":"new","value":[1.10,1e2,18446744073709551615]}'
    event = older.EventUnknown.from_json("new", text)
    params = older.FileParams(report=older.Report(event=event), event=event)
    assert encode_by_position(older.FILE, params, 1) == (
        b'{"jsonrpc":"2.0","method":"file","params":[{"event":%b},%b],"id":1}'
        % (text, text)
    )
