from __future__ import annotations

import pytest

from idlgen.model import Presence, Struct
from tests.resolve.types_shown import outcome, package, shown_fields

GENERIC = """
    types:
      User: {fields: {id: int}}
      Page<T>: {fields: {items: list<T>, next: string?}}
      Pair<A, B>: {fields: {first: A, second: 'B | null', swapped: 'Pair<B, A>?'}}
"""
NEXT = "\n      "


def test_a_generic_struct_has_its_params_as_types() -> None:
    types = package(user=GENERIC).types
    page, pair = types["Page"], types["Pair"]

    assert isinstance(page, Struct)
    assert isinstance(pair, Struct)
    assert page.params == ("T",)
    assert pair.params == ("A", "B")
    assert shown_fields(page) == {"items": "list<T>", "next": "string"}
    assert shown_fields(pair) == {
        "first": "A",
        "second": "B | null",
        "swapped": "user.Pair<B, A>",
    }


@pytest.mark.parametrize(
    ("type_", "shown"),
    [
        ("Page<User>", "user.Page<user.User>"),
        ("Page<Page<int>>", "user.Page<user.Page<int>>"),
        ("Page<list<User>>", "user.Page<list<user.User>>"),
        ("Pair<int, Page<User>> | null", "user.Pair<int, user.Page<user.User>> | null"),
        ("map<Page<any>>", "map<string, user.Page<any>>"),
    ],
)
def test_arguments_are_types(type_: str, shown: str) -> None:
    types = package(user=f"{GENERIC}      S: {{fields: {{x: '{type_}'}}}}\n").types

    assert shown_fields(types["S"]) == {"x": shown}


@pytest.mark.parametrize(
    ("declared", "fields"),
    [
        ("{extends: Page<User>, fields: {total: int}}",
         {"items": "list<user.User>", "next": "string", "total": "int"}),
        ("pick<Pair<int, User>, first | second>",
         {"first": "int", "second": "user.User | null"}),
        ("omit<Users, next>", {"items": "list<user.User>"}),
        ("partial<Page<User>>",
         {"items": "list<user.User>", "next": "string | null"}),
    ],
)  # fmt: skip
def test_an_instance_gives_its_fields(declared: str, fields: dict[str, str]) -> None:
    types = package(
        user=f"{GENERIC}      Users: Page<User>\n      S: {declared}\n"
    ).types

    assert shown_fields(types["S"]) == fields


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ("P: partial<Page<User>>", "P"),
        ("P: partial<Page<User>>, Q: partial<Page<int>>", "P"),
        ("Users: Page<User>, P: partial<Users>, Q: partial<Page<User>>", "Q"),
        ("P: 'partial<Page<partial<User>>>', Q: partial<Page<User>>", "Q"),
    ],
)
def test_an_inline_partial_of_an_instance_is_the_declared_one(
    declared: str, named: str
) -> None:
    types = package(user=f"""{GENERIC}
      S: {{fields: {{x: partial<Page<User>>}}}}
      {declared.replace(", ", NEXT)}
    """).types

    assert shown_fields(types["S"]) == {"x": f"user.{named}"}


def test_an_inline_partial_of_an_alias_of_an_instance_is_the_declared_one() -> None:
    types = package(user=f"""{GENERIC}
      Users: Page<User>
      P: partial<Users>
      S: {{fields: {{x: partial<Users>}}}}
    """).types

    assert shown_fields(types["S"]) == {"x": "user.P"}


def test_a_generic_struct_extends_one_with_its_own_param() -> None:
    types = package(
        user=f"{GENERIC}      Counted<E>: {{extends: Page<E>, fields: {{n: int}}}}\n"
    ).types

    counted = types["Counted"]
    assert isinstance(counted, Struct)
    assert counted.params == ("E",)
    assert shown_fields(counted)["items"] == "list<E>"


def test_values_fit_the_instance() -> None:
    types = package(user=f"""{GENERIC}
      S:
        fields:
          page: {{type: Page<User>, default: {{items: [{{id: 3}}], next: more}}}}
          none: {{type: 'Pair<int, int>', default: {{first: 1, second: null}}}}
    """).types

    struct = types["S"]
    assert isinstance(struct, Struct)
    assert [field.default for field in struct.fields] == [
        {"items": [{"id": 3}], "next": "more"},
        {"first": 1, "second": None},
    ]


def test_a_default_that_holds_no_value_of_the_param_is_one_for_all() -> None:
    page = package(
        user="types: {P<T>: {fields: {items: {type: list<T>, default: []}}}}"
    ).types["P"]

    assert isinstance(page, Struct)
    assert page.fields[0].presence is Presence.DEFAULTED
    assert page.fields[0].default == []


@pytest.mark.parametrize(
    ("type_", "code", "message"),
    [
        ("Page", "IDL105", "`Page` takes 1 type argument, not 0"),
        ("Page<int, int>", "IDL105", "`Page` takes 1 type argument, not 2"),
        ("Pair<int>", "IDL105", "`Pair` takes 2 type arguments, not 1"),
        ("User<int>", "IDL105", "`User` takes no type arguments"),
        ("Page<int | null>", "IDL105", "a type argument cannot be nullable"),
        ("Page<Maybe>", "IDL105", "a type argument cannot be nullable"),
        ("Page<stream<int>>", "IDL124",
         "a stream may stand only as the whole type of a param or a result"),
        ("Page<Usr>", "IDL102", "unknown type `Usr`"),
        ("T", "IDL102", "unknown type `T`"),
        ("partial<Page<int>>", "IDL112", "a `partial<...>` of `Page<...>` has no name here"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit(type_: str, code: str, message: str) -> None:
    found = outcome(user=f"""{GENERIC}
      Maybe: User | null
      S: {{fields: {{x: '{type_}'}}}}
    """)

    assert [(f.code, f.message) for f in found.diagnostics] == [(code, message)]


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ("{x: {type: T, default: 3}}", "IDL109", "no value fits every `T`"),
        ("{x: {type: T, min: 3}}", "IDL119", "`min` does not apply to `T`"),
        ("{x: set<T>}", "IDL110", "`T` cannot be a set element"),
        ("{x: 'map<T, int>'}", "IDL110", "`T` cannot be a map key"),
        ("{x: T<int>}", "IDL105", "`T` takes no type arguments"),
    ],
)
def test_what_a_param_cannot_be(fields: str, code: str, message: str) -> None:
    found = outcome(user=f"types: {{Box<T>: {{fields: {fields}}}}}")

    assert [(f.code, f.message) for f in found.diagnostics] == [(code, message)]


@pytest.mark.parametrize("name", ["Box<User>", "'Box<A, A>'", "Box<Box>"])
def test_a_param_has_a_name_of_its_own(name: str) -> None:
    found = outcome(user=f"""
        types:
          User: {{fields: {{id: int}}}}
          {name}: {{fields: {{x: int}}}}
    """)

    assert [f.code for f in found.diagnostics] == ["IDL107"]
