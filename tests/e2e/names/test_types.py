"""Types, errors, services and packages of every name make a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from tests.e2e.names.conftest import Called, Connect
from tests.e2e.names.scopes import SCOPES, SERVED, TYPE_NAMES
from tests.e2e.names.type_schemas import TYPE_VALUES


@pytest.mark.parametrize("kind", TYPE_VALUES)
def test_types(kind: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = f"position.{kind}.Caller"
    client = connect(name)
    methods = services[name].methods.values()
    assert len(methods) == len(TYPE_NAMES)
    for method in methods:
        value = msgspec.convert(TYPE_VALUES[kind], method.returns)
        assert getattr(client, method.handler)(value) == value


def test_errors(connect: Connect, services: Mapping[str, Called]) -> None:
    client = connect("position.errors.Caller")
    method = services["position.errors.Caller"].methods["fail"]
    error: Any
    for which, (error, name) in enumerate(zip(method.errors, TYPE_NAMES, strict=True)):
        with pytest.raises(error) as caught:
            client.fail_(which)
        assert type(caught.value) is error
        assert caught.value.error_name == f"position.errors.{name}"
        assert caught.value.number == 1


def test_fields_of_errors(connect: Connect, services: Mapping[str, Called]) -> None:
    client = connect("position.error_fields.Service")
    method = services["position.error_fields.Service"].methods["fail"]
    for which, scope in enumerate(SCOPES):
        error: Any = method.errors[which]
        with pytest.raises(error) as caught:
            client.fail_(which)
        assert type(caught.value) is error
        assert error.Fields.__struct_encode_fields__ == SCOPES[scope]
        names = error.Fields.__struct_fields__
        values = [getattr(caught.value, name) for name in names]
        assert values == [*range(1, len(names) + 1)]


def test_services_and_packages(connect: Connect) -> None:
    names = [f"position.services.{name}" for name in TYPE_NAMES]
    names += [f"{name}.Service" for name in SERVED]
    for number, name in enumerate(names):
        assert connect(name).go(number) == number
