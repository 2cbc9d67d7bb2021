"""Interceptors of clients: around each attempt of every kind of call."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from typing import Any

import pytest

from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    DeadlineExceeded,
    NotFound,
    PermissionDenied,
    RpcError,
    Unavailable,
    current_call,
)
from idlgen.runtime.interceptors import ClientCall
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.transports.in_process import (
    AsyncInProcessTransport,
    InProcessTransport,
)
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.types import Post
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound

KINDS = pytest.mark.parametrize("kind", ["sync", "async"])
CLIENTS: dict[tuple[str, str], Any] = {
    ("sync", "users"): UserServiceClient,
    ("async", "users"): AsyncUserServiceClient,
    ("sync", "feed"): FeedClient,
    ("async", "feed"): AsyncFeedClient,
    ("sync", "untyped"): Client,
    ("async", "untyped"): AsyncClient,
}
GET = "user.UserService.getUserById"


class Hearing(Accounts):
    """Accounts that tell which headers came."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str | None] = []

    async def get_user_by_id(self, id: int) -> types.User:
        self.heard.append(current_call().headers.get("x-seen"))
        return await super().get_user_by_id(id)


class Watch:
    """An interceptor that writes down what it sees, and changes a header."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name = name
        self.log = [] if log is None else log
        self.calls: list[ClientCall] = []

    @contextmanager
    def __call__(self, call: ClientCall) -> Iterator[None]:
        self.calls.append(call)
        self.log.append(f"{self.name}> {call.method.rpartition('.')[2]}")
        call.headers["X-Seen"] = self.name
        try:
            yield
        except BaseException as error:
            self.log.append(f"{self.name}< {type(error).__name__}")
            raise
        self.log.append(f"{self.name}<")


@contextmanager
def client(
    kind: str, of: str, *interceptors: Any, services: Any = None
) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Give a client, and what waits for that which an async one returns."""
    dispatcher = Dispatcher(*(services or (Hearing(), Newsroom())))
    transport: Any = (
        InProcessTransport(dispatcher)
        if kind == "sync"
        else AsyncInProcessTransport(dispatcher)
    )
    made = CLIENTS[kind, of](transport=transport, interceptors=interceptors)
    with asyncio.Runner() as runner:

        def wait(value: Any) -> Any:
            async def awaited() -> Any:
                return await value

            return runner.run(awaited()) if inspect.isawaitable(value) else value

        yield made, wait
        wait(made.close() if kind == "sync" else made.aclose())


async def each(stream: Any, most: int = 99) -> list[Any]:
    found = []
    async with stream as items:
        async for item in items:
            found.append(item)
            if len(found) == most:
                break
    return found


def drained(stream: Any, most: int = 99) -> Any:
    """Read at most so many items of a stream, of either kind."""
    if not hasattr(stream, "__enter__"):
        return each(stream, most)
    found = []
    with stream as items:
        for item in items:
            found.append(item)
            if len(found) == most:
                break
    return found


def batched(users: Any, *ids: int) -> Any:
    """Get the users in one batch."""
    if isinstance(users, UserServiceClient):
        with users.batch() as b:
            return [b.add(users.get_user_by_id, id) for id in ids]

    async def run() -> Any:
        async with users.batch() as b:
            return [b.add(users.get_user_by_id, id) for id in ids]

    return run()


POSTS = [Post(id=1, text="a"), Post(id=2, text="b")]
CALLS: list[tuple[str, str, Callable[[Any], Any], list[str]]] = [
    ("unary", "users", lambda c: c.get_user_by_id(1), ["> getUserById", "<"]),
    (
        "unary that fails",
        "users",
        lambda c: c.get_user_by_id(404),
        ["> getUserById", "< UserNotFound"],
    ),
    (
        "raw",
        "users",
        lambda c: c.raw(c.get_user_by_id, 1),
        ["> getUserById", "<"],
    ),
    (
        "raw that fails",
        "users",
        lambda c: c.raw(c.get_user_by_id, 404),
        ["> getUserById", "< UserNotFound"],
    ),
    (
        "batch",
        "users",
        lambda c: batched(c, 1, 404),
        ["> getUserById", "> getUserById", "< UserNotFound", "<"],
    ),
    (
        "untyped",
        "untyped",
        lambda c: c.call(GET, id=1),
        ["> getUserById", "<"],
    ),
    (
        "notification",
        "untyped",
        lambda c: c.notify(GET, id=1),
        ["> getUserById", "<"],
    ),
    ("server stream", "feed", lambda c: drained(c.watch("a")), ["> watch", "<"]),
    (
        "server stream that fails",
        "feed",
        lambda c: drained(c.watch("broken")),
        ["> watch", "< NoSuchTopic"],
    ),
    (
        "server stream that fails at once",
        "feed",
        lambda c: drained(c.watch("unknown")),
        ["> watch", "< NoSuchTopic"],
    ),
    (
        "server stream that is left",
        "feed",
        lambda c: drained(c.watch("endless"), most=2),
        ["> watch", "< Cancelled"],
    ),
    ("client stream", "feed", lambda c: c.upload(POSTS), ["> upload", "<"]),
    (
        "client stream that fails",
        "feed",
        lambda c: c.upload(POSTS, topic="unknown"),
        ["> upload", "< NoSuchTopic"],
    ),
    ("two-way stream", "feed", lambda c: drained(c.talk(["a"])), ["> talk", "<"]),
    (
        "two-way stream that fails",
        "feed",
        lambda c: drained(c.talk(["a", "rude"])),
        ["> talk", "< NoSuchTopic"],
    ),
]


