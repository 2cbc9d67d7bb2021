"""A schema grows, and programs of yesterday and today go on to understand each other.

What docs/language.md promises under "Growing a schema" is proved here, row by row.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from idlgen.runtime import (
    FailedPrecondition,
    Internal,
    InvalidArgument,
    Unimplemented,
    in_process,
)
from idlgen.runtime.server.dispatcher import Dispatcher

Import = Callable[[str], ModuleType]

YESTERDAY = """
    types:
      Kind: {enum: [private, firm]}
      Event: {union: {opened: int, closed: null}}
      Account:
        fields:
          id: {type: int, max: 100}
          kind: Kind
          kinds: {type: set<Kind>, default: []}
          last: Event
          events: {type: 'map<Event>', default: {}}
      Order: {strict: true, fields: {amount: int}}
    errors:
      Gone: {status: not_found}
    services:
      Bank:
        methods:
          read: {readonly: true, params: {id: int}, returns: Account, errors: [Gone]}
          write: {params: {account: Account}, returns: Account}
          pay: {params: {order: Order}, returns: Order}
"""
TODAY = """
    types:
      Kind: {enum: [private, firm, state]}
      Move: {fields: {from: string, to: string}}
      Event: {union: {opened: int, closed: null, moved: Move}}
      Account:
        fields:
          id: {type: int, max: 200}
          kind: Kind
          kinds: {type: set<Kind>, default: []}
          last: Event
          events: {type: 'map<Event>', default: {}}
          note: string?
          limit: {type: int, default: 7}
      Order: {strict: true, fields: {amount: int, text: string?}}
    errors:
      Gone: {status: not_found}
      Frozen: {status: failed_precondition, message: "frozen by {who}", fields: {who: string}}
    services:
      Bank:
        methods:
          read:
            readonly: true
            params: {id: int, closed_too: {type: bool, default: false}}
            returns: Account
            errors: [Gone, Frozen]
          write: {params: {account: Account}, returns: Account}
          pay: {params: {order: Order}, returns: Order}
          freeze: {params: {id: int}}
"""


class Bank(NamedTuple):
    """The generated modules of one day, and an implementation.

    The implementation answers with `answer`, or raises it, and keeps what it was given.
    """

    types: Any
    errors: Any
    implementation: Any
    client: Any


@pytest.fixture(scope="module")
def days(generate: Callable[[str], Import]) -> list[Import]:
    return [generate(YESTERDAY), generate(TODAY)]


def opened(made: Import) -> Bank:
    def handler(self: Any, *given: object, **others: object) -> object:
        self.given = (*given, *others.values())
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer if self.answer is not None else self.given[0]

    names = ("read", "write", "pay", "freeze")
    base = made("server").BankUnimplemented
    handlers = {name: handler for name in names if hasattr(base, name)}
    implementation = type("Impl", (base,), {**handlers, "answer": None})()
    return Bank(
        made("types"), made("errors"), implementation, made("client").BankClient
    )


@pytest.fixture
def old(days: list[Import]) -> Bank:
    return opened(days[0])


@pytest.fixture
def new(days: list[Import]) -> Bank:
    return opened(days[1])


Connect = Callable[[Bank, Bank], Any]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """`connect(client, server)`: a client of one day that calls the other's server."""
    with ExitStack() as clients:
        yield lambda client, server: clients.enter_context(
            in_process(client.client, server.implementation)
        )


# --- a client of yesterday, a server of today -------------------------------------


@pytest.fixture
def moved(new: Bank) -> Any:
    """An account that is full of what yesterday did not know."""
    event = new.types.EventMoved(value=new.types.Move(from_="Rome", to="Łódź"))
    kind = new.types.Kind
    return new.types.Account(
        id=1,
        kind=kind.STATE,
        kinds=frozenset({kind.FIRM, kind.STATE}),
        last=event,
        events={"a": event, "b": new.types.EventClosed()},
        note="by post",
        limit=9,
    )


def test_an_old_client_reads_what_it_does_not_know(
    old: Bank, new: Bank, connect: Connect, moved: Any
) -> None:
    new.implementation.answer = moved
    account = connect(old, new).read(1)
    assert type(account) is old.types.Account
    assert (account.kind, account.kind.is_recognized) == ("state", False)
    assert {*account.kinds} == {"firm", "state"}
    match account.last:
        case old.types.EventUnknown(tag=tag, raw=raw):
            assert tag == "moved"
            assert raw == {"type": "moved", "value": {"from": "Rome", "to": "Łódź"}}
        case _:
            pytest.fail(repr(account.last))
    assert account.events["a"] == account.last
    assert account.events["b"] == old.types.EventClosed()
    assert not hasattr(account, "note")


