"""Does operations with a sync client."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from tests.e2e.soak.log import Log
from tests.e2e.soak.operations import (
    Operation,
    check_answer,
    check_end,
    check_item,
)
from tests.e2e.soak.truth import NOBODY, token
from tests.runtime.contract.mill.client import MillClient


class SyncCalls:
    """One client, used by as many threads as like."""

    def __init__(self, url: str, caller: str, log: Log) -> None:
        self._caller = caller
        self._client = MillClient(url, token=token(caller))
        self._stranger = self._client.with_options(token=NOBODY)
        self._log = log

    def do(self, operation: Operation) -> bool:
        """Do it; return whether it was answered."""
        begun = time.monotonic()
        try:
            answer = self._answer(operation)
        except Exception as error:
            return self._log.failed(self._caller, operation, error, begun)
        self._log.answered(self._caller, operation, answer, begun)
        return True

    def close(self) -> None:
        self._client.close()

    def _answer(self, operation: Operation) -> Any:
        client = self._stranger if operation.is_stranger else self._client
        if operation.shape == "batch":
            return self._batch(client, operation)
        method = getattr(client, operation.method)
        given: list[Any] = [] if operation.sent is None else [iter(operation.sent)]
        given += operation.arguments
        named = {**operation.named, "options": operation.options}
        if operation.shape == "raw":
            answer = client.raw(method, *given, **named).result()
        else:
            answer = method(*given, **named)
        if operation.shape == "pages":
            return self._follow(operation, answer)
        if operation.shape == "stream":
            with answer as items:
                return self._follow(operation, items)
        check_answer(operation, answer)
        return answer

    def _follow(self, operation: Operation, items: Iterable[Any]) -> None:
        index = 0
        if operation.taken != 0:
            for item in items:
                check_item(operation, index, item)
                index += 1
                if index == operation.taken:
                    break
        self._log.count("items", index)
        if operation.taken is None:
            check_end(operation, index)
        else:
            self._log.count("left")

    def _batch(self, client: MillClient, operation: Operation) -> list[Any]:
        with client.batch() as b:
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
