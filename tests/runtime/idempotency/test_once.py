"""Calls with idempotency keys, from message to message: what is run once, and what again."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from idlgen.runtime import (
    Aborted,
    AlreadyExists,
    Cancelled,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    Method,
    Problem,
    ResourceExhausted,
    Unavailable,
    UnknownError,
    asgi_app,
)
from idlgen.runtime.auth import Principal
from idlgen.runtime.call import CallContext
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    KeyStore,
    OtherParams,
    current_claim,
)
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.once import KeyedCall, Once
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from idlgen.runtime.server.invocation import HandlerFailed
from tests.runtime.contract.accounts import user
from tests.runtime.contract.user import types
from tests.runtime.contract.user._service import USER_SERVICE_PING
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserServiceUnimplemented
from tests.runtime.idempotency.patience import within_a_minute

Do = Callable[[], Awaitable[object]]


async def nothing() -> None:
    pass


class Doing(UserServiceUnimplemented):
    """Does what the test says, in each of its handlers, and counts."""

    def __init__(self, do: Do = nothing) -> None:
        self.do = do
        self.runs = 0

    async def _run(self) -> Any:
        self.runs += 1
        return await self.do()

    async def get_user_by_id(self, id: int) -> types.User:
        await self._run()
        return user(id, f"run {self.runs}")

    async def create_user(self, user_data: types.UserData) -> types.User:
        wrong = await self._run()
        return user(2, f"run {self.runs}") if wrong is None else wrong

    async def update_user(
        self, id: int, user_data: types.UserDataPartial
    ) -> types.User:
        wrong = await self._run()
        return user(id, f"run {self.runs}") if wrong is None else wrong

    async def ping(self) -> None:
        await self._run()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyStore]:
    if request.param == "memory":
        yield MemoryKeys()
        return
    with SqliteKeys(tmp_path / "keys.db") as store:
        yield store


CREATE = {"userData": {"name": "Ada", "email": "a@b", "bio": None}}
UPDATE = {"id": 1, "userData": {"name": "Ada"}}


def request_of(method: str, params: object, key: str | None, **meta: object) -> Any:
    if key is not None:
        meta["idempotency_key"] = key
    members: dict[str, object] = {"jsonrpc": "2.0", "id": 1, "method": method}
    members["params"] = params
    if meta:
        members["meta"] = meta
    return members


async def send(dispatcher: Dispatcher, message: object) -> Any:
    answer = await dispatcher.dispatch(json.dumps(message).encode())
    return None if answer is None else json.loads(answer)


async def call(
    dispatcher: Dispatcher,
    method: str,
    params: object,
    key: str | None = "k",
    **meta: object,
) -> Any:
    """Return the name in the result, or the status of the error."""
    answer = await send(dispatcher, request_of(method, params, key, **meta))
    if "error" in answer:
        return answer["error"].get("data", {}).get("status", "internal")
    return answer["result"] and answer["result"]["name"]


create = ("UserService.createUser", CREATE)
update = ("UserService.updateUser", UPDATE)
get = ("UserService.getUserById", {"id": 1})
writes = pytest.mark.parametrize("write", [create, update], ids=["plain", "idempotent"])


@writes
def test_a_repetition_gets_the_answer_of_the_first(
    store: KeyStore, write: tuple[str, object]
) -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service, idempotency=store)
        for _ in range(3):
            assert await call(dispatcher, *write) == "run 1"
        assert await call(dispatcher, *write, key="k2") == "run 2"
        assert service.runs == 2
        # Another server with the same store knows it too.
        other = Dispatcher(Doing(), idempotency=store)
        assert await call(other, *write) == "run 1"

    within_a_minute(main())


def test_without_a_key_and_where_nothing_is_written_each_call_is_run() -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service)
        assert await call(dispatcher, *create, key=None) == "run 1"
        assert await call(dispatcher, *create, key=None) == "run 2"
        assert await call(dispatcher, *get) == "run 3"
        assert await call(dispatcher, *get) == "run 4"

    within_a_minute(main())


def test_keys_are_kept_in_memory_by_default_and_by_apps_too() -> None:
    async def main() -> None:
        service = Doing()
        app = asgi_app(service)
        assert await call(app._dispatcher, *create) == "run 1"
        assert await call(app._dispatcher, *create) == "run 1"
        with SqliteKeys(":memory:") as keys:
            app = asgi_app(service, idempotency=keys)
            assert await call(app._dispatcher, *create) == "run 2"
            assert isinstance(await keys.claim(key_of("createUser"), b""), OtherParams)

    within_a_minute(main())


def key_of(method: str, principal: str = "", text: str = "k") -> Key:
    return Key(principal=principal, method=f"user.UserService.{method}", text=text)


@pytest.mark.parametrize(
    "same",
    [
        {"userData": {"name": "Ada"}, "id": 1},
        [1, {"name": "Ada"}],
    ],
    ids=["order", "by position"],
)
def test_the_same_params_may_be_written_otherwise(same: object) -> None:
    async def main() -> None:
        dispatcher = Dispatcher(Doing())
        assert await call(dispatcher, *update) == "run 1"
        assert await call(dispatcher, "UserService.updateUser", same) == "run 1"
        assert await call(dispatcher, "user.UserService.updateUser", same) == "run 1"

    within_a_minute(main())


class Many(Struct, frozen=True, kw_only=True):
    by_name: dict[str, int]
    tags: frozenset[str] = frozenset()
    limit: int = 5


MANY: Method[None] = Method(
    "test.Service.many", handler="many", params=Many, returns=None
)


@pytest.mark.parametrize(
    ("keywords", "is_same"),
    [
        ({"by_name": {"b": 2, "a": 1}}, True),
        ({"by_name": {"a": 1, "b": 2}, "limit": 5}, True),
        ({"by_name": {"a": 1, "b": 2}, "limit": 6}, False),
        ({"by_name": {"a": 1, "b": 3}}, False),
        ({"by_name": {"a": 1, "b": 2}, "tags": {"x"}}, False),
    ],
)
def test_params_are_compared_by_value(
    keywords: dict[str, object], is_same: bool
) -> None:
    async def send_many(once: Once, given: dict[str, object]) -> bytes:
        keyed = KeyedCall(
            method=MANY,
            keywords=given,
            context=CallContext(MANY.name, headers=HEADERS, deadline=None),
            run=answered,
            told=lambda _: None,
        )
        return await once.result(keyed)

    async def answered() -> bytes:
        return b"null"

    async def main() -> None:
        once = Once(MemoryKeys())
        await send_many(once, {"by_name": {"a": 1, "b": 2}})
        if is_same:
            assert await send_many(once, keywords) == b"null"
        else:
            with pytest.raises(HandlerFailed, match="other params"):
                await send_many(once, keywords)

    within_a_minute(main())


@pytest.mark.parametrize(
    "other",
    [
        {"id": 2, "userData": {"name": "Ada"}},
        {"id": 1, "userData": {"name": "Bo"}},
        {"id": 1, "userData": {}},
        {"id": 1, "userData": {"name": "Ada", "nickname": None}},
    ],
)
def test_other_params_under_the_key_are_refused(store: KeyStore, other: object) -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service, idempotency=store)
        assert await call(dispatcher, *update) == "run 1"
        request = request_of("UserService.updateUser", other, "k")
        answer = await send(dispatcher, request)
        assert answer["error"] == {
            "code": -32003,
            "message": "the idempotency key was used for a call with other params",
            "data": {"status": "invalid_argument"},
        }
        assert service.runs == 1

    within_a_minute(main())


def test_a_key_counts_for_its_method() -> None:
    async def main() -> None:
        dispatcher = Dispatcher(Doing())
        assert await call(dispatcher, *update) == "run 1"
        assert await call(dispatcher, *create) == "run 2"

    within_a_minute(main())


def test_a_key_counts_for_its_principal() -> None:
    async def run(once: Once, name: str | None) -> int:
        context = CallContext("user.UserService.ping", headers=HEADERS, deadline=None)
        context.principal = None if name is None else Principal(name)
        keyed = KeyedCall(
            method=USER_SERVICE_PING,
            keywords={},
            context=context,
            run=counted,
            told=lambda _: None,
        )
        return int(await once.result(keyed))

    runs = 0

    async def counted() -> bytes:
        nonlocal runs
        runs += 1
        return b"%d" % runs

    async def main() -> None:
        once = Once(MemoryKeys())
        assert [await run(once, name) for name in ("a", "b", "a", None)] == [1, 2, 1, 3]

    within_a_minute(main())


HEADERS = {"idempotency-key": "k"}


@writes
def test_a_duplicate_in_flight_waits_for_the_answer(
    store: KeyStore, write: tuple[str, object]
) -> None:
    async def main() -> None:
        go_on = asyncio.Event()

        async def wait() -> None:
            await go_on.wait()

        service = Doing(wait)
        dispatcher = Dispatcher(service, idempotency=store)
        calls = [asyncio.ensure_future(call(dispatcher, *write)) for _ in range(10)]
        done, _ = await asyncio.wait(calls, timeout=0.05)
        assert not done
        go_on.set()
        assert await asyncio.gather(*calls) == ["run 1"] * 10
        assert service.runs == 1
        assert not dispatcher._answering._once._queues

    within_a_minute(main())


def test_duplicates_that_wait_leave_the_store_alone() -> None:
    class Counting(MemoryKeys):
        claims = 0

        async def claim(
            self, key: Key, digest: bytes
        ) -> Claim | Kept | Held | OtherParams:
            self.claims += 1
            return await super().claim(key, digest)

    async def main() -> None:
        go_on = asyncio.Event()

        async def wait() -> None:
            await go_on.wait()

        store = Counting()
        dispatcher = Dispatcher(Doing(wait), idempotency=store)
        calls = [asyncio.ensure_future(call(dispatcher, *create)) for _ in range(10)]
        await asyncio.wait(calls, timeout=0.05)
        assert store.claims == 1
        go_on.set()
        await asyncio.gather(*calls)
        assert store.claims == 10

    within_a_minute(main())


def test_a_duplicate_in_another_process_waits_too(tmp_path: Path) -> None:
    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            entered.set()
            await go_on.wait()

        first = asyncio.ensure_future(
            call(Dispatcher(Doing(wait), idempotency=one), *create)
        )
        await entered.wait()
        elsewhere = Doing()
        second = asyncio.ensure_future(
            call(Dispatcher(elsewhere, idempotency=other), *create)
        )
        done, _ = await asyncio.wait([second], timeout=0.05)
        assert not done
        go_on.set()
        assert await first == "run 1"
        assert await second == "run 1"
        assert elsewhere.runs == 0

    path = tmp_path / "keys.db"
    with SqliteKeys(path) as one, SqliteKeys(path) as other:
        within_a_minute(main(one, other))


@pytest.mark.parametrize("where", ["same", "another process"])
def test_a_duplicate_waits_no_longer_than_it_may(tmp_path: Path, where: str) -> None:
    async def main(one: SqliteKeys, other: SqliteKeys) -> None:
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            entered.set()
            await go_on.wait()

        dispatcher = Dispatcher(Doing(wait), idempotency=one)
        first = asyncio.ensure_future(call(dispatcher, *create))
        await entered.wait()
        if where != "same":
            dispatcher = Dispatcher(Doing(), idempotency=other)
        assert await call(dispatcher, *create, timeout_ms=50) == "deadline_exceeded"
        go_on.set()
        assert await first == "run 1"
        assert await call(dispatcher, *create) == "run 1"

    path = tmp_path / "keys.db"
    with SqliteKeys(path) as one, SqliteKeys(path) as other:
        within_a_minute(main(one, other))


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


def raising(error: BaseException) -> Do:
    async def fail() -> None:
        raise error

    return fail


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


def test_calls_of_a_batch_have_their_own_keys(store: KeyStore) -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service, idempotency=store)
        keys = ["a", "b", "a", None, "a"]
        batch = [
            {**request_of(*create, key), "id": number}
            for number, key in enumerate(keys)
        ]
        answers = await send(dispatcher, batch)
        names = [answer["result"]["name"] for answer in answers]
        assert service.runs == 3
        assert names[0] == names[2] == names[4]
        assert len(set(names)) == 3

    within_a_minute(main())


def test_a_notification_is_run_once_too(store: KeyStore) -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service, idempotency=store)
        notification = request_of(*create, "k")
        del notification["id"]
        assert await send(dispatcher, notification) is None
        assert await call(dispatcher, *create) == "run 1"

    within_a_minute(main())


def test_the_header_says_the_same_as_meta() -> None:
    async def main() -> None:
        dispatcher = Dispatcher(Doing())
        body = json.dumps(request_of(*create, None)).encode()
        for _ in range(2):
            answer = await dispatcher.dispatch(body, {"idempotency-key": "k"})
            assert answer is not None
            assert b'"run 1"' in answer
        assert await call(dispatcher, *create) == "run 1"

    within_a_minute(main())


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_1_to_255_characters(key: str) -> None:
    async def main() -> None:
        service = Doing()
        dispatcher = Dispatcher(service)
        answer = await send(dispatcher, request_of(*create, key))
        assert answer["error"]["code"] == -32003
        assert answer["error"]["message"] == (
            "an idempotency key has 1 to 255 characters"
        )
        assert await call(dispatcher, *create, key="k" * 255) == "run 1"

    within_a_minute(main())


class Broken(MemoryKeys):
    """Fails at one of its methods."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        if self.at == "claim":
            raise OSError("no disk")
        return await super().claim(key, digest)

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        if self.at == "keep":
            await self.abandon(claim)
            raise OSError("no disk")
        return await super().keep(claim, answer)


