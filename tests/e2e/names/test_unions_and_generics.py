"""Variants, tags and type params of every name make a call."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from tests.e2e.names.conftest import Called, Connect
from tests.e2e.names.scopes import SCOPES, TYPE_NAMES
from tests.e2e.names.table import NAMES
from tests.e2e.names.type_schemas import BOX_VALUE, NO_TAG


@pytest.mark.parametrize("scope", SCOPES)
def test_variants(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.variants.Echoing"
    client = connect(name)
    for kind in ("open", "flat"):
        method = services[name].methods[f"{kind}{scope}"]
        call = getattr(client, method.handler)
        for number, tag in enumerate(SCOPES[scope]):
            document: dict[str, object] = {"type": tag}
            if kind == "open":
                document["value"] = number
            elif number % 2:
                document["number"] = number
            value = msgspec.convert(document, method.returns)
            answer = call(value)
            assert type(answer).__struct_config__.tag == tag
            assert answer == value
            assert msgspec.to_builtins(answer) == document


def test_tags(connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.tags.Echoing"
    client = connect(name)
    method = services[name].methods["everything"]
    document = {}
    for number, tag in enumerate(NAMES):
        flat = tag == NO_TAG or number % 2
        document[f"u{number}"] = {tag: "a", "number" if flat else "value": number}
    value = msgspec.convert(document, method.returns)
    answer = client.everything(value)
    assert answer == value
    assert msgspec.to_builtins(answer) == document


def test_type_params(connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.type_params.Echoing"
    client = connect(name)
    method = services[name].methods["everything"]
    document = {f"b{number}": BOX_VALUE for number in range(len(TYPE_NAMES))}
    value = msgspec.convert(document, method.returns)
    answer = client.everything(value)
    assert answer == value
    assert msgspec.to_builtins(answer) == document
