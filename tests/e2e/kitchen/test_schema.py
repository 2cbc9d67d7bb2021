"""The schemas of the kitchen hold every construct of the language.

Whoever adds a key to the language adds it here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from idlgen.diagnostics import Source
from idlgen.resolve.builtins import SCALARS
from idlgen.syntax import forms
from idlgen.syntax.yaml_reader import read_yaml
from idlgen.syntax.yaml_tree import plain_value

FILES = ("kitchen_sink.yaml", "kitchen/house.yaml", "kitchen/pantry.yaml")


@pytest.fixture(scope="module")
def texts(root: Path) -> list[str]:
    return [(root / "schemas" / name).read_text(encoding="utf-8") for name in FILES]


@pytest.fixture(scope="module")
def schemas(texts: list[str]) -> list[dict[str, Any]]:
    return [parsed(text) for text in texts]


def parsed(text: str) -> dict[str, Any]:
    tree = read_yaml(Source("kitchen.yaml", text), lambda _: None)
    assert tree is not None
    schema = plain_value(tree)
    assert isinstance(schema, dict)
    return schema


def inside(key: str, maps: Iterable[object]) -> Iterator[Any]:
    """Yield what the maps that have `key` hold under it."""
    return (it[key] for it in maps if isinstance(it, dict) and it.get(key) is not None)


def named(key: str, maps: Iterable[object]) -> Iterator[Any]:
    """Yield what stands under each name in the maps that `key` holds."""
    return (
        it
        for each in inside(key, maps)
        if isinstance(each, dict)
        for it in each.values()
    )


def forms_shown(schemas: list[dict[str, Any]]) -> Iterator[tuple[forms.Form, Any]]:
    """Yield each form of the language with all that the schemas write in it."""
    types = [*named("types", schemas)]
    errors = [*named("errors", schemas)]
    services = [*named("services", schemas)]
    methods = [*named("methods", services)]
    yield forms.DOCUMENT, schemas
    yield forms.TYPE, types
    yield forms.MEMBER, [
        *named("fields", [*types, *errors]),
        *named("params", methods),
    ]
    yield forms.ENUM_VALUE, named("enum", types)
    yield forms.VARIANT, named("union", types)
    yield forms.ERROR, errors
    yield forms.SERVICE, services
    yield forms.METHOD, methods
    yield forms.RESULT, inside("returns", methods)
    yield forms.PAGINATION, inside("paginate", methods)
    yield forms.EXAMPLE, named("examples", methods)


def keys(maps: Iterable[object]) -> set[str]:
    return {key for it in maps if isinstance(it, dict) for key in it}


def test_every_key_of_every_form_is_there(schemas: list[dict[str, Any]]) -> None:
    for form, shown in forms_shown(schemas):
        assert form.keys - keys(shown) == set(), form.what


def test_every_kind_of_type_has_its_own_keys(schemas: list[dict[str, Any]]) -> None:
    types = [*named("types", schemas)]
    for kind, form in forms.TYPE_KINDS.items():
        # Notes and constraints are alike in all kinds of types.
        own = form.keys - {*forms.NOTES, *forms.CONSTRAINTS}
        shown = [it for it in types if isinstance(it, dict) and kind in it]
        assert own - keys(shown) == set(), kind


def test_every_form_has_a_key_of_somebody(schemas: list[dict[str, Any]]) -> None:
    for form, shown in forms_shown(schemas):
        if form is not forms.PAGINATION:
            assert any(key.startswith("x-") for key in keys(shown)), form.what


def test_every_type_there_is_stands_in_some_expression(texts: list[str]) -> None:
    words = {word for text in texts for word in re.findall(r"[\w.]+", text)}
    made = {"list", "set", "map", "stream", "partial", "pick", "omit"}
    assert {*SCALARS, *made} <= words


@pytest.mark.parametrize(
    "shown",
    [
        # Generic structs of one param and of several, and what is derived of them.
        r"^  \w+<\w+>:",
        r"^  \w+<\w+, \w+>:",
        r"extends: \w+<",
        r"extends: \w+\.\w+<",
        r"(omit|pick|partial)<\w+<",
        # Unions: of a payload that is null, of none, short and long.
        r"type: \w+ \| null, name",
        r"^      \w+: null$",
        r"^      \w+: \{doc:",
        # Types and errors of other files.
        r"returns: \w+\.\w+<\w+>",
        r"partial<\w+\.\w+>",
        r"errors: \[\w+\.\w+\]",
        # Streams of all three kinds.
        r"params: \{\w+: stream<\w+>\}, returns: stream<",
        r"stream<\w+>, \w+: \w+\?\}, returns: (?!stream)",
        r"^        returns: stream<",
        # Pages, short and long; three states.
        r"paginate: \w+$",
        r"paginate: \{param:",
        r"\(string \| null\)\?",
        # Access: of a service, of a method, and of nobody.
        r"^    auth: bearer",
        r"^        auth: none",
        r"^        auth: api_key",
        r"^        scopes:",
    ],
)
def test_every_way_of_writing_is_there(texts: list[str], shown: str) -> None:
    assert any(re.search(shown, text, re.MULTILINE) for text in texts)
