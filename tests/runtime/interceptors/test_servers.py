"""Interceptors of servers: around each call, whatever carries it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import pytest

from idlgen.runtime import NotFound, PermissionDenied, RpcError, Unavailable
from idlgen.runtime.auth import Principal, known_tokens
from idlgen.runtime.call import CallContext
from idlgen.runtime.errors import received
from idlgen.runtime.interceptors import Call
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.transports.in_process import AsyncInProcessTransport
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.feed.client import AsyncFeedClient
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.user import types
from tests.runtime.contract.vault import Strongroom

WHERE: ContextVar[str] = ContextVar("where", default="nowhere")


class Watch:
    """An interceptor that writes down what it sees."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name = name
        self.log = [] if log is None else log
        self.calls: list[CallContext] = []
        self.errors: list[BaseException] = []

    @contextmanager
    def __call__(self, call: CallContext) -> Iterator[None]:
        self.calls.append(call)
        self.log.append(f"{self.name}> {call.method.rpartition('.')[2]}")
        try:
            yield
        except BaseException as error:
            self.errors.append(error)
            self.log.append(f"{self.name}< {type(error).__name__}")
            raise
        self.log.append(f"{self.name}<")


def get(id: object, number: int = 1, method: str = "UserService.getUserById") -> str:
    params = {"id": id}
    request = {"jsonrpc": "2.0", "method": method, "params": params, "id": number}
    return json.dumps(request)