def test_an_old_client_writes_back_what_it_does_not_know(
    old: Bank, new: Bank, connect: Connect, moved: Any
) -> None:
    client = connect(old, new)
    new.implementation.answer = moved
    account = client.read(1)
    client.write(account)
    (written,) = new.implementation.given
    for name in ("id", "kind", "kinds", "last", "events"):
        assert getattr(written, name) == getattr(moved, name)
    # Members are lost: that is what patches are for.
    assert (written.note, written.limit) == (None, 7)


def test_an_old_client_passes_over_members_of_strict_structs_too(
    old: Bank, new: Bank, connect: Connect
) -> None:
    new.implementation.answer = new.types.Order(amount=5, text="rent")
    client = connect(old, new)
    assert client.pay(old.types.Order(amount=5)) == old.types.Order(amount=5)


def test_an_error_of_today_is_of_its_status_yesterday(
    old: Bank, new: Bank, connect: Connect
) -> None:
    new.implementation.answer = new.errors.Frozen(who="the court")
    with pytest.raises(FailedPrecondition, match="frozen by the court") as caught:
        connect(old, new).read(1)
    assert caught.value.details == {"who": "the court"}


def test_an_old_client_checks_by_the_constraints_that_it_knows(
    old: Bank, new: Bank, connect: Connect
) -> None:
    client = connect(old, new)
    account = old.types.Account(
        id=150, kind=old.types.Kind.FIRM, last=old.types.EventClosed()
    )
    with pytest.raises(InvalidArgument):
        client.write(account)
    new.implementation.answer = new.types.Account(
        id=150, kind=new.types.Kind.FIRM, last=new.types.EventClosed()
    )
    with pytest.raises(Internal):
        client.read(1)


# --- a client of today, a server of yesterday -------------------------------------


def test_a_new_client_does_without_what_an_old_server_does_not_send(
    old: Bank, new: Bank, connect: Connect
) -> None:
    old.implementation.answer = old.types.Account(
        id=1, kind=old.types.Kind.FIRM, last=old.types.EventOpened(value=3)
    )
    account = connect(new, old).read(1)
    assert (account.note, account.limit) == (None, 7)
    assert account.last == new.types.EventOpened(value=3)


def test_an_old_server_passes_over_members_that_it_does_not_know(
    old: Bank, new: Bank, connect: Connect
) -> None:
    account = new.types.Account(
        id=1, kind=new.types.Kind.FIRM, last=new.types.EventClosed(), note="by post"
    )
    answer = connect(new, old).write(account)
    assert (answer.id, answer.note) == (1, None)


def test_an_old_server_refuses_what_it_would_have_to_understand(
    old: Bank, new: Bank, connect: Connect, moved: Any
) -> None:
    client = connect(new, old)
    with pytest.raises(InvalidArgument) as caught:
        client.write(moved)
    paths = [problem.path for problem in caught.value.problems]
    assert [*dict.fromkeys(paths)] == [
        "$.account.kind",
        "$.account.kinds[1]",
        "$.account.last.type",
        "$.account.events.a.type",
    ]
    with pytest.raises(InvalidArgument) as caught:
        client.pay(new.types.Order(amount=5, text="rent"))
    assert [problem.path for problem in caught.value.problems] == ["$.order.text"]
    assert client.pay(new.types.Order(amount=5)) == new.types.Order(amount=5)


def test_a_param_of_today_is_not_sent_unless_it_is_given(
    old: Bank, new: Bank, connect: Connect
) -> None:
    old.implementation.answer = old.types.Account(
        id=1, kind=old.types.Kind.FIRM, last=old.types.EventClosed()
    )
    client = connect(new, old)
    assert client.read(1).id == 1
    assert client.read(1, closed_too=False).id == 1
    with pytest.raises(InvalidArgument) as caught:
        client.read(1, closed_too=True)
    assert [problem.path for problem in caught.value.problems] == ["$.closed_too"]


def test_a_method_of_today_is_unimplemented_yesterday(
    old: Bank, new: Bank, connect: Connect
) -> None:
    with pytest.raises(Unimplemented):
        connect(new, old).freeze(1)


# --- JSON that no generated client writes -----------------------------------------


@pytest.mark.parametrize(
    ("account", "path"),
    [
        # Found before anybody asks what the params are.
        (
            '{"id":1,"id":2,"kind":"firm","last":{"type":"closed"}}',
            "$.params.account.id",
        ),
        (
            '{"id":1,"kind":"firm","kinds":["firm","firm"],"last":{"type":"closed"}}',
            "$.account.kinds[1]",
        ),
    ],
)
def test_a_server_refuses_repeats(old: Bank, account: str, path: str) -> None:
    dispatcher = Dispatcher(old.implementation)
    body = f'{{"jsonrpc":"2.0","id":1,"method":"Bank.write","params":{{"account":{account}}}}}'
    answer = asyncio.run(dispatcher.dispatch(body.encode()))
    dispatcher.close()
    assert answer is not None
    problems = json.loads(answer)["error"]["data"]["problems"]
    assert [problem["path"] for problem in problems] == [path]