@KINDS
@pytest.mark.parametrize(
    ("of", "call", "seen"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS]
)
def test_each_kind_of_call_is_entered_and_left_with_its_outcome(
    kind: str, of: str, call: Callable[[Any], Any], seen: list[str]
) -> None:
    watch = Watch()
    with client(kind, of, watch) as (made, wait), suppress(RpcError):
        wait(call(made))
    assert watch.log == seen


@KINDS
def test_the_first_is_outermost_and_what_they_say_of_headers_is_sent(kind: str) -> None:
    log: list[str] = []
    accounts = Hearing()
    with client(
        kind, "users", Watch("a", log), Watch("b", log), services=[accounts]
    ) as (users, wait):
        wait(users.get_user_by_id(1, options=CallOptions(headers={"x-seen": "user"})))
    assert log == ["a> getUserById", "b> getUserById", "b<", "a<"]
    assert accounts.heard == ["b"]


@KINDS
def test_headers_of_entries_of_a_batch_are_their_own(kind: str) -> None:
    numbers = iter("123")

    @contextmanager
    def numbered(call: ClientCall) -> Iterator[None]:
        call.headers["x-seen"] = next(numbers)
        yield

    accounts = Hearing()
    with client(kind, "users", numbered, services=[accounts]) as (users, wait):
        calls = wait(batched(users, 1, 2))
    assert [call.result() for call in calls] == [user(1), user(2)]
    assert sorted(filter(None, accounts.heard)) == ["1", "2"]


@KINDS
def test_a_call_tells_what_it_is(kind: str) -> None:
    watch = Watch()
    with client(kind, "feed", watch) as (feed, wait):
        wait(drained(feed.watch("a")))
        wait(feed.count("abc", options=CallOptions(timeout=3, headers={"X-B": "1"})))
    stream, count = watch.calls
    assert (stream.method, stream.streams) == ("feed.Feed.watch", True)
    assert (stream.deadline, stream.remaining) == (None, None)
    assert (count.method, count.streams, count.side) == (
        "feed.Feed.count",
        False,
        "client",
    )
    assert count.remaining is not None
    assert 0 <= count.remaining <= 3
    assert (count.attempt, count.typed, count.peer) == (1, True, "the server")
    assert sorted(count.headers) == ["X-Seen", "user-agent", "x-b"]
    assert repr(count) == "ClientCall('feed.Feed.count', attempt=1)"


def test_untyped_calls_say_so() -> None:
    watch = Watch()
    with client("sync", "untyped", watch) as (made, _), pytest.raises(RpcError):
        made.call("whatever it is")
    assert [(c.method, c.typed) for c in watch.calls] == [("whatever it is", False)]


def refusing(error: Exception) -> Callable[[ClientCall], AbstractContextManager[None]]:
    def refuse(call: ClientCall) -> AbstractContextManager[None]:
        raise error

    return refuse


@KINDS
def test_a_call_that_is_refused_is_not_sent(kind: str) -> None:
    watch, accounts = Watch(), Hearing()
    refuse = refusing(PermissionDenied("not on Sundays"))
    with (
        client(kind, "users", watch, refuse, services=[accounts]) as (users, wait),
        pytest.raises(PermissionDenied, match="not on Sundays"),
    ):
        wait(users.get_user_by_id(1))
    assert watch.log == ["> getUserById", "< PermissionDenied"]
    assert accounts.heard == []


@KINDS
def test_an_entry_that_is_refused_is_not_sent_and_the_others_are(kind: str) -> None:
    accounts = Hearing()
    verdicts: Iterator[bool] = iter([True, False, True])

    @contextmanager
    def second(call: ClientCall) -> Iterator[None]:
        if not next(verdicts):
            raise PermissionDenied("the second")
        yield

    with client(kind, "users", second, services=[accounts]) as (users, wait):
        calls = wait(batched(users, 1, 2, 3))
    assert (calls[0].result(), calls[2].result()) == (user(1), user(3))
    with pytest.raises(PermissionDenied, match="the second"):
        calls[1].result()
    assert len(accounts.heard) == 2


@KINDS
def test_a_batch_of_which_all_is_refused_sends_nothing(kind: str) -> None:
    accounts = Hearing()
    with client(
        kind, "users", refusing(PermissionDenied("no")), services=[accounts]
    ) as (users, wait):
        calls = wait(batched(users, 1, 2))
    for call in calls:
        with pytest.raises(PermissionDenied):
            call.result()
    assert accounts.heard == []


