import builtins
import unicodedata

import pytest
from hypothesis import given, strategies as st

from idlgen.runtime.client import AsyncServiceClient, ServiceClient
from idlgen.runtime.errors import InvalidArgument, RpcError
from idlgen.runtime.testing import FakeService
from idlgen.targets.python.names import (
    ERROR_FIELD_NAMES,
    METHOD_NAMES,
    PARAM_NAMES,
    camel_case,
    class_name,
    constant_name,
    enum_member_name,
    module_path,
    type_name,
    value_name,
    variant_name,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "id"),
        ("getUserById", "get_user_by_id"),
        ("GetUserByID", "get_user_by_id"),
        ("HTTPServer", "http_server"),
        ("userID2", "user_id2"),
        ("x1Y", "x1_y"),
        ("ID_Card", "id_card"),
        ("a__b", "a__b"),
        ("id_", "id_"),
        ("User", "user"),
        # What Python reads in its own way.
        ("class", "class_"),
        ("None", "none"),
        ("import", "import_"),
        ("match", "match_"),
        ("type", "type_"),
        ("list", "list"),
        # Private in Python, or mangled in classes.
        ("_id", "id_"),
        ("__init__", "init_"),
        ("__proto__", "proto_"),
        ("__x", "x_"),
        ("_", "underscore"),
        ("__", "underscore"),
        ("_1", "underscore_1"),
        ("_0A", "underscore_0a"),
    ],
)
def test_members_are_in_snake_case(name: str, expected: str) -> None:
    assert value_name(name) == expected


@pytest.mark.parametrize("name", sorted(PARAM_NAMES))
def test_params_leave_names_to_the_client(name: str) -> None:
    assert value_name(name, PARAM_NAMES) == f"{name}_"


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True))
def test_every_name_becomes_a_public_identifier(name: str) -> None:
    python = value_name(name)
    assert python.isidentifier()
    assert not python.startswith("_")
    assert python == python.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("admin", "ADMIN"),
        ("us-east-1", "US_EAST_1"),
        ("camelCase", "CAMEL_CASE"),
        ("HTTPServer", "HTTP_SERVER"),
        ("a b", "A_B"),
        ("_x_", "X"),
        ("__x__", "X"),
        ("3.1", "V3_1"),
        ("-1", "MINUS_1"),
        ("+1", "PLUS_1"),
        ("*", "ASTERISK"),
        ("<=", "LESS_THAN_SIGN_EQUALS_SIGN"),
        ("", "EMPTY"),
        ("\x00", "U0000"),
        ("남", "남"),
        ("ﬁ", "FI"),
        ("²", "V2"),
        ("ß", "SS"),
        ("mro", "MRO"),
        ("None", "NONE"),
    ],
)
def test_enum_members_are_named_after_any_text(text: str, expected: str) -> None:
    assert enum_member_name(text, closed=True) == expected


@pytest.mark.parametrize("text", ["unrecognized", "UNRECOGNIZED", "type_checking"])
def test_what_an_open_enum_needs_itself_is_not_for_its_members(text: str) -> None:
    assert enum_member_name(text, closed=False) == f"{text.upper()}_"
    assert enum_member_name(text, closed=True) == text.upper()


@given(st.text(max_size=8))
def test_every_text_names_a_member(text: str) -> None:
    name = enum_member_name(text, closed=False)
    assert name.isidentifier()
    assert not name.startswith("_")
    # Otherwise Python would read another name than the one that is written.
    assert unicodedata.normalize("NFKC", name) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_ends_the_name_of_a_class(text: str) -> None:
    name = f"Event{variant_name(text)}"
    assert name.isidentifier()
    assert name != "Event"
    assert unicodedata.normalize("NFKC", name) == name


def test_no_type_has_the_name_of_a_builtin() -> None:
    capitals = [name for name in dir(builtins) if name[0].isupper()]
    assert [type_name(name) for name in capitals] == [f"{name}_" for name in capitals]
    assert type_name("User") == "User"
    assert type_name("TYPE_CHECKING") == "TYPE_CHECKING_"


def test_errors_may_have_the_names_of_python_errors() -> None:
    assert class_name("TimeoutError") == "TimeoutError"


def test_classes_constants_and_modules() -> None:
    assert [class_name(n) for n in ("User", "None", "HTTP_Client")] == [
        "User",
        "None_",
        "HTTP_Client",
    ]
    assert constant_name("UserService") == "USER_SERVICE"
    assert camel_case("get_user_by_id") == "GetUserById"
    assert module_path("acme.class.user") == "acme/class_/user"


def test_the_runtime_has_no_attribute_that_a_member_could_take() -> None:
    error = InvalidArgument()
    public = {name for name in dir(error) if not name.startswith("_")}
    assert public <= ERROR_FIELD_NAMES
    assert {n for n in vars(RpcError()) if not n.startswith("_")} <= ERROR_FIELD_NAMES
    assert {n for n in dir(FakeService()) if not n.startswith("_")} <= METHOD_NAMES

    for client in (ServiceClient, AsyncServiceClient):
        assert {n for n in dir(client) if not n.startswith("_")} <= METHOD_NAMES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("user", "User"),
        ("userCard", "UserCard"),
        ("user_card", "UserCard"),
        ("class", "Class"),
        ("super", "Super"),
        ("none", "None_"),
        ("_User", "User"),
        ("__", "Underscore"),
        ("_1", "Underscore1"),
    ],
)
def test_what_name_says_becomes_a_class_name(name: str, expected: str) -> None:
    assert class_name(name) == expected
