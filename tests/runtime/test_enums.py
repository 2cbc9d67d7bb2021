"""Open enums keep what they do not know."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import msgspec
import pytest

from tests.runtime.contract.user.types import Role


def test_an_unknown_text_is_a_member_equal_to_it() -> None:
    owner = Role("owner")
    assert isinstance(owner, Role)
    assert owner == "owner"
    assert hash(owner) == hash("owner")
    assert (str(owner), owner.value, owner.name) == ("owner", "owner", "UNRECOGNIZED")
    assert not owner.is_recognized
    assert Role.ADMIN.is_recognized
    assert {owner, Role("owner"), "owner"} == {"owner"}


def test_it_is_never_kept_by_the_class() -> None:
    Role("owner")
    assert Role("owner") is not Role("owner")
    assert [role.value for role in Role] == ["admin", "member", "guest"]


def test_it_is_encoded_unchanged_as_value_and_as_key() -> None:
    decoded = msgspec.json.decode(b'{"owner":"boss"}', type=dict[Role, Role])
    assert msgspec.json.encode(decoded) == b'{"owner":"boss"}'


def test_it_can_be_matched() -> None:
    def described(role: Role) -> str:
        match role:
            case Role.ADMIN | Role.MEMBER | Role.GUEST:
                return "known"
            case Role.UNRECOGNIZED:
                return f"unknown: {role}"

    assert described(Role.GUEST) == "known"
    assert described(Role("owner")) == "unknown: owner"


def test_it_survives_pickling_and_copying() -> None:
    owner = Role("owner")
    assert pickle.loads(pickle.dumps(owner)) == "owner"
    assert copy.deepcopy(owner) == "owner"


@pytest.mark.parametrize("value", [1, None, b"admin"])
def test_only_texts_are_kept(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Role"):
        Role(value)
