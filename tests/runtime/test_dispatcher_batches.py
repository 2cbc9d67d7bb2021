"""Batches on the server: order, concurrency, deadlines, cancellation, limits."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any

import pytest

from idlgen.runtime import asgi_app, current_call
from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import user
from tests.runtime.contract.serving import PATIENCE
from tests.runtime.contract.user import types
from tests.runtime.contract.user.server import UserServiceUnimplemented


class Deleting(UserServiceUnimplemented):
    """Runs what the test gives it for each `deleteUser`."""

    def __init__(self, run: Callable[[int], Awaitable[bool]]) -> None:
        self._run = run

    async def delete_user(self, id: int) -> bool:
        return await self._run(id)


def delete(id: int, *, meta: str = "", notify: bool = False) -> str:
    ending = "" if notify else f',"id":{id}'
    ending += f',"meta":{meta}' if meta else ""
    return (
        f'{{"jsonrpc":"2.0","method":"UserService.deleteUser","params":[{id}]{ending}}}'
    )


def batch(requests: Iterable[str]) -> bytes:
    return f"[{','.join(requests)}]".encode()


def dispatch(
    run: Callable[[int], Awaitable[bool]],
    body: bytes,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> Any:
    dispatcher = Dispatcher(Deleting(run), **options)
    answer = asyncio.run(dispatcher.dispatch(body, headers or {}))
    dispatcher.close()
    return None if answer is None else json.loads(answer)


def test_answers_stand_in_the_order_of_the_requests_whichever_ends_first() -> None:
    ended: list[int] = []
    later = asyncio.Event()

    async def run(id: int) -> bool:
        if id == 1:
            await later.wait()
        ended.append(id)
        later.set()
        return id == 1

    answers = dispatch(run, batch([delete(1), delete(2)]))
    assert [(answer["id"], answer["result"]) for answer in answers] == [
        (1, True),
        (2, False),
    ]
    assert ended == [2, 1]


@pytest.mark.parametrize(("options", "most"), [({}, 16), ({"batch_concurrency": 3}, 3)])
def test_so_many_requests_of_a_batch_run_at_a_time(
    options: dict[str, Any], most: int
) -> None:
    running: set[int] = set()
    seen: list[int] = []

    async def run(id: int) -> bool:
        running.add(id)
        seen.append(len(running))
        for _ in range(3):
            await asyncio.sleep(0)
        running.remove(id)
        return True

    requests = [delete(id, notify=id % 2 == 0) for id in range(50)]
    assert len(dispatch(run, batch(requests), **options)) == 25
    assert (len(seen), max(seen)) == (50, most)


def test_one_that_is_slow_holds_up_none_but_itself() -> None:
    later = asyncio.Event()
    ended: list[int] = []

    async def run(id: int) -> bool:
        if id == 0:
            await later.wait()
        ended.append(id)
        if id == 39:
            later.set()
        return True

    dispatch(run, batch(delete(id) for id in range(40)), batch_concurrency=2)
    assert ended == [*range(1, 40), 0]


def test_handlers_of_a_batch_do_not_share_their_context() -> None:
    variable: ContextVar[int | None] = ContextVar("variable", default=None)
    seen: list[int | None] = []

    async def run(id: int) -> bool:
        seen.append(variable.get())
        variable.set(id)
        return True

    dispatch(run, batch(delete(id) for id in range(40)), batch_concurrency=2)
    assert seen == [None] * 40


def test_a_batch_that_is_cancelled_cancels_all_that_run_and_starts_no_more() -> None:
    started: list[int] = []
    ended: list[int] = []

    async def main() -> None:
        both = asyncio.Event()

        async def run(id: int) -> bool:
            started.append(id)
            if len(started) == 2:
                both.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(id)
            return True

        dispatcher = Dispatcher(Deleting(run), batch_concurrency=2)
        body = batch(delete(id) for id in range(9))
        task = asyncio.ensure_future(dispatcher.dispatch(body))
        await both.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert started == [0, 1]
    assert sorted(ended) == [0, 1]


def test_a_handler_that_raises_a_cancellation_ends_no_other() -> None:
    async def run(id: int) -> bool:
        await asyncio.sleep(0)
        if id == 1:
            raise asyncio.CancelledError
        return True

    first, second = dispatch(run, batch([delete(1), delete(2)]))
    assert first["error"]["code"] == -32603
    assert second["result"] is True


def test_each_request_has_the_deadline_of_its_meta_else_that_of_the_header() -> None:
    remaining: dict[int, float | None] = {}
    keys: dict[int, str | None] = {}

    async def run(id: int) -> bool:
        remaining[id] = current_call().remaining
        keys[id] = current_call().idempotency_key
        return True

    body = batch(
        [
            delete(1),
            delete(2, meta='{"timeout_ms":500000,"idempotency_key":"own"}'),
            delete(3, meta='{"idempotency_key":"other"}'),
            delete(4, meta='{"timeout_ms":-1}'),
        ]
    )
    headers = {"idlgen-timeout-ms": "90000", "idempotency-key": "all"}
    answers = dispatch(run, body, headers)
    assert [round((remaining[id] or 0) / 100, 1) for id in (1, 2, 3)] == [0.9, 5, 0.9]
    assert keys == {1: "all", 2: "own", 3: "other"}
    assert answers[3]["error"]["code"] == -32600


def test_a_deadline_ends_its_own_request_alone() -> None:
    async def run(id: int) -> bool:
        if id == 1:
            await asyncio.Event().wait()
        return True

    body = batch([delete(1, meta='{"timeout_ms":1}'), delete(2)])
    late, well = dispatch(run, body)
    assert late["error"]["data"]["status"] == "deadline_exceeded"
    assert well["result"] is True


def test_the_time_counts_from_when_the_batch_came() -> None:
    started: list[int] = []
    slow = threading.Event()

    async def run(id: int) -> bool:
        started.append(id)
        # Keeps the loop itself busy for longer than the others may take.
        slow.wait(0.02)
        return True

    requests = [delete(1), delete(2, meta='{"timeout_ms":1}')]
    first, second = dispatch(run, batch(requests), batch_concurrency=1)
    assert first["result"] is True
    assert second["error"]["data"]["status"] == "deadline_exceeded"
    assert started == [1]


@pytest.mark.parametrize(
    ("requests", "code"), [(3, None), (4, -32600)], ids=["at the limit", "above it"]
)
def test_a_batch_has_at_most_so_many_requests(requests: int, code: int | None) -> None:
    done: list[int] = []

    async def run(id: int) -> bool:
        done.append(id)
        return True

    answer = dispatch(run, batch(delete(id) for id in range(requests)), max_batch=3)
    if code is None:
        assert len(answer) == len(done) == 3
    else:
        assert (answer["error"]["code"], answer["id"], done) == (code, None, [])


def test_a_fault_of_ours_in_one_request_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def run(id: int) -> bool:
        return True

    dispatcher = Dispatcher(Deleting(run))
    answering: Any = vars(dispatcher)["_answering"]
    result = answering._result

    def breaking(request: Any, *rest: Any) -> Any:
        if request.address.id == b"1":
            raise MemoryError
        return result(request, *rest)

    monkeypatch.setattr(answering, "_result", breaking)
    body = batch([delete(1), delete(2)])
    first, second = json.loads(asyncio.run(dispatcher.dispatch(body)) or b"")
    assert first == {
        "jsonrpc": "2.0",
        "error": {"code": -32603, "message": "Internal error"},
        "id": 1,
    }
    assert second["result"] is True
    assert "a request could not be answered" in caplog.text


def test_lenient_servers_answer_each_request_in_its_own_shape() -> None:
    async def run(id: int) -> bool:
        return True

    body = b'[{"method":"deleteUser","params":[1]},{"jsonrpc":"2.0","method":"deleteUser","params":[2],"id":2}]'
    assert dispatch(run, body, lenient=True) == [
        {"result": True, "id": None},
        {"jsonrpc": "2.0", "result": True, "id": 2},
    ]


def test_threads_run_the_requests_of_a_batch_side_by_side() -> None:
    meeting = threading.Barrier(4)

    class InThreads(UserServiceUnimplemented):
        def create_user(self, user_data: types.UserData) -> types.User:
            meeting.wait(PATIENCE)
            return user(1, user_data.name)

    create = (
        '{"jsonrpc":"2.0","method":"UserService.createUser","id":1,'
        '"params":[{"name":"Bo","email":"b","bio":null}]}'
    )
    dispatcher = Dispatcher(InThreads())
    answer = asyncio.run(dispatcher.dispatch(batch([create] * 4)))
    dispatcher.close()
    assert [it["result"]["name"] for it in json.loads(answer or b"")] == ["Bo"] * 4


@pytest.mark.parametrize("option", ["threads", "max_batch", "batch_concurrency"])
def test_a_limit_below_one_is_refused(option: str) -> None:
    limits: dict[str, Any] = {option: 0}
    with pytest.raises(ValueError, match=f"`{option}` is at least 1, not 0"):
        asgi_app(UserServiceUnimplemented(), **limits)
