"""Fakes answer with the schema's examples, fitted to the call where it is not theirs."""

from __future__ import annotations

from typing import Any, ClassVar

from idlgen.runtime import CannedCall, in_process
from tests.runtime.contract.feed.client import FeedClient
from tests.runtime.contract.feed.testing import FakeFeed
from tests.runtime.contract.feed.types import EventIdle, Post
from tests.runtime.contract.user import _service, types
from tests.runtime.contract.user.client import UserServiceClient
from tests.runtime.contract.user.testing import FakeUserService


def test_the_call_of_an_example_has_its_answer() -> None:
    with in_process(UserServiceClient, FakeUserService()) as users:
        ada = users.get_user_by_id(1)
    assert (ada.id, ada.name, ada.roles) == (1, "Ada", [types.Role.ADMIN])


def test_another_call_has_its_params_in_the_answer_of_the_first_example() -> None:
    with in_process(UserServiceClient, FakeUserService()) as users:
        found = users.get_user_by_id(7)
    assert (found.id, found.name, found.email) == (7, "Ada", "ada@example.com")


class SomeExamples(FakeUserService):
    _idl_examples: ClassVar[Any] = (
        *(
            CannedCall(
                _service.USER_SERVICE_DELETE_USER,
                name=f"user {id}",
                params=f'{{"id": {id}}}',
                returns=returns,
            )
            for id, returns in ((1, "true"), (2, "false"))
        ),
        CannedCall(
            _service.USER_SERVICE_LIST_USERS,
            name="all",
            params='{"limit": 3}',
            returns='{"items": [], "next": "first"}',
        ),
        CannedCall(
            _service.USER_SERVICE_LIST_USERS,
            name="defaults",
            params='{"roles": ["member"], "limit": 50}',
            returns='{"items": [], "next": "defaults"}',
        ),
        CannedCall(
            _service.USER_SERVICE_CREATE_USER,
            name="ada",
            params='{"userData": {"name": "Ada", "email": "a@b", "bio": null}}',
            returns='{"id": 2, "name": "Ada", "email": "a@b", "bio": null, '
            '"roles": [], "created_at": "2026-01-01T00:00:00Z"}',
        ),
    )


def test_the_example_with_the_same_params_is_preferred() -> None:
    with in_process(UserServiceClient, SomeExamples()) as users:
        assert users.delete_user(2) is False
        assert users.delete_user(1) is True
        assert users.delete_user(3) is True
        assert users.list_users().next == "defaults"
        assert users.list_users(limit=4).next == "first"


def test_what_stands_in_a_param_comes_back_too() -> None:
    given = types.UserData(name="Bo", email="bo@b", bio="A bio.")
    with in_process(UserServiceClient, SomeExamples()) as users:
        made = users.create_user(given)
    assert (made.id, made.name, made.email, made.bio) == (2, "Bo", "bo@b", "A bio.")


def test_items_of_streams_are_those_of_the_example() -> None:
    with in_process(FeedClient, FakeFeed()) as feed:
        with feed.watch("quiet") as events:
            assert list(events) == [EventIdle()]
        assert feed.upload([Post(id=1, text="hello")]) == 1
        assert feed.upload([]) == 0