@KINDS
def test_an_error_may_be_replaced_and_what_is_swallowed_is_raised(kind: str) -> None:
    @contextmanager
    def replacing(call: ClientCall) -> Iterator[None]:
        try:
            yield
        except NotFound as error:
            raise Unavailable("try elsewhere") from error

    @contextmanager
    def swallowing(call: ClientCall) -> Iterator[None]:
        with suppress(RpcError):
            yield

    for interceptor, error in ((replacing, Unavailable), (swallowing, UserNotFound)):
        with client(kind, "users", interceptor) as (users, wait):
            with pytest.raises(error):
                wait(users.get_user_by_id(404))
            calls = wait(batched(users, 1, 404))
            assert calls[0].result() == user(1)
            with pytest.raises(error):
                calls[1].result()
            with pytest.raises(error):
                wait(users.raw(users.get_user_by_id, 404)).result()


@asynccontextmanager
async def waiting(call: ClientCall) -> AsyncIterator[None]:
    await asyncio.sleep(0)
    call.headers["x-seen"] = "awaited"
    yield
    await asyncio.sleep(0)


def test_an_async_client_waits_for_interceptors() -> None:
    accounts = Hearing()
    with client("async", "users", waiting, services=[accounts]) as (users, wait):
        wait(users.get_user_by_id(1))
        wait(batched(users, 1))
    assert accounts.heard == ["awaited", "awaited"]


def test_a_sync_client_cannot_wait_and_says_so() -> None:
    watch, accounts = Watch(), Hearing()
    with (
        client("sync", "users", watch, waiting, services=[accounts]) as (users, _),
        pytest.raises(TypeError) as caught,
    ):
        users.get_user_by_id(1)
    assert str(caught.value) == (
        "the interceptor `waiting` waits, and a sync client cannot: make it with "
        "`contextmanager`, not `asynccontextmanager`"
    )
    assert watch.log == ["> getUserById", "< TypeError"]
    assert accounts.heard == []


@KINDS
def test_what_is_no_interceptor_is_refused(kind: str) -> None:
    with (
        client(kind, "users", lambda call: None) as (users, wait),
        pytest.raises(TypeError, match="gave NoneType, which is no context man"),
    ):
        wait(users.get_user_by_id(1))
    with pytest.raises(TypeError, match="is a function of a call, not nullcontext"):
        CLIENTS[kind, "users"]("http://127.0.0.1", interceptors=[nullcontext()])


@KINDS
def test_a_header_that_http_cannot_carry_is_refused(kind: str) -> None:
    @contextmanager
    def wrong(call: ClientCall) -> Iterator[None]:
        call.headers["content-type"] = "text/plain"
        yield

    accounts, watch = Hearing(), Watch()
    with (
        client(kind, "users", watch, wrong, services=[accounts]) as (users, wait),
        pytest.raises(ValueError, match="is set by the client itself"),
    ):
        wait(users.get_user_by_id(1))
    assert watch.log[-1] == "< ValueError"
    assert accounts.heard == []


@KINDS
def test_the_time_that_interceptors_take_is_the_calls(kind: str) -> None:
    @contextmanager
    def late(call: ClientCall) -> Iterator[None]:
        while call.remaining:
            pass
        yield

    accounts = Hearing()
    with (
        client(kind, "users", late, services=[accounts]) as (users, wait),
        pytest.raises(DeadlineExceeded, match="no time was left"),
    ):
        wait(users.get_user_by_id(1, options=CallOptions(timeout=0.01)))
    assert accounts.heard == []


@KINDS
def test_views_keep_the_interceptors(kind: str) -> None:
    watch = Watch()
    with client(kind, "users", watch) as (users, wait):
        view = users.with_options(timeout=5, headers={"x-a": "1"})
        wait(view.get_user_by_id(1))
        wait(view.raw(view.get_user_by_id, 1))
    assert [call.headers["x-a"] for call in watch.calls] == ["1", "1"]


@KINDS
def test_a_whole_batch_that_fails_fails_each(kind: str) -> None:
    watch = Watch()
    made = CLIENTS[kind, "users"](
        transport=Nowhere() if kind == "sync" else AsyncNowhere(),
        interceptors=[watch],
        retries=0,
    )

    async def run() -> None:
        await batched(made, 1, 2)

    with pytest.raises(Unavailable):
        batched(made, 1, 2) if kind == "sync" else asyncio.run(run())
    assert watch.log == [
        "> getUserById",
        "> getUserById",
        "< Unavailable",
        "< Unavailable",
    ]


class Nowhere:
    """A transport that reaches nobody."""

    def exchange(self, request: Any) -> Any:
        raise Unavailable("nobody is there")

    def close(self) -> None:
        pass


class AsyncNowhere(Nowhere):
    exchange: Any = None

    def __init__(self) -> None:
        async def exchange(request: Any) -> Any:
            raise Unavailable("nobody is there")

        self.exchange = exchange

    async def aclose(self) -> None:
        pass
