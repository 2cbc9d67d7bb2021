"""For what a key counts: one method, one principal, and the same params."""

from __future__ import annotations

import pytest
from msgspec import Struct

from idlgen.runtime import Method
from idlgen.runtime.auth import Principal
from idlgen.runtime.call import CallContext
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.idempotency.memory import MemoryKeys
from idlgen.runtime.server.idempotency.once import KeyedCall, Once
from idlgen.runtime.server.invocation import HandlerFailed
from tests.runtime.contract.user._service import USER_SERVICE_PING
from tests.runtime.idempotency.keyed_calls import (
    HEADERS,
    Doing,
    call,
    create,
    request_of,
    send,
    update,
)
from tests.runtime.idempotency.patience import within_a_minute


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
