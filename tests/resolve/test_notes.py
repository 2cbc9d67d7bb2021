"""What a declaration may say beside its meaning reaches the model, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from idlgen.model import Choice, Enum, Field, Package, Struct, Union
from idlgen.model.declarations import Declared
from tests.resolve.types_shown import package

OWN = {"x-a": [1, {"b": None}], "x-": "c"}


def notes(name: str) -> str:
    own = "x-a: [1, {b: null}], x-: c"
    return f"doc: D., deprecated: Old., since: 1.10, name: {name}, {own}"


@pytest.fixture(scope="module")
def noted() -> Package:
    return package(user=f"""
        x-a: [1, {{b: null}}]
        types:
          A: {{fields: {{f: {{type: int, {notes("n")}}}}}, {notes("N1")}}}
          B: {{enum: {{v: {{{notes("n")}}}}}, {notes("N2")}}}
          C: {{union: {{v: {{type: int, {notes("n")}}}}}, {notes("N3")}}}
          D: {{alias: int, {notes("N4")}}}
          E: {{newtype: int, {notes("N5")}}}
          P: partial<A>
        errors:
          F: {{status: aborted, fields: {{f: {{type: int, {notes("n")}}}}}, {notes("N6")}}}
        services:
          S:
            {{methods: {{m: {{params: {{p: {{type: int, {notes("n")}}}}}, {notes("n")}}}}},
            {notes("N7")}}}
        """)


def declared(package: Package) -> Iterator[Declared | Choice]:
    for name in "ABCDE":
        yield package.types[name]
    for type_ in package.types.values():
        match type_:
            case (
                Struct(fields=members) | Enum(values=members) | Union(variants=members)
            ):
                yield from members
    for error in package.errors.values():
        yield error
        yield from error.fields
    for service in package.services.values():
        yield service
        for method in service.methods:
            yield method
            yield from method.params


def test_notes_are_kept_everywhere(noted: Package) -> None:
    found = [*declared(noted)]

    assert len(found) == 5 + 4 + 2 + 3
    for one in found:
        assert (one.doc, one.deprecated, one.since) == ("D.", "Old.", "1.10")
        assert one.extensions == OWN
        assert one.code_name is not None
    assert noted.extensions == {"x-a": [1, {"b": None}]}


def test_an_example_keeps_its_own_keys() -> None:
    found = package(user="""
        services:
          S: {methods: {m: {examples: {e: {doc: D., x-a: [1, {b: null}], x-: c}}}}}
        """)
    (example,) = found.services["S"].methods[0].examples

    assert (example.doc, example.extensions) == ("D.", OWN)


@pytest.mark.parametrize(
    ("written", "number", "sensitive"),
    [
        ("int", None, False),
        ("{type: int, number: 1}", 1, False),
        ("{type: int, number: 0x10, sensitive: true}", 16, True),
        ("{type: int, number: 536870911, sensitive: false}", 536_870_911, False),
    ],
)
def test_numbers_and_secrets_of_members(
    written: str, number: int | None, sensitive: bool
) -> None:
    found = package(user=f"""
        types: {{A: {{fields: {{f: {written}}}}}, P: partial<A>, Q: 'pick<A, f>'}}
        errors: {{E: {{status: aborted, fields: {{f: {written}}}}}}}
        services: {{S: {{methods: {{m: {{params: {{f: {written}}}}}}}}}}}
        """)
    members: list[Field] = [*found.errors["E"].fields]
    members += found.services["S"].methods[0].params
    for name in "APQ":
        struct = found.types[name]
        assert isinstance(struct, Struct)
        members += struct.fields

    assert {(it.number, it.sensitive) for it in members} == {(number, sensitive)}


def test_numbers_of_values_and_variants() -> None:
    found = package(user="""
        types:
          A: {enum: {a: {number: 19000}, b: , c: {number: 2147483647}}}
          B: {union: {a: {number: 18999}, b: , c: {type: int, number: 20000}}}
        """)
    enum, union = found.types["A"], found.types["B"]

    assert isinstance(enum, Enum)
    assert isinstance(union, Union)
    assert [it.number for it in enum.values] == [19_000, None, 2_147_483_647]
    assert [it.number for it in union.variants] == [18_999, None, 20_000]


@pytest.mark.parametrize("version", ["1.10", "v2 (beta)", "2026-01-31", "0"])
def test_a_version_is_the_text_that_was_written(version: str) -> None:
    found = package(
        user=f"version: {version}\ntypes: {{A: {{alias: int, since: {version}}}}}"
    )

    assert found.version == version
    assert found.types["A"].since == version
