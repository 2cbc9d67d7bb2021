"""Which ends of a call are answers that are kept, and what comes after the others."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from idlgen.runtime import (
    Aborted,
    AlreadyExists,
    Cancelled,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    Problem,
    ResourceExhausted,
    Unavailable,
    UnknownError,
)
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.idempotency.keyed_calls import (
    Do,
    Doing,
    call,
    create,
    nothing,
    raising,
    request_of,
    send,
    update,
)
from tests.runtime.idempotency.patience import within_a_minute


def test_errors_that_are_answers_are_kept_whole(store: KeyStore) -> None:
    errors: list[Any] = [
        (UserNotFound(id=7), update),
        (AlreadyExists("taken", details={"name": "Ada"}), create),
        (InvalidArgument(problems=[Problem("$.name", "is rude")]), create),
    ]

    async def main() -> None:
        for number, (error, write) in enumerate(errors):

            async def fail(error: Exception = error) -> None:
                raise error

            service = Doing(fail)
            dispatcher = Dispatcher(service, idempotency=store)
            message = request_of(write[0], write[1], f"k{number}")
            first = await send(dispatcher, message)
            assert "error" in first
            assert await send(dispatcher, message) == first
            assert service.runs == 1

    within_a_minute(main())


async def wrong_answer() -> object:
    return "no user"


NO_JSON: Any = {"a": object()}
RUN_AGAIN = "run 2"
NOT_KNOWN = "aborted"


@pytest.mark.parametrize(
    ("do", "first", "plain", "idempotent"),
    [
        # The handler says that nothing was done.
        (raising(Unavailable()), "unavailable", RUN_AGAIN, RUN_AGAIN),
        (raising(Aborted()), "aborted", RUN_AGAIN, RUN_AGAIN),
        (raising(ResourceExhausted()), "resource_exhausted", RUN_AGAIN, RUN_AGAIN),
        (
            raising(AlreadyExists(retryable=True)),
            "already_exists",
            RUN_AGAIN,
            RUN_AGAIN,
        ),
        (
            raising(AlreadyExists(details={"retry_after": "PT1S"})),
            "already_exists",
            RUN_AGAIN,
            RUN_AGAIN,
        ),
        # Nobody knows.
        (raising(ValueError()), "internal", NOT_KNOWN, RUN_AGAIN),
        (raising(Internal()), "internal", NOT_KNOWN, RUN_AGAIN),
        (raising(Cancelled()), "cancelled", NOT_KNOWN, RUN_AGAIN),
        (raising(UnknownError()), "unknown", NOT_KNOWN, RUN_AGAIN),
        (raising(DeadlineExceeded()), "deadline_exceeded", NOT_KNOWN, RUN_AGAIN),
        (raising(AlreadyExists(details=NO_JSON)), "internal", NOT_KNOWN, RUN_AGAIN),
        (wrong_answer, "internal", NOT_KNOWN, RUN_AGAIN),
    ],
)
@pytest.mark.parametrize("write", ["plain", "idempotent"])
def test_what_is_no_answer_is_not_kept(
    store: KeyStore, do: Do, first: str, plain: str, idempotent: str, write: str
) -> None:
    async def main() -> None:
        service = Doing(do)
        dispatcher = Dispatcher(service, idempotency=store)
        written = create if write == "plain" else update
        assert await call(dispatcher, *written) == first
        service.do = nothing
        then = plain if write == "plain" else idempotent
        assert await call(dispatcher, *written) == then
        assert await call(dispatcher, *written) == then
        assert service.runs == (2 if then == RUN_AGAIN else 1)

    logging.disable(logging.CRITICAL)
    try:
        within_a_minute(main())
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("end", ["late", "cancelled"])
@pytest.mark.parametrize("is_transactional", [False, True])
def test_a_handler_that_was_stopped_halfway(
    tmp_path: Path, end: str, is_transactional: bool
) -> None:
    async def main(store: SqliteKeys) -> None:
        entered = asyncio.Event()

        async def hang() -> None:
            entered.set()
            await asyncio.Future()

        service = Doing(hang)
        dispatcher = Dispatcher(service, idempotency=store)
        for number, write in enumerate([create, update], 1):
            key, timeout = "k", 20
            entered.clear()
            while end == "late" and not entered.is_set():
                # The disk may be slow: what never began is no handler that was stopped.
                key, timeout = f"k{timeout}", 2 * timeout
                answer = await call(dispatcher, *write, key, timeout_ms=timeout)
                assert answer == "deadline_exceeded"
            if end == "cancelled":
                calling = asyncio.ensure_future(call(dispatcher, *write))
                await entered.wait()
                calling.cancel()
                await asyncio.wait([calling])
            service.do = nothing
            service.runs = 0
            runs_again = is_transactional or number == 2
            expected = "run 1" if runs_again else "aborted"
            assert await call(dispatcher, *write, key) == expected
            service.do = hang

    with SqliteKeys(tmp_path / "k.db", transactional=is_transactional) as store:
        within_a_minute(main(store))


def test_the_message_of_an_unknown_outcome() -> None:
    async def main() -> None:
        service = Doing(raising(Cancelled()))
        dispatcher = Dispatcher(service)
        await call(dispatcher, *create)
        answer = await send(dispatcher, request_of(*create, "k"))
        assert answer["error"] == {
            "code": -32010,
            "message": "the outcome of the first try is not known: it may have been "
            "carried out, in whole or in part",
            "data": {"status": "aborted"},
        }

    within_a_minute(main())
