"""Iterators over what comes in pages: item by item, or page by page.

A page is asked for when something of it is, never before, so that a caller who has seen
enough has not waited for more. What is raised on the way leaves an iterator where it
was: going on asks for the same page again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Generic, TypeVar

Item_co = TypeVar("Item_co", covariant=True)
Page_co = TypeVar("Page_co", covariant=True)


class Paged(Iterator[Item_co], Generic[Item_co, Page_co]):
    """The items of all pages, one after the other: ``for user in users.iter_list()``.

    It is used once, and by one thread at a time.
    """

    def __init__(self, pages: Iterator[Page_co], items: str) -> None:
        self._pages = pages
        self._name = items
        self._items: Iterator[Item_co] = iter(())

    def __next__(self) -> Item_co:
        """Return the next item, of the next page where this one has no more.

        Raises:
            RpcError: as the method itself; Internal where the server gives a cursor
                twice, so that its pages would never end.
        """
        while True:
            for item in self._items:
                return item
            self._items = iter(getattr(next(self._pages), self._name))

    def pages(self) -> Iterator[Page_co]:
        """Return an iterator over the pages that were not asked for yet."""
        return self._pages


class AsyncPaged(AsyncIterator[Item_co], Generic[Item_co, Page_co]):
    """The same for an event loop: ``async for user in users.iter_list()``."""

    def __init__(self, pages: AsyncIterator[Page_co], items: str) -> None:
        self._pages = pages
        self._name = items
        self._items: Iterator[Item_co] = iter(())

    async def __anext__(self) -> Item_co:
        """Return the next item; raises as `Paged.__next__`."""
        while True:
            for item in self._items:
                return item
            self._items = iter(getattr(await anext(self._pages), self._name))

    def pages(self) -> AsyncIterator[Page_co]:
        """Return an iterator over the pages that were not asked for yet."""
        return self._pages
