"""Fields, params, methods and enum values of every name make a call."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import msgspec
import pytest

from idlgen.runtime import Client
from tests.e2e.names.conftest import Called, Connect
from tests.e2e.names.member_schemas import FIELD_VALUES
from tests.e2e.names.scopes import SCOPES
from tests.e2e.names.table import NAMES


@pytest.mark.parametrize("scope", SCOPES)
def test_fields(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.fields.Service"
    client = connect(name)
    values = dict(zip(NAMES, cycle(FIELD_VALUES.values()), strict=False))
    document = {name: values[name] for name in SCOPES[scope]}
    for verb in ("echo", "patch"):
        method = services[name].methods[f"{verb}{scope}"]
        value = msgspec.convert(document, method.returns)
        answer = getattr(client, method.handler)(value)
        assert answer == value
        assert msgspec.to_builtins(answer) == document


@pytest.mark.parametrize("scope", SCOPES)
def test_params(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.params.Service"
    client = connect(name)
    method = services[name].methods[f"all{scope}"]
    assert method.params.__struct_encode_fields__ == SCOPES[scope]
    numbers = range(len(SCOPES[scope]))
    call = getattr(client, method.handler)
    keywords = dict(zip(method.params.__struct_fields__, numbers, strict=True))
    assert call(**keywords) == [*numbers]
    assert call(*numbers) == [*numbers]


@pytest.mark.parametrize("scope", SCOPES)
def test_methods(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = f"position.methods.{scope}"
    client = connect(name)
    methods = services[name].methods
    assert tuple(methods) == SCOPES[scope]
    for number, method in enumerate(methods.values()):
        (param,) = method.params.__struct_fields__
        call = getattr(client, method.handler)
        assert call(number) == number
        assert call(**{param: number}) == number


def test_the_wire_has_the_names_of_the_schema(url: str) -> None:
    with Client(url) as client:
        for scope, names in SCOPES.items():
            for name in names:
                method = f"position.methods.{scope}.{name}"
                assert client.call(method, **{name: 5}) == 5


@pytest.mark.parametrize("scope", SCOPES)
def test_enum_values(
    scope: str, connect: Connect, services: Mapping[str, Called]
) -> None:
    name = "position.values.Service"
    client = connect(name)
    methods = services[name].methods
    for kind in ("open", "closed"):
        method = methods[f"{kind}{scope}"]
        members = [*method.returns]
        assert tuple(member.value for member in members) == SCOPES[scope]
        for member in members:
            assert getattr(client, method.handler)(member) is member
    method = methods[f"defaults{scope}"]
    defaults = method.returns()
    assert tuple(msgspec.to_builtins(defaults).values()) == SCOPES[scope]
    assert getattr(client, method.handler)(defaults) == defaults
