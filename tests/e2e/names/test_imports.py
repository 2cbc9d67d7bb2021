"""Imports by every name, and of packages of every name, make a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from tests.e2e.names.conftest import Called, Connect
from tests.e2e.names.scopes import PACKAGE_NAMES


@pytest.mark.parametrize("position", ["import_names", "imports"])
def test_types_of_other_packages(
    position: str, connect: Connect, services: Mapping[str, Called]
) -> None:
    name = f"position.{position}.Echoing"
    client = connect(name)
    method = services[name].methods["everything"]
    document = {f"f{n}": {"amount": n} for n in range(len(PACKAGE_NAMES))}
    value = msgspec.convert(document, method.returns)
    assert client.everything(value) == value
    assert msgspec.to_builtins(client.everything(value)) == document


def test_errors_of_other_packages(
    connect: Connect, services: Mapping[str, Called]
) -> None:
    name = "position.imports.Echoing"
    client = connect(name)
    errors = services[name].methods["fail"].errors
    error: Any
    for which, (error, package) in enumerate(zip(errors, PACKAGE_NAMES, strict=True)):
        with pytest.raises(error) as caught:
            client.fail_(which)
        assert type(caught.value) is error
        assert caught.value.error_name == f"{package}.Bad"
