"""Docs, defaults, enum values, tags and answers are the texts that the schema gives."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from idlgen.runtime import in_process
from tests.e2e.hostile.conftest import Load
from tests.e2e.hostile.schema import HOSTILE, PACKAGES, at_once, shortened, wire_name


def folded(text: str | None) -> str:
    """A doc without regard to where its lines end, which generated code chooses."""
    return " ".join((text or "").split())


@pytest.mark.parametrize("package", HOSTILE)
def test_values_are_the_texts_given(package: str, load: Load, folder: Path) -> None:
    loaded = load(package)
    filled = loaded.types.Fields()
    document = msgspec.to_builtins(filled)
    # Each pattern finds its text.
    assert msgspec.convert(document, loaded.types.Fields) == filled
    fake = loaded.testing.FakeService()
    with in_process(loaded.client.ServiceClient, fake) as client:
        for number, text in enumerate(PACKAGES[package]):
            assert getattr(filled, f"f{number}") == text
            assert document[wire_name(text)] == text
            assert document[f"m{number}"] == {text: [text]}
            assert getattr(filled, f"v{number}").value == text
            for enum in (loaded.types.Open, loaded.types.Closed):
                assert enum[f"VALUE{number}"].value == text
            error = getattr(loaded.errors, f"Bad{number}")
            assert error(s=text).message == text
            assert error.Fields.__struct_encode_fields__ == (wire_name(text),)
            call = getattr(client, f"call{number}")
            assert call(p=text) == text
            assert inspect.signature(call).parameters["q"].default == text
    assert not (folder / "canary").exists()


@pytest.mark.parametrize("package", HOSTILE)
def test_tags_are_the_texts_given(package: str, load: Load) -> None:
    loaded = load(package)
    texts = PACKAGES[package]
    filled = loaded.types.Fields()
    document = msgspec.to_builtins(filled)
    fake = loaded.testing.FakeService()
    with in_process(loaded.client.ServiceClient, fake) as client:
        for number, text in enumerate(texts):
            event = getattr(filled, f"u{number}")
            assert type(event).__name__ == f"EventsVariant{number}"
            assert document[f"u{number}"] == {"type": text, "value": text}
            flat = getattr(loaded.types, f"FlatVariant{number}")(p=text)
            assert msgspec.to_builtins(flat) == {at_once(texts): text, "p": text}
            # The example, through the codecs of both sides.
            answer = getattr(client, f"tell{number}")(event=event, flat=flat)
            assert msgspec.to_builtins(answer) == {text: "a", "value": text}
            *_, call = fake.calls
            assert (call.params.event, call.params.flat) == (event, flat)


@pytest.mark.parametrize("package", HOSTILE)
def test_docs_are_the_texts_given(package: str, load: Load, folder: Path) -> None:
    loaded = load(package)
    texts = PACKAGES[package]
    documented = [
        loaded.types,
        loaded.types.Fields,
        loaded.types.Box,
        loaded.types.Open,
        loaded.types.Closed,
        loaded.client.ServiceClient,
        loaded.client.AsyncServiceClient,
        loaded.server.Service,
    ]
    for each in documented:
        assert folded(at_once(texts)) in folded(each.__doc__)
    types = vars(loaded.types)
    beneath = [folded(doc) for doc in attribute_docs(loaded.types)]
    for number, text in enumerate(texts):
        told = folded(text)
        owners = (loaded.client.ServiceClient, loaded.server.Service)
        documented = [
            getattr(loaded.errors, f"Bad{number}"),
            *(getattr(owner, f"call{number}") for owner in owners),
            *(types[f"{of}Variant{number}"] for of in ("Events", "Flat")),
            types[f"P{number}"],
        ]
        for each in documented:
            doc = folded(each.__doc__)
            # The doc and the deprecation; the version.
            assert doc.count(told) >= 2
            assert f"Since {folded(shortened(text))}" in doc
        # Of four fields, of a value in each of two enums, of an alias, a newtype and a
        # union.
        assert sum(doc.startswith(told) for doc in beneath) >= 9


def attribute_docs(module: Any) -> Iterator[str]:
    tree = ast.parse(Path(module.__file__).read_bytes())
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text
