"""Iterators over pages: which calls they make and when, and what ends them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import pytest
from msgspec import UNSET, Struct, UnsetType

from idlgen.runtime import (
    AsyncPaged,
    AsyncServiceClient,
    CallOptions,
    Int53,
    Internal,
    InvalidArgument,
    Method,
    Paged,
    Pagination,
    ServiceClient,
    Unavailable,
)
from idlgen.runtime.errors import was_received
from idlgen.runtime.transports import Reply, Request

JSON = {"content-type": "application/json"}
KINDS = pytest.mark.parametrize("kind", ["sync", "async"])

Cursor = str | int | list[str]


class Names(Struct, frozen=True, kw_only=True):
    names: list[str | None]
    more: Cursor | UnsetType | None = UNSET


class ListParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    after: Cursor | UnsetType | None = UNSET
    limit: Int53 = 50


class Other(Struct, frozen=True):
    id: Int53


LIST = Method[Names](
    "names.Names.list",
    handler="list_",
    params=ListParams,
    returns=Names,
    pagination=Pagination(param="after", next="more", items="names"),
)
COUNT = Method[int]("names.Names.count", handler="count", params=Other, returns=int)


class NamesClient(ServiceClient):
    def list_(
        self,
        *,
        after: Cursor | UnsetType | None = UNSET,
        limit: int = 50,
        options: CallOptions | None = None,
    ) -> Names:
        params = ListParams(after=after, limit=limit)
        return self._idl_channel.unary(LIST, params, options)

    def iter_list(
        self,
        *,
        after: Cursor | UnsetType | None = UNSET,
        limit: int = 50,
        options: CallOptions | None = None,
    ) -> Paged[str | None, Names]:
        params = ListParams(after=after, limit=limit)
        return self._idl_channel.paged(LIST, params, options)

    def iter_count(self) -> Paged[str, int]:
        return self._idl_channel.paged(COUNT, Other(1))


class AsyncNamesClient(AsyncServiceClient):
    def iter_list(
        self,
        *,
        after: Cursor | UnsetType | None = UNSET,
        limit: int = 50,
        options: CallOptions | None = None,
    ) -> AsyncPaged[str | None, Names]:
        params = ListParams(after=after, limit=limit)
        return self._idl_channel.paged(LIST, params, options)


class Book:
    """A transport, sync and async, that answers one call after the other.

    What it answers with is a page, or an error that there is in place of an answer.
    """

    def __init__(self, *pages: Mapping[str, object] | Exception) -> None:
        self._pages = list(pages)
        self.requests: list[Request] = []

    @property
    def params(self) -> list[Any]:
        """The params of each call that was made."""
        return [json.loads(request.body)["params"] for request in self.requests]

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        page = self._pages.pop(0)
        if isinstance(page, Exception):
            raise page
        call = json.loads(request.body)
        answer = {"jsonrpc": "2.0", "id": call["id"], "result": page}
        return Reply(status=200, headers=JSON, body=json.dumps(answer).encode())


class SyncBook(Book):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        pass


class AsyncBook(Book):
    async def exchange(self, request: Request) -> Reply:
        return self.take(request)

    async def aclose(self) -> None:
        pass


class Reading:
    """An iterator of either kind over the pages of a book, read without `await`."""

    def __init__(
        self,
        kind: str,
        pages: Sequence[Mapping[str, object] | Exception],
        **keywords: Any,
    ) -> None:
        self.book: Book
        self._items: Paged[str | None, Names] | AsyncPaged[str | None, Names]
        if kind == "sync":
            self.book = book = SyncBook(*pages)
            self._items = NamesClient(transport=book).iter_list(**keywords)
        else:
            self.book = other = AsyncBook(*pages)
            self._items = AsyncNamesClient(transport=other).iter_list(**keywords)

    def take(self, count: int | None = None) -> list[str | None]:
        """Return the next items."""
        if isinstance(self._items, Paged):
            return list(islice(self._items, count))
        return asyncio.run(_taken(self._items, count))

    def pages(self, count: int | None = None) -> list[Names]:
        """Return the next pages."""
        if isinstance(self._items, Paged):
            return list(islice(self._items.pages(), count))
        return asyncio.run(_taken(self._items.pages(), count))


async def _taken(items: Any, count: int | None) -> list[Any]:
    taken: list[Any] = []
    while len(taken) != count:
        try:
            taken.append(await anext(items))
        except StopAsyncIteration:
            break
    return taken


TWO = ({"names": ["a", "b"], "more": "2"}, {"names": ["c"]})


@KINDS
def test_items_come_page_after_page(kind: str) -> None:
    reading = Reading(kind, TWO)
    assert reading.take() == ["a", "b", "c"]
    assert reading.book.params == [{}, {"after": "2"}]
    assert reading.take() == []
    assert len(reading.book.requests) == 2


@KINDS
@pytest.mark.parametrize("end", [{}, {"more": None}])
def test_a_page_without_a_cursor_is_the_last(
    kind: str, end: Mapping[str, object]
) -> None:
    reading = Reading(kind, [{"names": ["a"], **end}])
    assert reading.take() == ["a"]
    assert reading.take() == []


@KINDS
def test_empty_pages_are_passed_over(kind: str) -> None:
    reading = Reading(
        kind,
        [
            {"names": [], "more": "1"},
            {"names": [], "more": "2"},
            {"names": [None], "more": ""},
            {"names": []},
        ],
    )
    assert reading.take() == [None]
    assert reading.book.params == [{}, {"after": "1"}, {"after": "2"}, {"after": ""}]


@KINDS
def test_a_page_is_asked_for_with_its_first_item_and_not_before(kind: str) -> None:
    reading = Reading(kind, TWO)
    assert len(reading.book.requests) == 0
    assert reading.take(2) == ["a", "b"]
    assert len(reading.book.requests) == 1
    assert reading.take(1) == ["c"]
    assert len(reading.book.requests) == 2


@KINDS
def test_params_and_options_hold_for_each_page(kind: str) -> None:
    options = CallOptions(timeout=5, headers={"X-A": "b"})
    reading = Reading(kind, TWO, after="1", limit=3, options=options)
    assert reading.take() == ["a", "b", "c"]
    assert reading.book.params == [
        {"after": "1", "limit": 3},
        {"after": "2", "limit": 3},
    ]
    for request in reading.book.requests:
        assert request.timeout == 5
        assert request.headers["x-a"] == "b"
    ids = {request.ids for request in reading.book.requests}
    assert len(ids) == 2


@KINDS
def test_pages_come_whole_too(kind: str) -> None:
    reading = Reading(kind, TWO)
    assert reading.pages(1) == [Names(names=["a", "b"], more="2")]
    assert len(reading.book.requests) == 1
    assert reading.pages() == [Names(names=["c"])]
    assert reading.pages() == []


@KINDS
def test_pages_go_on_where_items_ended(kind: str) -> None:
    reading = Reading(kind, TWO)
    assert reading.take(1) == ["a"]
    assert reading.pages() == [Names(names=["c"])]
    assert reading.take() == ["b"]


REPEATED = [
    pytest.param([None, "a", "a"], id="at once"),
    pytest.param([None, "a", "b", "c", "a"], id="later"),
    pytest.param(["a", "b", "a"], id="the caller's own"),
    pytest.param([None, ["x", "y"], ["x", "y"]], id="no text"),
    pytest.param([UNSET, 0, 0], id="zero"),
]


@KINDS
@pytest.mark.parametrize("cursors", REPEATED)
def test_a_cursor_that_comes_twice_is_refused(kind: str, cursors: list[Any]) -> None:
    first, *others = cursors
    pages = [{"names": [str(cursor)], "more": cursor} for cursor in others]
    reading = Reading(kind, pages, after=first)
    assert reading.take(len(others)) == [str(cursor) for cursor in others]
    for _ in range(2):
        with pytest.raises(Internal) as caught:
            reading.take()
        assert caught.value.message == (
            "Names.list gave the cursor of an earlier page again: its pages would never "
            "end"
        )
        assert was_received(caught.value)
    assert len(reading.book.requests) == len(others)


@KINDS
def test_cursors_of_other_types_are_others(kind: str) -> None:
    cursors = [0, "0", ["0"], "[0]", "", None]
    reading = Reading(kind, [{"names": ["a"], "more": cursor} for cursor in cursors])
    assert reading.take() == ["a"] * 6


@KINDS
def test_an_error_leaves_it_where_it_was(kind: str) -> None:
    reading = Reading(kind, [TWO[0], Unavailable("gone"), TWO[1]])
    assert reading.take(2) == ["a", "b"]
    with pytest.raises(Unavailable):
        reading.take(1)
    assert reading.take() == ["c"]
    assert reading.book.params == [{}, {"after": "2"}, {"after": "2"}]


@KINDS
def test_wrong_params_are_refused_with_the_first_page(kind: str) -> None:
    reading = Reading(kind, TWO, after=object())
    with pytest.raises(InvalidArgument):
        reading.take()
    assert reading.book.requests == []


@KINDS
def test_an_idempotency_key_is_for_one_call(kind: str) -> None:
    with pytest.raises(ValueError, match="an idempotency key is one call's"):
        Reading(kind, TWO, options=CallOptions(idempotency_key="k"))


def test_what_has_no_pages_has_no_iterator() -> None:
    with pytest.raises(ValueError, match=r"names\.Names\.count has no pages"):
        NamesClient(transport=SyncBook()).iter_count()


def test_it_is_no_call_of_a_batch_nor_a_raw_one() -> None:
    client = NamesClient(transport=SyncBook())
    message = "`iter_list` is not one call of the service"
    with pytest.raises(TypeError, match=message):
        client.raw(client.iter_list)
    with client.batch() as b, pytest.raises(TypeError, match=message):
        b.add(client.iter_list)


def test_a_cancelled_call_leaves_it_where_it_was() -> None:
    class Stopping(AsyncBook):
        async def exchange(self, request: Request) -> Reply:
            if len(self.requests) == 1:
                self.requests.append(request)
                asking.set()
                await asyncio.Event().wait()
            return await super().exchange(request)

    asking = asyncio.Event()

    async def main() -> None:
        book = Stopping(*TWO)
        items = AsyncNamesClient(transport=book).iter_list()
        assert [await anext(items), await anext(items)] == ["a", "b"]
        third = asyncio.ensure_future(anext(items))
        await asking.wait()
        third.cancel()
        with pytest.raises(asyncio.CancelledError):
            await third
        assert [item async for item in items] == ["c"]
        assert book.params == [{}, {"after": "2"}, {"after": "2"}]

    asyncio.run(main())