@pytest.mark.parametrize(("at", "runs"), [("claim", 0), ("keep", 1)])
def test_a_store_that_is_out_of_reach(
    at: str, runs: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        service = Doing()
        store = Broken(at)
        dispatcher = Dispatcher(service, idempotency=store)
        assert await call(dispatcher, *update) == "unavailable"
        assert service.runs == runs
        assert "no disk" in caplog.text
        store.at = "nowhere"
        assert await call(dispatcher, *update) == f"run {runs + 1}"

    within_a_minute(main())


def test_whoever_lost_its_claim_answers_as_the_one_who_took_it() -> None:
    async def main() -> None:
        store = MemoryKeys()
        digests: list[bytes] = []

        class Spying(MemoryKeys):
            async def claim(
                self, key: Key, digest: bytes
            ) -> Claim | Kept | Held | OtherParams:
                digests.append(digest)
                return await store.claim(key, digest)

            keep = store.keep
            abandon = store.abandon

        async def lose() -> None:
            mine = current_claim()
            assert mine is not None
            await store.abandon(mine)
            taken = await store.claim(mine.key, digests[0])
            assert isinstance(taken, Claim)
            answer = json.dumps({"result": {"name": "the other"}}).encode()
            assert await store.keep(taken, answer)

        service = Doing(lose)
        dispatcher = Dispatcher(service, idempotency=Spying())
        assert await call(dispatcher, *create) == "the other"
        assert service.runs == 1

    within_a_minute(main())


def test_interceptors_see_repetitions_as_the_first_try() -> None:
    seen: list[object] = []

    @contextmanager
    def watching(call: CallContext) -> Iterator[None]:
        try:
            yield
        except UserNotFound as error:
            seen.append(error.id)
            raise
        seen.append("ok")

    async def main() -> None:
        service = Doing(raising(UserNotFound(id=7)))
        dispatcher = Dispatcher(service, interceptors=[watching])
        for _ in range(2):
            assert await call(dispatcher, *update) == "not_found"
        for _ in range(2):
            service.do = nothing
            assert await call(dispatcher, *create) == "run 2"

    within_a_minute(main())
    assert seen == [7, 7, "ok", "ok"]


# --- what handlers write -------------------------------------------------------


class Writing(UserServiceUnimplemented):
    """Writes a note in a transaction, in a thread or not, and ends as the test says."""

    def __init__(self, keys: SqliteKeys, error: Exception | None = None) -> None:
        self.keys = keys
        self.error = error

    def delete_user(self, id: int) -> bool:
        with self.keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('thread')")
        if self.error is not None:
            raise self.error
        return True

    async def create_user(self, user_data: types.UserData) -> types.User:
        async with self.keys.transaction() as db:
            db.execute("INSERT INTO notes VALUES ('async')")
        if self.error is not None:
            raise self.error
        return user(1)


@pytest.mark.parametrize(
    ("error", "keyed", "unkeyed"),
    [
        (None, 1, 3),
        (AlreadyExists(), 1, 3),
        (Unavailable(), 0, 3),
        (ValueError(), 0, 3),
    ],
    ids=["result", "error", "unavailable", "raised"],
)
@pytest.mark.parametrize("how", ["thread", "async"])
def test_what_a_handler_wrote_is_there_if_its_answer_is(
    tmp_path: Path, how: str, error: Exception | None, keyed: int, unkeyed: int
) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text TEXT)")

    def notes() -> int:
        with closing(sqlite3.connect(path)) as db:
            (count,) = db.execute("SELECT count(*) FROM notes").fetchone()
        return int(count)

    async def main(keys: SqliteKeys) -> None:
        dispatcher = Dispatcher(Writing(keys, error), idempotency=keys)
        write = ("UserService.deleteUser", {"id": 1}) if how == "thread" else create
        for _ in range(3):
            await send(dispatcher, request_of(write[0], write[1], "k"))
        assert notes() == keyed
        for _ in range(3):
            await send(dispatcher, request_of(write[0], write[1], None))
        assert notes() == keyed + unkeyed
        dispatcher.close()

    logging.disable(logging.CRITICAL)
    try:
        with SqliteKeys(path) as keys:
            within_a_minute(main(keys))
    finally:
        logging.disable(logging.NOTSET)
