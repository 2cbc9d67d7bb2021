"""A method's params: what is written of them, and what the handler gets."""

from __future__ import annotations

import pytest

from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.protocols.jsonrpc.caller import encode_call
from tests.runtime.contract.shapes import ECHO, EchoParams
from tests.runtime.contract.user import _service, types

LIST = _service.USER_SERVICE_LIST_USERS
ListParams = _service.UserServiceListUsersParams


def made_anew(text: str) -> str:
    """Return an equal text that is another object."""
    return "".join(list(text))


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (ListParams(), b"{}"),
        (ListParams(limit=50, roles=[types.Role.MEMBER]), b"{}"),
        (ListParams(limit=51, roles=[]), b'{"limit":51,"roles":[]}'),
        (ListParams(cursor="x"), b'{"cursor":"x"}'),
    ],
)
def test_a_param_that_equals_its_default_is_left_out(
    params: ListParams, expected: bytes
) -> None:
    assert method_codec(LIST).encode_params(params) == expected


def test_so_is_one_that_is_equal_without_being_the_same_object() -> None:
    params = EchoParams(text=made_anew("hello"), big=int("1000"))
    assert method_codec(ECHO).encode_params(params) == b"{}"
    other = EchoParams(text="hullo", big=1001)
    assert method_codec(ECHO).encode_params(other) == b'{"text":"hullo","big":1001}'


def test_a_request_carries_the_full_name_and_params_by_name() -> None:
    patch = types.UserDataPartial(nickname=None)
    params = _service.UserServiceUpdateUserParams(id=7, user_data=patch)
    assert encode_call(_service.USER_SERVICE_UPDATE_USER, params, 3) == (
        b'{"jsonrpc":"2.0","method":"user.UserService.updateUser",'
        b'"params":{"id":7,"userData":{"nickname":null}},"id":3}'
    )
    assert encode_call(LIST, ListParams(), None) == (
        b'{"jsonrpc":"2.0","method":"user.UserService.listUsers","params":{}}'
    )


def test_the_handler_gets_python_names_and_filled_in_defaults() -> None:
    codec = method_codec(_service.USER_SERVICE_UPDATE_USER)
    patch = types.UserDataPartial(name="Bo")
    source = b'{"id":7,"userData":{"name":"Bo"}}'
    assert codec.decode_params(source, {}) == {"id": 7, "user_data": patch}
    assert method_codec(LIST).decode_params(b"{}", {}) == {
        "cursor": None,
        "limit": 50,
        "roles": ["member"],
    }
