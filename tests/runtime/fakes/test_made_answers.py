"""What fakes answer without an example: made for the types, and for the params."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import pytest
from msgspec import UNSET, Meta, Struct

from generated_examples.kitchen_sink.client import KitchenClient
from generated_examples.kitchen_sink.testing import FakeKitchen
from idlgen.runtime import CannedCall, Method, Pagination, Unimplemented, in_process
from idlgen.runtime.fakes.made import MethodMaker
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient
from tests.runtime.contract.feed.testing import FakeFeed
from tests.runtime.contract.user import _service, types
from tests.runtime.contract.user.client import UserServiceClient
from tests.runtime.contract.user.testing import FakeUserService

NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)


class NoExamples(FakeUserService):
    _idl_examples: ClassVar[Any] = ()


def test_params_come_back_where_name_and_type_are_theirs() -> None:
    with in_process(UserServiceClient, NoExamples()) as users:
        assert users.get_user_by_id(7) == types.User(
            id=7,
            name="홍길동",
            email="email@example.com",
            nickname="nickname",
            bio="bio",
            roles=[types.Role.MEMBER],
            created_at=NEW_YEAR,
        )


def test_so_do_the_fields_of_params_but_for_what_a_patch_leaves() -> None:
    with in_process(UserServiceClient, NoExamples()) as users:
        patch = types.UserDataPartial(name="Bo", nickname=None)
        found = users.update_user(7, patch)
    assert (found.id, found.name, found.nickname) == (7, "Bo", None)
    assert (found.email, found.bio) == ("email@example.com", "bio")


def test_the_same_call_has_the_same_answer_from_any_fake() -> None:
    answers = []
    for _ in range(2):
        with in_process(UserServiceClient, NoExamples()) as users:
            answers += [users.get_user_by_id(7), users.get_user_by_id(7)]
    assert answers.count(answers[0]) == 4


def test_made_pages_end() -> None:
    class NoBrowsing(FakeKitchen):
        _idl_examples: ClassVar[Any] = ()

    with in_process(KitchenClient, NoBrowsing()) as kitchen:
        page = kitchen.browse(NEW_YEAR.date())
    assert [dish.name for dish in page.items] == ["Borschtsch", "Borschtsch"]
    assert page.next is None


def test_pages_of_examples_end_too() -> None:
    class OnePage(FakeKitchen):
        _idl_examples: ClassVar[Any] = (
            CannedCall(
                FakeKitchen._idl_examples[1].method,
                name="endless",
                params='{"day": "2026-03-01"}',
                returns='{"items": [{"code": "SO-01", "name": "Stew", "price": "9"}], '
                '"next": "more", "day": "2026-03-01"}',
            ),
        )

    with in_process(KitchenClient, OnePage()) as kitchen:
        dishes = kitchen.iter_browse(NEW_YEAR.date())
        assert [dish.name for dish in dishes] == ["Stew"]


def test_made_streams_have_a_few_items() -> None:
    with in_process(FeedClient, FakeFeed()) as feed:
        with feed.measure("x") as numbers:
            assert list(numbers) == [1.0, 2.0, 3.0]
        assert feed.count("x") == 1


def test_async_clients_get_the_same() -> None:
    async def calls() -> None:
        async with (
            in_process(AsyncFeedClient, FakeFeed()) as feed,
            feed.measure("x") as numbers,
        ):
            assert [number async for number in numbers] == [1.0, 2.0, 3.0]

    asyncio.run(calls())


class Find(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    size: int
    weight: int = 8
    after: str | None = None
    next: str | None = None


class Found(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: int
    weight: float
    size: Annotated[int, Meta(le=9)]
    items: list[int]
    next: str | None = None


FIND = Method[Found](
    "shop.Shop.find",
    handler="find",
    params=Find,
    returns=Found,
    pagination=Pagination(param="after", next="next", items="items"),
)


def test_params_of_another_type_or_out_of_range_do_not_come_back() -> None:
    maker = MethodMaker(FIND)
    asked = Find(id="seven", size=10, next="more")
    assert maker.answer(asked) == Found(id=1, weight=1.0, size=1, items=[1, 2])
    assert maker.answer(Find(id="seven", size=9)).size == 9


def test_what_cannot_be_made_asks_for_an_example() -> None:
    class Odd(Struct, frozen=True, kw_only=True):
        code: Annotated[str, Meta(pattern=r"^(?!x)x\Z")]

    method = Method[Odd]("shop.Shop.odd", handler="odd", params=Find, returns=Odd)
    with pytest.raises(Unimplemented) as caught:
        MethodMaker(method).answer(Find(id="", size=1))
    assert caught.value.message == (
        "shop.Shop.odd has no example to answer with, and no value was made that fits "
        r"its type ($.code: no text was found that matches '^(?!x)x\\Z'): add an example "
        "under `examples` of Shop.odd in the schema"
    )


def test_unset_params_are_not_taken_for_values() -> None:
    fake = NoExamples()
    params = _service.UserServiceUpdateUserParams(
        id=1, user_data=types.UserDataPartial(name=UNSET)
    )
    answer = fake._idl_answer(_service.USER_SERVICE_UPDATE_USER, params)
    assert answer.name == "홍길동"
