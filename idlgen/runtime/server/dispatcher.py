"""A message from its bytes to the bytes of its answer, whatever moved them here."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from idlgen.runtime import leniency
from idlgen.runtime.auth import Authenticate
from idlgen.runtime.interceptors.chain import checked
from idlgen.runtime.protocols.jsonrpc.answers import error_answer
from idlgen.runtime.protocols.jsonrpc.failures import (
    INTERNAL_ERROR,
    reserved_error,
)
from idlgen.runtime.protocols.jsonrpc.messages import Entry, read_message
from idlgen.runtime.protocols.jsonrpc.requests import (
    Address,
    BadRequest,
    Request,
)
from idlgen.runtime.server.access import gates
from idlgen.runtime.server.answering import Answering
from idlgen.runtime.server.discovery import Discovery
from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.once import Once
from idlgen.runtime.server.interception import ServerInterceptor
from idlgen.runtime.server.invocation import Invoker
from idlgen.runtime.server.limits import check_limit
from idlgen.runtime.server.load import Load
from idlgen.runtime.server.registry import Registry
from idlgen.runtime.server.streams import StreamPort

logger = logging.getLogger("idlgen.runtime")

DEFAULT_THREADS = 32
DEFAULT_MAX_BATCH = 1000
DEFAULT_BATCH_CONCURRENCY = 16
DEFAULT_MAX_CONCURRENT = 10_000
NO_HEADERS: Mapping[str, str] = {}


class Dispatcher:
    """Answers calls to implementations of services."""

    def __init__(
        self,
        *implementations: object,
        lenient: bool = False,
        debug: bool = False,
        threads: int = DEFAULT_THREADS,
        discover: bool = True,
        max_batch: int = DEFAULT_MAX_BATCH,
        batch_concurrency: int = DEFAULT_BATCH_CONCURRENCY,
        authenticate: Authenticate | None = None,
        interceptors: Sequence[ServerInterceptor] = (),
        idempotency: KeyStore | None = None,
        max_concurrent: int = DEFAULT_MAX_CONCURRENT,
    ) -> None:
        """Bind the implementations.

        `lenient` accepts what `Leniency` lists. `debug` decodes every answer again
        before it is sent, which finds values in it that do not fit their types.
        `threads` bounds how many handlers that are not `async def` run at once.
        `discover` answers `rpc.discover` with the OpenRPC documents beside the
        generated Python. A batch has at most `max_batch` requests, of which
        `batch_concurrency` are carried out at a time. `authenticate` says who shows a
        token or an API key, None for nobody; it is asked for the methods that want
        that. `interceptors` stand around each call, the first outermost.
        `idempotency` remembers the answers to calls with idempotency keys, in memory
        where none is given. At most `max_concurrent` calls are at work at a time.

        Raises:
            TypeError, ValueError: as `Registry` and `check_limit`; a method asks who
                calls, and there is no `authenticate`; what is no hook, key store or
                interceptor.
        """
        for name, limit in (
            ("threads", threads),
            ("max_batch", max_batch),
            ("batch_concurrency", batch_concurrency),
            ("max_concurrent", max_concurrent),
        ):
            check_limit(name, limit)
        _check_kinds(authenticate, idempotency)
        self.load = Load(max_concurrent)
        registry = Registry(implementations)
        methods = (bound.method.name for bound in registry)
        discovery = Discovery(registry.services, methods) if discover else None
        self._leniency = leniency.leniency(lenient)
        self._invoker = Invoker(threads, debug=debug)
        self._answering = Answering(
            registry,
            self._leniency,
            self._invoker,
            discovery,
            gates(authenticate, [bound.method for bound in registry]),
            checked(interceptors),
            Once(MemoryKeys() if idempotency is None else idempotency),
            self.load,
        )
        self._max_batch = max_batch
        self._batch_concurrency = batch_concurrency

    def close(self) -> None:
        """Let the threads go when their handlers have ended."""
        self._invoker.close()

    def dispatch(
        self,
        body: bytes,
        headers: Mapping[str, str] = NO_HEADERS,
        port: StreamPort | None = None,
    ) -> Coroutine[Any, Any, bytes | None]:
        """Return the answer to the message in `body`; None where it asks for none.

        `headers` has names in lower case. `port` carries the streams of a call that is
        alone; without one, such calls are refused. Whatever the message holds and
        handlers do, there is an answer; only a cancellation of this task is raised.
        """
        arrived = time.monotonic()
        message = self.read(body)
        if isinstance(message, Request):
            return self._answering.answer(message, headers, arrived, port)
        if isinstance(message, bytes):
            return _at_once(message)
        return self._answer_batch(message, headers, arrived)

    def read(self, body: bytes) -> Request | list[Entry] | bytes:
        """Return the request or the batch in `body`, or the answer to what is neither."""
        try:
            return read_message(body, self._leniency, self._max_batch)
        except BadRequest as bad:
            return error_answer(bad.address, bad.error)
        except Exception:
            # A fault of ours, or memory that ran out.
            logger.exception("a message could not be read")
            return error_answer(Address(), reserved_error(INTERNAL_ERROR))

    def answer(
        self,
        message: Request | list[Entry],
        headers: Mapping[str, str],
        arrived: float,
        port: StreamPort | None = None,
    ) -> Coroutine[Any, Any, bytes | None]:
        """Return the answer to what `read` returned, as `dispatch` does.

        `arrived` is when it came, on `time.monotonic()`'s clock: timeouts count from
        there.
        """
        if isinstance(message, list):
            return self._answer_batch(message, headers, arrived)
        return self._answering.answer(message, headers, arrived, port)

    async def _answer_batch(
        self, entries: Sequence[Entry], headers: Mapping[str, str], arrived: float
    ) -> bytes | None:
        """Return the answers in the order of their entries, in one array.

        Each entry has a task of its own, as a call alone has. All end with this one.
        """
        free = asyncio.Semaphore(self._batch_concurrency)
        load = self.load
        limit = load.limit
        answer_one = self._answering.answer

        async def answer(entry: Entry) -> bytes | None:
            try:
                if isinstance(entry, BadRequest):
                    return error_answer(entry.address, entry.error)
                return await answer_one(entry, headers, arrived, limit=limit)
            finally:
                free.release()

        tasks: list[asyncio.Task[bytes | None]] = []
        load.batches += 1
        try:
            async with asyncio.TaskGroup() as group:
                for entry in entries:
                    await free.acquire()
                    tasks.append(group.create_task(answer(entry)))
        finally:
            load.batches -= 1
            if load.limit == 0:
                load.ended()
        answers = [found for task in tasks if (found := task.result()) is not None]
        return b"[%b]" % b",".join(answers) if answers else None


def _check_kinds(authenticate: object, idempotency: object) -> None:
    if authenticate is not None and not callable(authenticate):
        raise TypeError(
            "`authenticate` is a function of credentials, not a "
            f"{type(authenticate).__qualname__}; `known_tokens` makes one of tokens and "
            "principals"
        )
    if not isinstance(idempotency, KeyStore | None):
        raise TypeError(
            "`idempotency` is a key store such as `SqliteKeys(path)`, not a "
            f"{type(idempotency).__qualname__}"
        )


async def _at_once(answer: bytes) -> bytes:
    return answer
