"""Does operations with an async client, and cancels them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any

from tests.e2e.soak.log import Log
from tests.e2e.soak.operations import (
    Operation,
    check_answer,
    check_end,
    check_item,
)
from tests.e2e.soak.truth import NOBODY, token
from tests.runtime.contract.mill.client import AsyncMillClient


class AsyncCalls:
    """One client, used by as many tasks as like."""

    def __init__(self, url: str, caller: str, log: Log) -> None:
        self._caller = caller
        self._client = AsyncMillClient(url, token=token(caller))
        self._stranger = self._client.with_options(token=NOBODY)
        self._log = log

    async def do(self, operation: Operation) -> bool:
        """Do it, or cancel it; return whether it was answered."""
        if operation.cancelled_after is None:
            return await self._done(operation)
        doing = asyncio.create_task(self._done(operation))
        loop = asyncio.get_running_loop()
        giving_up = loop.call_later(operation.cancelled_after, doing.cancel)
        try:
            return await doing
        except asyncio.CancelledError:
            self._log.cancelled(operation)
            return False
        finally:
            giving_up.cancel()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _done(self, operation: Operation) -> bool:
        begun = time.monotonic()
        try:
            answer = await self._answer(operation)
        except Exception as error:
            return self._log.failed(self._caller, operation, error, begun)
        self._log.answered(self._caller, operation, answer, begun)
        return True

    async def _answer(self, operation: Operation) -> Any:
        client = self._stranger if operation.is_stranger else self._client
        if operation.shape == "batch":
            return await self._batch(client, operation)
        method = getattr(client, operation.method)
        given: list[Any] = [] if operation.sent is None else [sent(operation.sent)]
        given += operation.arguments
        named = {**operation.named, "options": operation.options}
        if operation.shape == "pages":
            return await self._follow(operation, method(*given, **named))
        if operation.shape == "stream":
            async with method(*given, **named) as items:
                return await self._follow(operation, items)
        if operation.shape == "raw":
            answer = (await client.raw(method, *given, **named)).result()
        else:
            answer = await method(*given, **named)
        check_answer(operation, answer)
        return answer

    async def _follow(self, operation: Operation, items: AsyncIterable[Any]) -> None:
        index = 0
        if operation.taken != 0:
            async for item in items:
                check_item(operation, index, item)
                index += 1
                if index == operation.taken:
                    break
        self._log.count("items", index)
        if operation.taken is None:
            check_end(operation, index)
        else:
            self._log.count("left")

    async def _batch(self, client: AsyncMillClient, operation: Operation) -> list[Any]:
        async with client.batch() as b:
            calls = [
                b.add(
                    getattr(client, part.method),
                    *part.arguments,
                    **part.named,
                    options=part.options,
                )
                for part in operation.parts
            ]
        return [*zip(operation.parts, calls, strict=True)]


async def sent(items: Iterable[Any]) -> AsyncIterator[Any]:
    """Yield the items, and let others run between them."""
    for item in items:
        yield item
        await asyncio.sleep(0)