def answered(
    body: str,
    *interceptors: Any,
    service: Any = None,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Any:
    dispatcher = Dispatcher(
        Accounts() if service is None else service, interceptors=interceptors, **options
    )
    answer = asyncio.run(dispatcher.dispatch(body.encode(), headers or {}))
    dispatcher.close()
    return None if answer is None else json.loads(answer)


def status(answer: Any) -> str:
    """Return `ok`, or the status of an error."""
    if "error" not in answer:
        return "ok"
    error = answer["error"]
    return str(error.get("data", {}).get("status") or error["message"])


@pytest.mark.parametrize(
    ("id", "outcome", "seen"),
    [
        (1, "ok", ["> getUserById", "<"]),
        (404, "not_found", ["> getUserById", "< UserNotFound"]),
        (500, "Internal error", ["> getUserById", "< ValueError"]),
        ("x", "invalid_argument", ["> getUserById", "< InvalidArgument"]),
    ],
)
def test_a_call_is_entered_and_left_with_its_outcome(
    id: object, outcome: str, seen: list[str]
) -> None:
    watch = Watch()
    assert status(answered(get(id), watch)) == outcome
    assert watch.log == seen


def test_what_is_no_call_of_a_method_is_none_of_theirs() -> None:
    watch = Watch()
    assert status(answered(get(1, method="UserService.lose"), watch)) == "unimplemented"
    assert status(answered('{"jsonrpc":"2.0"}', watch)) == "invalid_argument"
    assert status(answered("nonsense", watch)) == "Parse error"
    assert watch.log == []


def test_entries_of_a_batch_each_have_their_own() -> None:
    watch = Watch()
    answers = answered(f"[{get(1, 1)},{get(404, 2)},{get('x', 3)}]", watch)
    assert [status(answer) for answer in answers] == [
        "ok",
        "not_found",
        "invalid_argument",
    ]
    assert sorted(watch.log) == [
        "<",
        "< InvalidArgument",
        "< UserNotFound",
        "> getUserById",
        "> getUserById",
        "> getUserById",
    ]


def test_a_notification_has_them_too() -> None:
    watch = Watch()
    body = '{"jsonrpc":"2.0","method":"UserService.getUserById","params":{"id":404}}'
    assert answered(body, watch) is None
    assert watch.log == ["> getUserById", "< UserNotFound"]


def test_the_first_is_outermost() -> None:
    log: list[str] = []
    answered(get(1), Watch("a", log), Watch("b", log))
    assert log == ["a> getUserById", "b> getUserById", "b<", "a<"]


def test_a_call_tells_what_it_is() -> None:
    watch = Watch()
    body = get(1)[:-1] + ', "meta": {"timeout_ms": 3000, "headers": {"X-A": "1"}}}'
    answered(body, watch, headers={"x-b": "2"})
    (call,) = watch.calls
    assert (call.side, call.method, call.streams) == (
        "server",
        "user.UserService.getUserById",
        False,
    )
    assert (call.headers["x-a"], call.headers["x-b"]) == ("1", "2")
    assert call.remaining is not None
    assert call.remaining <= 3
    assert call.principal is None
    assert repr(call) == "CallContext('user.UserService.getUserById')"


def refusing(error: Exception) -> Callable[[Call], Any]:
    def refuse(call: Call) -> Any:
        raise error

    return refuse


REFUSALS = [
    (PermissionDenied("not on Sundays"), "permission_denied", "not on Sundays"),
    (ValueError("hunter2"), "Internal error", "Internal error"),
    (received(NotFound("of another server")), "Internal error", "Internal error"),
    (NoSuchTopic(name="a"), "Internal error", "Internal error"),
]


@pytest.mark.parametrize(("error", "outcome", "message"), REFUSALS)
def test_a_call_that_is_refused_does_not_run(
    error: Exception, outcome: str, message: str
) -> None:
    accounts, watch = Accounts(), Watch()
    body = '{"jsonrpc":"2.0","method":"UserService.ping","id":1}'
    answer = answered(body, watch, refusing(error), service=accounts)
    assert (status(answer), answer["error"]["message"]) == (outcome, message)
    assert watch.log == ["> ping", f"< {type(error).__name__}"]
    assert accounts.pings == 0


def test_what_is_not_for_the_caller_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        answered(get(1), refusing(ValueError("hunter2")))
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("id", [404, 500])
def test_an_error_may_be_replaced(id: int) -> None:
    @contextmanager
    def replacing(call: Call) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise Unavailable("try elsewhere") from error

    outer = Watch()
    answer = answered(get(id), outer, replacing)
    assert (status(answer), answer["error"]["message"]) == (
        "unavailable",
        "try elsewhere",
    )
    assert outer.log == ["> getUserById", "< Unavailable"]


def test_an_error_that_is_swallowed_is_answered() -> None:
    @contextmanager
    def swallowing(call: Call) -> Iterator[None]:
        with suppress(RpcError):
            yield

    assert status(answered(get(404), swallowing)) == "not_found"


def test_they_may_wait_and_their_context_is_the_handlers() -> None:
    class Asking(Accounts):
        async def get_user_by_id(self, id: int) -> types.User:
            return user(1, WHERE.get())

        def create_user(self, user_data: types.UserData) -> types.User:
            return user(2, WHERE.get())

    @asynccontextmanager
    async def waiting(call: Call) -> AsyncIterator[None]:
        await asyncio.sleep(0)
        token = WHERE.set("inside")
        yield
        await asyncio.sleep(0)
        WHERE.reset(token)

    answer = answered(get(1), waiting, service=Asking())
    assert answer["result"]["name"] == "inside"
    data = '{"userData":{"name":"a","email":"b","bio":null}}'
    body = (
        f'{{"jsonrpc":"2.0","method":"UserService.createUser","params":{data},"id":1}}'
    )
    assert answered(body, waiting, service=Asking())["result"]["name"] == "inside"


def test_who_waits_too_long_on_the_way_in_is_late() -> None:
    outer = Watch()

    @asynccontextmanager
    async def forever(call: Call) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    body = get(1)[:-1] + ', "meta": {"timeout_ms": 10}}'
    assert status(answered(body, outer, forever)) == "deadline_exceeded"
    # Those that were entered are left by the cancellation that ends the waiting.
    assert outer.log == ["> getUserById", "< CancelledError"]


def test_a_late_handler_is_seen_as_late() -> None:
    class Slow(Accounts):
        async def get_user_by_id(self, id: int) -> types.User:
            return await asyncio.Future()

    watch = Watch()
    body = get(1)[:-1] + ', "meta": {"timeout_ms": 10}}'
    assert status(answered(body, watch, service=Slow())) == "deadline_exceeded"
    assert watch.log == ["> getUserById", "< DeadlineExceeded"]


def test_a_cancelled_call_is_left() -> None:
    async def run() -> None:
        class Slow(Accounts):
            async def get_user_by_id(self, id: int) -> types.User:
                started.set()
                return await asyncio.Future()

        started = asyncio.Event()
        dispatcher = Dispatcher(Slow(), interceptors=[watch])
        task = asyncio.ensure_future(dispatcher.dispatch(get(1).encode()))
        await started.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    watch = Watch()
    asyncio.run(run())
    assert watch.log == ["> getUserById", "< CancelledError"]


async def drained(stream: Any, most: int = 99) -> list[Any]:
    found = []
    async with stream as items:
        async for item in items:
            found.append(item)
            if len(found) == most:
                break
    return found


STREAMS: list[tuple[str, Callable[[Any], Any], list[str]]] = [
    ("server", lambda c: drained(c.watch("a")), ["> watch", "<"]),
    ("server, error", lambda c: drained(c.watch("broken")), ["> watch", "< NoSuchTopic"]),
    ("server, bug", lambda c: drained(c.watch("buggy")), ["> watch", "< RuntimeError"]),
    ("server, left", lambda c: drained(c.watch("endless"), 2), ["> watch", "< CancelledError"]),
    ("server, thread", lambda c: drained(c.measure("a")), ["> measure", "<"]),
    ("client", lambda c: c.upload([]), ["> upload", "<"]),
    ("client, error", lambda c: c.upload([], topic="unknown"), ["> upload", "< NoSuchTopic"]),
    ("both", lambda c: drained(c.talk(["a"])), ["> talk", "<"]),
    ("both, error", lambda c: drained(c.talk(["rude"])), ["> talk", "< NoSuchTopic"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "seen"), [s[1:] for s in STREAMS], ids=[s[0] for s in STREAMS]
)
def test_around_a_stream_they_last_as_long_as_it(
    call: Callable[[Any], Any], seen: list[str]
) -> None:
    async def run() -> None:
        dispatcher = Dispatcher(Newsroom(), interceptors=[watch])
        transport = AsyncInProcessTransport(dispatcher)
        async with AsyncFeedClient(transport=transport) as feed:
            with suppress(RpcError):
                await call(feed)

    watch = Watch()
    asyncio.run(run())
    assert watch.log == seen
    assert watch.calls[0].streams


def test_a_stream_that_is_refused_streams_nothing() -> None:
    async def run() -> None:
        dispatcher = Dispatcher(newsroom, interceptors=[refusing(Unavailable("no"))])
        transport = AsyncInProcessTransport(dispatcher)
        async with AsyncFeedClient(transport=transport) as feed:
            for calling in (
                drained(feed.watch("a")),
                feed.upload([]),
                drained(feed.talk(["a"])),
            ):
                with pytest.raises(Unavailable, match="no"):
                    await calling

    newsroom = Newsroom()
    asyncio.run(run())
    assert not newsroom.started.acquire(blocking=False)


def test_they_see_who_calls_and_who_is_refused() -> None:
    ada = Principal("ada", frozenset({"vault:read"}))
    watch = Watch()
    body = '{"jsonrpc":"2.0","method":"Vault.%s","params":{%s},"id":1}'
    store = body % ("store", '"what":"thing"')
    outcomes = [
        status(
            answered(
                text,
                watch,
                service=Strongroom(),
                headers={"authorization": f"Bearer {token}"},
                authenticate=known_tokens({"a": ada}),
            )
        )
        for text, token in ((body % ("look", ""), "a"), (store, "a"), (store, "b"))
    ]
    assert outcomes == ["ok", "permission_denied", "unauthenticated"]
    assert [call.principal for call in watch.calls] == [ada, ada, None]
    assert watch.log == [
        "> look",
        "<",
        "> store",
        "< PermissionDenied",
        "> store",
        "< Unauthenticated",
    ]


def test_what_is_no_interceptor_is_refused() -> None:
    wrong: Any = ["logged"]
    with pytest.raises(TypeError, match="is a function of a call, not str"):
        Dispatcher(Accounts(), interceptors=wrong)
    assert status(answered(get(1), lambda call: None)) == "Internal error"
