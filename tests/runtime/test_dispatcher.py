"""Handlers: how they are found, bound, run, timed and cancelled."""

from __future__ import annotations

import asyncio
import json
import math
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from idlgen.runtime import (
    CallContext,
    Internal,
    InvalidArgument,
    NotFound,
    Problem,
    Unavailable,
    asgi_app,
    current_call,
)
from idlgen.runtime.errors import received
from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.echo import Shapes
from tests.runtime.contract.user import types
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserService, UserServiceUnimplemented


def get_user(id: int = 1) -> bytes:
    return (
        '{"jsonrpc":"2.0","method":"UserService.getUserById",'
        f'"params":{{"id":{id}}},"id":1}}'
    ).encode()


UNENCODABLE: Any = object()
PING = b'{"jsonrpc":"2.0","method":"UserService.ping","id":1}'


class Pinging(UserServiceUnimplemented):
    """Runs what the test gives it."""

    def __init__(self, run: Callable[[], object | Awaitable[object]]) -> None:
        self._run = run

    async def ping(self) -> None:
        result = self._run()
        if isinstance(result, Awaitable):
            await result


class PingingInThread(Pinging):
    def ping(self) -> Any:
        return self._run()


def dispatch(
    implementation: object,
    body: bytes = PING,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Any:
    dispatcher = Dispatcher(implementation, **options)

    async def run() -> bytes | None:
        # A timeout counts from here, not from before there is a loop.
        return await dispatcher.dispatch(body, headers or {})

    answer = asyncio.run(run())
    dispatcher.close()
    return None if answer is None else json.loads(answer)


def without_params(_self: object) -> bool:
    return True


def raising(error: BaseException) -> Callable[[], object]:
    def run() -> object:
        raise error

    return run


@pytest.mark.parametrize("kind", [Pinging, PingingInThread])
@pytest.mark.parametrize(
    "error",
    [
        ValueError("hunter2"),
        KeyError("hunter2"),
        TimeoutError("hunter2"),
        StopIteration("hunter2"),
        SystemExit("hunter2"),
        asyncio.CancelledError("hunter2"),
        RecursionError("hunter2"),
        UserNotFound(id=7),
        received(Unavailable("http://10.0.0.7/rpc could not be reached")),
        NotFound("x", details={"a": UNENCODABLE}),
        NotFound("x", details={"a": [math.nan]}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_method_does_not_declare_is_internal(
    kind: type[Pinging], error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    assert dispatch(kind(raising(error))) == {
        "jsonrpc": "2.0",
        "error": {"code": -32603, "message": "Internal error"},
        "id": 1,
    }
    assert caplog.records[-1].name == "idlgen.runtime"
    assert "user.UserService.ping: the handler raised" in caplog.text


def test_a_status_that_a_handler_raises_itself_arrives(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = InvalidArgument("no", problems=[Problem("$.a", "bad")], details={"a": 1})
    assert dispatch(Pinging(raising(error)))["error"] == {
        "code": -32003,
        "message": "no",
        "data": {
            "status": "invalid_argument",
            "fields": {"a": 1},
            "problems": [{"path": "$.a", "message": "bad"}],
        },
    }
    assert dispatch(Pinging(raising(Internal("broken"))))["error"]["code"] == -32013
    assert caplog.records == []


def test_a_declared_error_arrives_also_where_another_service_raised_it() -> None:
    class Relay(UserServiceUnimplemented):
        async def get_user_by_id(self, id: int) -> types.User:
            raise received(UserNotFound(id=id))

    assert dispatch(Relay(), get_user(7))["error"] == {
        "code": -32005,
        "message": "user 7 does not exist",
        "data": {
            "error": "user.UserNotFound",
            "status": "not_found",
            "fields": {"id": 7},
        },
    }


@pytest.mark.parametrize(
    "result",
    [None, {"id": 1}, user(1).name],
    ids=["none", "dict", "text"],
)
def test_a_result_of_another_type_is_internal(
    result: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Wrong(UserServiceUnimplemented):
        async def get_user_by_id(self, id: int) -> Any:
            return result

    assert dispatch(Wrong(), get_user())["error"] == {
        "code": -32603,
        "message": "Internal error",
    }
    assert "user.UserService.getUserById: wrong answer: " in caplog.text


def test_debug_looks_inside_a_result(caplog: pytest.LogCaptureFixture) -> None:
    class Wrong(UserServiceUnimplemented):
        async def get_user_by_id(self, id: int) -> types.User:
            wrong: Any = "one"
            return user(wrong)

    assert "result" in dispatch(Wrong(), get_user())
    assert dispatch(Wrong(), get_user(), debug=True)["error"]["code"] == -32603
    assert "`$.id`: Expected `int`, got `str`" in caplog.text


def test_a_handler_gets_only_the_keywords_that_it_takes() -> None:
    seen: list[dict[str, object]] = []

    class Choosy(UserServiceUnimplemented):
        def list_users(self, *, limit: int = 7, **rest: object) -> types.UserPage:
            seen.append({"limit": limit, **rest})
            return types.UserPage(items=[])

        delete_user: Any = without_params

    page = b'{"jsonrpc":"2.0","method":"UserService.listUsers","id":1}'
    assert dispatch(Choosy(), page)["result"] == {"items": []}
    assert seen == [{"limit": 50, "cursor": None, "roles": ["member"]}]
    delete = b'{"jsonrpc":"2.0","method":"UserService.deleteUser","params":[1],"id":1}'
    assert dispatch(Choosy(), delete)["result"] is True


def test_a_mutable_default_is_made_for_each_call() -> None:
    class Greedy(UserServiceUnimplemented):
        async def list_users(
            self,
            *,
            cursor: str | None = None,
            limit: int = 50,
            roles: list[types.Role],
        ) -> types.UserPage:
            roles.append(types.Role.ADMIN)
            return types.UserPage(items=[], next=",".join(roles))

    page = b'{"jsonrpc":"2.0","method":"UserService.listUsers","id":1}'
    for _ in range(2):
        assert dispatch(Greedy(), page)["result"]["next"] == "member,admin"


def test_a_plain_function_may_return_an_awaitable() -> None:
    ran: list[str] = []

    async def later() -> None:
        ran.append(threading.current_thread().name)

    assert dispatch(PingingInThread(later))["result"] is None
    assert ran == [threading.current_thread().name]


def test_handlers_see_their_call_in_threads_too() -> None:
    seen: list[CallContext] = []

    def look() -> None:
        seen.append(current_call())

    headers = {"idempotency-key": "k", "authorization": "Bearer x"}
    dispatch(Pinging(look), headers=headers)
    dispatch(PingingInThread(look), headers=headers)
    for context in seen:
        assert context.method == "user.UserService.ping"
        assert context.idempotency_key == "k"
        assert context.headers["authorization"] == "Bearer x"
        assert context.deadline is None
        assert context.remaining is None
    assert len(seen) == 2
    with pytest.raises(RuntimeError, match="no call is served here"):
        current_call()


def test_what_meta_says_wins_over_headers() -> None:
    seen: list[CallContext] = []
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "method": "UserService.ping",
            "id": 1,
            "meta": {
                "timeout_ms": 5000,
                "idempotency_key": "inner",
                "headers": {"X-Tenant": "a"},
            },
        }
    ).encode()
    headers = {"idempotency-key": "outer", "idlgen-timeout-ms": "1", "x-kept": "b"}
    dispatch(Pinging(lambda: seen.append(current_call())), body, headers)
    (context,) = seen
    assert context.idempotency_key == "inner"
    assert (context.headers["x-tenant"], context.headers["x-kept"]) == ("a", "b")
    assert context.remaining is not None
    assert 1 < context.remaining <= 5


def test_the_schemas_timeout_holds_where_the_caller_names_none() -> None:
    seen: list[float | None] = []

    class Looking(UserServiceUnimplemented):
        async def get_user_by_id(self, id: int) -> types.User:
            seen.append(current_call().remaining)
            return user(id)

    dispatch(Looking(), get_user())
    dispatch(Looking(), get_user(), {"idlgen-timeout-ms": "60000"})
    assert seen[0] is not None
    assert seen[1] is not None
    assert 0 < seen[0] <= 20 < seen[1] <= 60


def test_a_deadline_cancels_a_handler_on_the_loop() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    answer = dispatch(Pinging(wait), headers={"idlgen-timeout-ms": "200"})
    assert answer["error"] == {
        "code": -32004,
        "message": "user.UserService.ping did not end in time",
        "data": {"status": "deadline_exceeded"},
    }
    assert ended == ["cancelled"]


def test_a_deadline_lets_a_thread_see_that_nobody_waits() -> None:
    seen: list[bool] = []
    answered = threading.Event()
    ended = threading.Event()

    def wait() -> None:
        context = current_call()
        answered.wait()
        seen.append(context.cancelled)
        ended.set()

    answer = dispatch(PingingInThread(wait), headers={"idlgen-timeout-ms": "200"})
    assert answer["error"]["code"] == -32004
    answered.set()
    ended.wait()
    assert seen == [True]


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "1" * 13, "١"])
def test_a_timeout_that_is_none_is_an_invalid_request(text: str) -> None:
    answer = dispatch(Accounts(), headers={"idlgen-timeout-ms": text})
    assert answer["error"]["code"] == -32600


def test_a_cancelled_dispatch_is_not_answered() -> None:
    async def run() -> None:
        started = asyncio.Event()

        async def wait() -> None:
            started.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(Dispatcher(Pinging(wait)).dispatch(PING))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_a_thread_sees_that_its_call_was_cancelled() -> None:
    seen: list[bool] = []
    started = threading.Event()
    gone = threading.Event()
    ended = threading.Event()

    def wait() -> None:
        context = current_call()
        seen.append(context.cancelled)
        started.set()
        gone.wait()
        seen.append(context.cancelled)
        ended.set()

    async def run() -> None:
        task = asyncio.ensure_future(Dispatcher(PingingInThread(wait)).dispatch(PING))
        await asyncio.to_thread(started.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    gone.set()
    ended.wait()
    assert seen == [False, True]


def test_at_most_so_many_threads_run_at_once() -> None:
    barrier = threading.Barrier(2)
    running: list[int] = []
    most: list[int] = []

    def count() -> None:
        running.append(1)
        most.append(len(running))
        barrier.wait()
        running.pop()

    async def run() -> None:
        dispatcher = Dispatcher(PingingInThread(count), threads=2)
        await asyncio.gather(*(dispatcher.dispatch(PING) for _ in range(8)))
        dispatcher.close()

    asyncio.run(run())
    assert len(most) == 8
    assert max(most) == 2


def test_a_dispatcher_serves_again_after_it_was_closed() -> None:
    dispatcher = Dispatcher(PingingInThread(lambda: None))
    for _ in range(2):
        answer = asyncio.run(dispatcher.dispatch(PING))
        assert answer == b'{"jsonrpc":"2.0","result":null,"id":1}'
        dispatcher.close()


def test_several_implementations_share_an_endpoint() -> None:
    dispatcher = Dispatcher(Accounts(), Shapes())
    echo = b'{"jsonrpc":"2.0","method":"ShapeService.echo","params":{"sets":{"numbers":[9,10]}},"id":1}'
    answer = asyncio.run(dispatcher.dispatch(echo))
    assert answer == (b'{"jsonrpc":"2.0","result":{"sets":{"numbers":[10,9]}},"id":1}')
    dispatcher.close()


class NotAService:
    def ping(self) -> None: ...


class Half(UserService):
    async def ping(self) -> None: ...

    async def delete_user(self, id: int) -> bool:
        return True


def with_another_param(_self: object, id: int, force: bool) -> bool:
    return force and id > 0


def by_position(_self: object, id: int, /) -> bool:
    return id > 0


class Asking(UserServiceUnimplemented):
    delete_user: Any = with_another_param


class ByPosition(UserServiceUnimplemented):
    delete_user: Any = by_position


class Paging(Accounts):
    def list_users(self, **_params: Any) -> Any:
        yield from ()


UNCHECKED_HALF: Any = Half
APP: Any = asgi_app


@pytest.mark.parametrize(
    ("implementations", "error", "message"),
    [
        (
            [NotAService()],
            TypeError,
            (
                "NotAService implements no service: derive its class from the service's "
                "class in the generated `server.py`, such as `class MyUsers(UserService)`"
            ),
        ),
        (
            [Accounts],
            TypeError,
            "Accounts is a class: give an object of it, `Accounts()`",
        ),
        (
            [UNCHECKED_HALF()],
            TypeError,
            (
                "Half lacks `get_user_by_id`, `create_user`, `update_user`, `list_users` of "
                "user.UserService: define them, or derive from `UserServiceUnimplemented`, "
                "which answers that they are not implemented"
            ),
        ),
        (
            [Asking()],
            TypeError,
            (
                "Asking.delete_user cannot be called: `force` is no keyword that "
                "user.UserService.deleteUser passes (its params are `id`)"
            ),
        ),
        (
            [ByPosition()],
            TypeError,
            (
                "ByPosition.delete_user cannot be called: `id` is no keyword that "
                "user.UserService.deleteUser passes (its params are `id`)"
            ),
        ),
        (
            [Paging()],
            TypeError,
            (
                "Paging.list_users is a generator, and user.UserService.listUsers has "
                "one result: `return` it, do not `yield`"
            ),
        ),
        (
            [],
            TypeError,
            (
                "there is nothing to serve: give an object whose class derives from a "
                "service's class in the generated `server.py`, such as `MyUsers()`"
            ),
        ),
        (
            [Accounts(), UserServiceUnimplemented()],
            ValueError,
            (
                "user.UserService has two implementations, Accounts and "
                "UserServiceUnimplemented"
            ),
        ),
    ],
)
def test_what_cannot_be_served_is_refused_at_the_start(
    implementations: list[object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        asgi_app(*implementations)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("option", "value", "error", "message"),
    [
        ("path", "rpc", ValueError, "`path` begins with a slash: give '/rpc'"),
        ("path", None, TypeError, "`path` is a text such as '/rpc', not None"),
        ("max_body", "4MiB", TypeError, "`max_body` is a whole number, not '4MiB'"),
        ("max_calls", 1.5, TypeError, "`max_calls` is a whole number, not 1.5"),
        ("threads", "4", TypeError, "`threads` is a whole number, not '4'"),
        ("max_batch", None, TypeError, "`max_batch` is a whole number, not None"),
        (
            "read_timeout",
            "30s",
            TypeError,
            "`read_timeout` is a number of seconds, not '30s'",
        ),
        (
            "authenticate",
            {"t0ken": "ada"},
            TypeError,
            (
                "`authenticate` is a function of credentials, not a dict; "
                "`known_tokens` makes one of tokens and principals"
            ),
        ),
        ("ready", True, TypeError, "`ready` is a function, not a bool"),
        (
            "idempotency",
            "keys.db",
            TypeError,
            "`idempotency` is a key store such as `SqliteKeys(path)`, not a str",
        ),
        (
            "origins",
            "https://app.example",
            TypeError,
            "`origins` is a list of texts, not a text: give ['https://app.example']",
        ),
    ],
)
def test_an_option_that_could_not_work_is_refused_at_the_start(
    option: str, value: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        APP(Accounts(), **{option: value})
    assert str(caught.value) == message
