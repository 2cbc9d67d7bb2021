"""Calls with idempotency keys, from message to message: what is run once, and what again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from idlgen.runtime import asgi_app
from idlgen.runtime.call import CallContext
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import Key, KeyStore, OtherParams
from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.idempotency.keyed_calls import (
    Doing,
    call,
    create,
    get,
    nothing,
    raising,
    request_of,
    send,
    update,
    writes,
)
from tests.runtime.idempotency.patience import within_a_minute


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
