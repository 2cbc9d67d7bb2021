"""The calls of an iterator over pages: what each is made with, and when there is no more."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct

from idlgen.runtime.async_channel import AsyncChannel
from idlgen.runtime.channel import Channel
from idlgen.runtime.descriptors import Method, Pagination
from idlgen.runtime.errors import Internal, received
from idlgen.runtime.options import CallOptions
from idlgen.runtime.pagination import AsyncPaged, Paged
from idlgen.runtime.unions import encode_unknown

T = TypeVar("T")


def paged(
    channel: Channel, method: Method[T], params: Struct, options: CallOptions | None
) -> Paged[Any, T]:
    """Return the items of the pages that `method` returns; see `Channel.paged`."""
    turning = _turning(method, params, options)
    call = partial(channel.unary, method, options=options)
    return Paged(_Pages(turning, call), turning.pagination.items)


def paged_async(
    channel: AsyncChannel,
    method: Method[T],
    params: Struct,
    options: CallOptions | None,
) -> AsyncPaged[Any, T]:
    """Return the items of the pages that `method` returns; see `Channel.paged`."""
    turning = _turning(method, params, options)
    call = partial(channel.unary, method, options=options)
    return AsyncPaged(_AsyncPages(turning, call), turning.pagination.items)


class _Turning:
    """Turns the pages: what the next call is made with, once the last one is read."""

    def __init__(self, name: str, pagination: Pagination, params: Struct) -> None:
        self.pagination = pagination
        self._name = name
        self._params: Struct | None = params
        self._seen: set[bytes] = set()
        self._is_repeated = False

    def params(self) -> Struct | None:
        """Return the params of the call that gets the next page; None after the last.

        Raises:
            Internal: they would be those of a call that was made already.
        """
        if self._is_repeated:
            raise received(
                Internal(
                    f"{self._name} gave the cursor of an earlier page again: its pages "
                    "would never end"
                )
            )
        return self._params

    def turn(self, page: object) -> None:
        """Read the cursor of the page that came of these params."""
        assert self._params is not None
        param = self.pagination.param
        self._seen.add(_digest(getattr(self._params, param)))
        cursor = getattr(page, self.pagination.next)
        if cursor is None or cursor is UNSET:
            self._params = None
            return
        self._params = msgspec.structs.replace(self._params, **{param: cursor})
        self._is_repeated = _digest(cursor) in self._seen


def _digest(cursor: object) -> bytes:
    """Return what tells a cursor from others: pages may be many, and cursors long."""
    if cursor is None or cursor is UNSET:
        return b""
    text = msgspec.json.encode(cursor, enc_hook=encode_unknown, order="deterministic")
    return hashlib.blake2b(text, digest_size=16).digest()


class _Pages(Iterator[T]):
    def __init__(self, turning: _Turning, call: Callable[[Struct], T]) -> None:
        self._turning = turning
        self._call = call

    def __next__(self) -> T:
        params = self._turning.params()
        if params is None:
            raise StopIteration
        page = self._call(params)
        self._turning.turn(page)
        return page


class _AsyncPages(AsyncIterator[T]):
    def __init__(
        self, turning: _Turning, call: Callable[[Struct], Awaitable[T]]
    ) -> None:
        self._turning = turning
        self._call = call

    async def __anext__(self) -> T:
        params = self._turning.params()
        if params is None:
            raise StopAsyncIteration
        page = await self._call(params)
        self._turning.turn(page)
        return page


def _turning(
    method: Method[Any], params: Struct, options: CallOptions | None
) -> _Turning:
    if method.pagination is None:
        raise ValueError(f"{method.name} has no pages")
    if options is not None and options.idempotency_key is not None:
        raise ValueError(
            "an idempotency key is one call's, and each page is a call of its own"
        )
    return _Turning(method.short_name, method.pagination, params)
