"""Generated clients against implementations in this process, codecs and errors included."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, assert_type

import pytest

from idlgen.runtime import (
    Internal,
    InvalidArgument,
    Unimplemented,
    in_process,
)
from tests.runtime.contract.accounts import Accounts, user
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound
from tests.runtime.contract.user.server import UserServiceUnimplemented


def test_sync_calls_read_like_local_ones() -> None:
    with in_process(UserServiceClient, Accounts()) as users:
        assert_type(users, UserServiceClient)
        assert users.get_user_by_id(1) == user(1)
        data = types.UserData(name="Grace", email="g@example.com", bio=None)
        assert users.create_user(data) == user(2, "Grace")
        assert users.update_user(3, types.UserDataPartial(name="Bo")) == user(3, "Bo")
        assert users.delete_user(3) is True
        users.ping()


@pytest.mark.parametrize("client", [UserServiceClient, AsyncUserServiceClient])
def test_a_client_of_nothing_is_refused(client: Any) -> None:
    with pytest.raises(TypeError, match="there is nothing to serve: give an object"):
        in_process(client)


def test_async_calls_do_too() -> None:
    async def calls() -> None:
        async with in_process(AsyncUserServiceClient, Accounts()) as users:
            assert_type(users, AsyncUserServiceClient)
            ada, page = await asyncio.gather(
                users.get_user_by_id(1), users.list_users(cursor="x")
            )
            assert ada == user(1)
            assert page == types.UserPage(items=[user()], next="x")

    asyncio.run(calls())


def test_a_declared_error_is_the_same_class_on_both_sides() -> None:
    with (
        in_process(UserServiceClient, Accounts()) as users,
        pytest.raises(UserNotFound) as caught,
    ):
        users.get_user_by_id(404)
    assert caught.value.id == 404
    assert caught.value.message == "user 404 does not exist"


def test_what_a_handler_did_not_declare_is_internal_and_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        in_process(UserServiceClient, Accounts()) as users,
        pytest.raises(Internal) as caught,
    ):
        users.get_user_by_id(500)
    assert caught.value.message == "Internal error"
    assert caught.value.details == {}
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("idlgen.runtime", logging.ERROR)
    assert "hunter2" in caplog.text


def test_wrong_arguments_are_refused_before_anything_is_sent() -> None:
    accounts = Accounts()
    with in_process(UserServiceClient, accounts) as users:
        wrong: Any = "7"
        with pytest.raises(InvalidArgument) as caught:
            users.delete_user(wrong)
    assert caught.value.problems == (("$.id", "Expected `int`, got `str`"),)
    assert accounts.deleted == []


def test_a_result_that_does_not_fit_is_internal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Wrong(Accounts):
        def delete_user(self, id: int) -> Any:
            return "yes"

    with in_process(UserServiceClient, Wrong()) as users, pytest.raises(Internal):
        users.delete_user(1)
    assert "Expected `bool`, got `str`" in caplog.text


def test_unimplemented_methods_say_so() -> None:
    with (
        in_process(UserServiceClient, UserServiceUnimplemented()) as users,
        pytest.raises(Unimplemented) as caught,
    ):
        users.ping()
    assert caught.value.message == "UserService.ping is not implemented"
