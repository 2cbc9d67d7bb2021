"""Calls that handlers make: they inherit what is left, and end with the one served."""

from __future__ import annotations

import asyncio
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from contextvars import Context, copy_context

import pytest

from idlgen.runtime import (
    AsyncClient,
    CallContext,
    CallOptions,
    Client,
    DeadlineExceeded,
    Internal,
    Pending,
    asgi_app,
    current_call,
    in_process,
)
from idlgen.runtime.call import EARLY, time_left
from idlgen.runtime.errors import received, was_received
from idlgen.runtime.protocols.jsonrpc.connection_caller import CallerConnection
from idlgen.runtime.transports import Reply, Request
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.feed.client import FeedClient
from tests.runtime.contract.serving import PATIENCE, serving
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)

JSON = {"content-type": "application/json"}
HOUR = 3600.0
TIMEOUT = "idlgen-timeout-ms"


class Asked:
    """A transport that notes requests and answers each call with true."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        message = json.loads(request.body)
        calls = message if isinstance(message, list) else [message]
        answers = [
            {"jsonrpc": "2.0", "id": call["id"], "result": True}
            for call in calls
            if "id" in call
        ]
        if not answers:
            return Reply(status=204, headers={}, body=b"")
        body = json.dumps(answers if isinstance(message, list) else answers[0])
        return Reply(status=200, headers=JSON, body=body.encode())

    @property
    def request(self) -> Request:
        """The one request there was."""
        (request,) = self.requests
        return request


class SyncAsked(Asked):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def open_stream(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        pass


class AsyncAsked(Asked):
    async def exchange(self, request: Request) -> Reply:
        return self.take(request)

    async def aclose(self) -> None:
        pass


def served_for(seconds: float | None) -> CallContext:
    """Return a call that has so much time from now on."""
    deadline = None if seconds is None else time.monotonic() + seconds
    return CallContext("a.Outer.call", headers={}, deadline=deadline)


def once(users: UserServiceClient, options: CallOptions | None) -> None:
    users.delete_user(1, options=options)


def in_a_view(users: UserServiceClient, options: CallOptions | None) -> None:
    timeout = None if options is None else options.timeout
    users.with_options(timeout=timeout).delete_user(1)


def in_a_batch(users: UserServiceClient, options: CallOptions | None) -> None:
    with users.batch() as b:
        b.add(users.delete_user, 1, options=options)


def raw(users: UserServiceClient, options: CallOptions | None) -> None:
    users.raw(users.delete_user, 1, options=options)


CALLS = pytest.mark.parametrize("call", [once, in_a_view, in_a_batch, raw])
Call = Callable[[UserServiceClient, CallOptions | None], None]


@CALLS
@pytest.mark.parametrize("own", [None, math.inf, 2 * HOUR])
def test_a_call_has_no_more_time_than_the_one_served(
    call: Call, own: float | None
) -> None:
    asked = SyncAsked()
    # Less than the 60 seconds of a call of which nobody says how long it may take.
    with served_for(50):
        call(UserServiceClient(transport=asked), CallOptions(timeout=own))
    timeout = asked.request.timeout
    assert timeout is not None
    assert 0 < timeout <= 50
    assert 0 < int(asked.request.headers[TIMEOUT]) <= 50_000
    assert "meta" not in json.dumps(json.loads(asked.request.body))


@CALLS
@pytest.mark.parametrize("left", [HOUR, None])
def test_a_call_keeps_its_own_time_where_it_is_less(
    call: Call, left: float | None
) -> None:
    asked = SyncAsked()
    with served_for(left):
        call(UserServiceClient(transport=asked), CallOptions(timeout=0.25))
    assert asked.request.timeout == 0.25
    assert asked.request.headers[TIMEOUT] == "250"


@CALLS
def test_a_call_that_may_take_any_time_may_do_so_outside_of_handlers(
    call: Call,
) -> None:
    asked = SyncAsked()
    with served_for(None):
        call(UserServiceClient(transport=asked), CallOptions(timeout=math.inf))
    call(UserServiceClient(transport=asked), CallOptions(timeout=math.inf))
    assert [request.timeout for request in asked.requests] == [None, None]
    assert all(TIMEOUT not in request.headers for request in asked.requests)


@CALLS
def test_no_call_is_sent_once_no_time_is_left(call: Call) -> None:
    asked = SyncAsked()
    with served_for(-1), pytest.raises(DeadlineExceeded) as caught:
        call(UserServiceClient(transport=asked), CallOptions(timeout=math.inf))
    assert caught.value.message == "no time was left for the call"
    assert was_received(caught.value)
    assert asked.requests == []


def test_a_batch_that_was_gathered_for_too_long_is_not_sent() -> None:
    asked = SyncAsked()
    users = UserServiceClient(transport=asked)
    calls: list[Pending[bool]] = []

    def gather() -> None:
        with users.batch() as b:
            calls.append(b.add(users.delete_user, 1))
            current_call().deadline = time.monotonic()

    with served_for(HOUR), pytest.raises(DeadlineExceeded):
        gather()
    with pytest.raises(DeadlineExceeded) as caught:
        calls[0].result()
    assert was_received(caught.value)
    assert asked.requests == []


def test_calls_of_a_batch_tell_only_times_that_are_less_than_its_own() -> None:
    asked = SyncAsked()
    users = UserServiceClient(transport=asked)
    with served_for(50), users.batch() as b:
        b.add(users.delete_user, 1, options=CallOptions(timeout=math.inf))
        b.add(users.delete_user, 2, options=CallOptions(timeout=0.25))
        b.add(users.delete_user, 3)
    sent = json.loads(asked.request.body)
    assert [call.get("meta") for call in sent] == [None, {"timeout_ms": 250}, None]


def test_async_calls_and_those_without_types_inherit_too() -> None:
    asked = AsyncAsked()
    users = AsyncUserServiceClient(transport=asked)
    client = AsyncClient(transport=asked)

    async def handler() -> None:
        await users.delete_user(1)
        async with users.batch() as b:
            b.add(users.delete_user, 1)
        await asyncio.gather(users.delete_user(2), client.call("a"))
        await client.notify("a")

    with served_for(50):
        asyncio.run(handler())
        sync = SyncAsked()
        Client(transport=sync).call("a")
        Client(transport=sync).notify("a")
    requests = [*asked.requests, *sync.requests]
    assert len(requests) == 7
    assert all((request.timeout or HOUR) <= 50 for request in requests)


@pytest.mark.parametrize("options", [None, CallOptions(timeout=math.inf)])
def test_a_stream_inherits_what_is_left_too(options: CallOptions | None) -> None:
    asked = SyncAsked()
    feed = FeedClient(transport=asked)
    with (
        served_for(50),
        suppress(Internal),
        feed.watch("topic", options=options),
    ):
        pass
    assert (asked.request.timeout or HOUR) <= 50


@CALLS
@pytest.mark.parametrize(
    ("own", "is_told"), [(None, False), (math.inf, False), (HOUR, True)]
)
def test_a_foreign_websocket_is_told_nothing_that_only_the_outer_caller_chose(
    call: Call, own: float | None, is_told: bool
) -> None:
    asked = SyncAsked()
    with served_for(50):
        call(UserServiceClient(transport=asked), CallOptions(timeout=own))
    for is_idlgen in (True, False):
        connection: CallerConnection[None] = CallerConnection({}, is_idlgen=is_idlgen)
        text = connection.text(asked.request)
        assert (b'"timeout_ms"' in text) == (is_told or is_idlgen)


def left_behind(end: BaseException | None) -> Context:
    """Return what a task keeps that was started by a call which ended like this."""
    ends = (ValueError, DeadlineExceeded, asyncio.CancelledError)
    with suppress(*ends), served_for(HOUR):
        kept = copy_context()
        assert (kept.run(time_left) or 0) > 0
        if end is not None:
            raise end
    return kept


@pytest.mark.parametrize("end", [None, ValueError()])
def test_a_task_that_outlives_the_answer_is_free(end: Exception | None) -> None:
    assert left_behind(end).run(time_left) is None
    assert time_left() is None


@pytest.mark.parametrize("end", [DeadlineExceeded("late"), asyncio.CancelledError()])
def test_a_thread_whose_call_was_given_up_is_not(end: BaseException) -> None:
    left = left_behind(end).run(time_left)
    assert left is not None
    assert 0 < left <= HOUR


class Outer(Accounts):
    """Hands calls on to another server, from the event loop and from threads."""

    def __init__(self, inner: str) -> None:
        super().__init__()
        self.left: list[float | None] = []
        self._inner = inner

    async def get_user_by_id(self, id: int) -> types.User:
        self.left.append(current_call().remaining)
        async with AsyncUserServiceClient(self._inner, timeout=math.inf) as users:
            return await users.get_user_by_id(id)

    def create_user(self, user_data: types.UserData) -> types.User:
        self.left.append(current_call().remaining)
        return self._ask()

    async def update_user(
        self, id: int, user_data: types.UserDataPartial
    ) -> types.User:
        self.left.append(current_call().remaining)
        return await asyncio.to_thread(self._ask)

    def _ask(self) -> types.User:
        with UserServiceClient(self._inner, timeout=math.inf) as users:
            return users.get_user_by_id(1)


class Inner(Accounts):
    """Notes the timeouts of its calls, and waits until it is cancelled for id 2."""

    def __init__(self) -> None:
        super().__init__()
        self.timeouts: list[str | None] = []
        self.started = threading.Event()
        self.cancelled = threading.Event()

    async def get_user_by_id(self, id: int) -> types.User:
        self.timeouts.append(current_call().headers.get(TIMEOUT))
        if id == 2:
            self.started.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.set()
        return user(id)


class Chain:
    """A server that calls another one: both under uvicorn."""

    def __init__(self, open_: ExitStack) -> None:
        self.inner = Inner()
        port = open_.enter_context(serving(asgi_app(self.inner)))
        self.outer = Outer(f"http://127.0.0.1:{port}")
        port = open_.enter_context(serving(asgi_app(self.outer)))
        self.url = f"http://127.0.0.1:{port}"


@pytest.fixture
def chain() -> Iterator[Chain]:
    """Two servers, one behind the other."""
    with ExitStack() as open_:
        yield Chain(open_)


DATA = types.UserData(name="Ada", email="a@b.c", bio=None)
HANDLERS: list[Callable[[UserServiceClient, CallOptions], types.User]] = [
    lambda users, options: users.get_user_by_id(1, options=options),
    lambda users, options: users.create_user(DATA, options=options),
    lambda users, options: users.update_user(
        1, types.UserDataPartial(), options=options
    ),
]


@pytest.mark.parametrize("handler", HANDLERS, ids=["async", "thread", "to_thread"])
def test_what_is_left_goes_on_to_the_next_server(
    chain: Chain, handler: Callable[[UserServiceClient, CallOptions], types.User]
) -> None:
    with UserServiceClient(chain.url) as users:
        handler(users, CallOptions(timeout=HOUR))
        handler(users, CallOptions(timeout=math.inf))
    (left, none), (told, nothing) = chain.outer.left, chain.inner.timeouts
    assert left is not None
    assert told is not None
    assert 0 < int(told) <= math.ceil(left * 1000) <= HOUR * 1000
    # The schema bounds the first of the handlers, nobody the others.
    assert (nothing is None) == (none is None)


def test_who_cancels_a_call_cancels_what_it_calls(chain: Chain) -> None:
    async def main() -> None:
        async with AsyncUserServiceClient(chain.url) as users:
            call = asyncio.ensure_future(users.get_user_by_id(2))
            assert await asyncio.to_thread(chain.inner.started.wait, PATIENCE)
            assert not chain.inner.cancelled.is_set()
            call.cancel()
            assert await asyncio.to_thread(chain.inner.cancelled.wait, PATIENCE)
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(main())


def test_a_cancelled_call_cancels_what_it_calls_in_process() -> None:
    class Passing(Accounts):
        def __init__(self, inner: AsyncUserServiceClient) -> None:
            super().__init__()
            self._inner = inner

        async def get_user_by_id(self, id: int) -> types.User:
            return await self._inner.get_user_by_id(id)

    async def main() -> None:
        inner = Inner()
        async with (
            in_process(AsyncUserServiceClient, inner) as behind,
            in_process(AsyncUserServiceClient, Passing(behind)) as users,
        ):
            call = asyncio.ensure_future(users.get_user_by_id(2))
            assert await asyncio.to_thread(inner.started.wait, PATIENCE)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert inner.cancelled.is_set()

    asyncio.run(main())


@pytest.mark.parametrize("early", [0.0, EARLY / 2])
def test_a_call_that_sees_the_end_first_makes_its_caller_late(early: float) -> None:
    class Spinning(Accounts):
        async def get_user_by_id(self, id: int) -> types.User:
            # The loop stands still, so that it cannot end the handler.
            while (current_call().remaining or 0.0) > early:
                pass
            raise received(DeadlineExceeded("the other server is slow"))

    async def main() -> None:
        async with in_process(AsyncUserServiceClient, Spinning()) as users:
            call = users._idl_channel.transport
            body = (
                b'{"jsonrpc":"2.0","id":1,"method":"user.UserService.getUserById",'
                b'"params":{"id":1},"meta":{"timeout_ms":50}}'
            )
            reply = await call.exchange(
                Request(ids=(1,), body=body, headers=JSON, timeout=None)
            )
        assert json.loads(reply.body)["error"] == {
            "code": -32004,
            "message": "user.UserService.getUserById did not end in time",
            "data": {"status": "deadline_exceeded"},
        }

    asyncio.run(main())
