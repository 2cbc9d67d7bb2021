from __future__ import annotations

import pytest

from idlgen.model import NamedType, Struct
from tests.resolve.types_shown import outcome, package, show, shown_fields

COMMON = """
    package: acme.common
    types:
      Currency: {enum: [EUR, USD]}
      Money: {fields: {amount: decimal, currency: {type: Currency, default: EUR}}}
      Page<T>: {fields: {items: list<T>}}
      Price: Money
      Id: {alias: int, min: 1}
    errors:
      Busy: {status: unavailable}
"""


def test_types_and_errors_of_an_import_are_named_with_a_dot() -> None:
    found = package(
        order="""
        imports: {common: common.yaml}
        types:
          Order: {fields: {price: common.Money, by: 'map<common.Id, common.Page<Order>>'}}
        services:
          Orders:
            errors: [common.Busy]
            methods: {find: {params: {id: common.Id}, returns: common.Page<Order>}}
        """,
        common=COMMON,
    )

    assert found.imports == ("acme.common",)
    assert shown_fields(found.types["Order"]) == {
        "price": "acme.common.Money",
        "by": "map<acme.common.Id, acme.common.Page<order.Order>>",
    }
    (method,) = found.services["Orders"].methods
    assert show(method.returns) == "acme.common.Page<order.Order>"
    assert method.errors == (NamedType("acme.common", "Busy"),)


@pytest.mark.parametrize(
    ("declared", "fields"),
    [
        ("{extends: common.Money, fields: {id: int}}",
         {"amount": "decimal", "currency": "acme.common.Currency", "id": "int"}),
        ("pick<common.Price, amount>", {"amount": "decimal"}),
        ("partial<common.Money>",
         {"amount": "decimal", "currency": "acme.common.Currency"}),
        ("omit<common.Page<common.Money>, nothing>", None),
    ],
)  # fmt: skip
def test_structs_take_fields_of_imported_ones(
    declared: str, fields: dict[str, str] | None
) -> None:
    found = outcome(
        order=f"""
        imports: {{common: common.yaml}}
        types: {{S: '{declared}'}}
        """.replace("'{", "{").replace("}'", "}"),
        common=COMMON,
    )

    if fields is None:
        assert [f.code for f in found.diagnostics] == ["IDL122"]
    else:
        assert found.diagnostics == ()
        assert shown_fields(found.api.packages["order"].types["S"]) == fields


def test_an_inline_partial_of_an_imported_struct_belongs_to_its_user() -> None:
    found = package(
        order="""
        imports: {common: common.yaml}
        types: {S: {fields: {patch: partial<common.Money>}}}
        """,
        common=COMMON,
    )

    assert shown_fields(found.types["S"]) == {"patch": "order.MoneyPartial"}
    patch = found.types["MoneyPartial"]
    assert isinstance(patch, Struct)
    assert patch.partial_of == NamedType("acme.common", "Money")


def test_values_are_filled_in_with_defaults_of_imported_structs() -> None:
    found = package(
        order="""
        imports: {common: common.yaml}
        types:
          Order:
            fields:
              price: {type: common.Price, default: {amount: 1.50}}
              total: {type: common.Money, example: {amount: 2, currency: USD}}
        """,
        common=COMMON,
    )

    order = found.types["Order"]
    assert isinstance(order, Struct)
    assert order.fields[0].default == {"amount": "1.50", "currency": "EUR"}
    assert order.fields[1].example == {"amount": "2", "currency": "USD"}


def test_files_import_each_other() -> None:
    found = outcome(
        a="""
        imports: {b: b.yaml}
        types: {A: {fields: {b: 'b.B?'}}, Ids: list<b.Id>}
        """,
        b="""
        imports: {a: a.yaml}
        types: {B: {fields: {a: 'a.A?', ids: a.Ids}}, Id: int}
        """,
    )

    assert found.diagnostics == ()
    packages = found.api.packages
    assert [p.imports for p in packages.values()] == [("b",), ("a",)]
    assert shown_fields(packages["b"].types["B"]) == {"a": "a.A", "ids": "a.Ids"}


@pytest.mark.parametrize(
    ("a", "b", "code", "message"),
    [
        ("A: b.B", "B: list<a.A>", "IDL106",
         "alias `a.A` refers to itself: `a.A` → `b.B` → `a.A`"),
        ("A: {extends: b.B, fields: {}}", "B: {extends: a.A, fields: {}}", "IDL106",
         "`a.A` takes its fields from itself: `a.A` → `b.B` → `a.A`"),
        ("A: {fields: {b: b.B}}", "B: {fields: {a: a.A}}", "IDL108",
         "struct `A` can never be finite: it always holds another"),
        ("A<T>: {fields: {b: 'b.B<list<T>>?'}}", "B<T>: {fields: {a: 'a.A<T>?'}}", "IDL125",
         "the argument for `T` of `A` grows without end: `A<T>` → `B<T>` → `A<T>`"),
    ],
)  # fmt: skip
def test_cycles_are_found_across_files(a: str, b: str, code: str, message: str) -> None:
    found = outcome(
        a=f"imports: {{b: b.yaml}}\ntypes:\n  {a}\n",
        b=f"imports: {{a: a.yaml}}\ntypes:\n  {b}\n",
    )

    assert [(f.code, f.message) for f in found.diagnostics] == [(code, message)]


@pytest.mark.parametrize(
    ("type_", "message", "hint"),
    [
        ("common.Mony", "package `acme.common` has no type `Mony`",
         "did you mean `Money`?"),
        ("comon.Money", "nothing is imported as `comon`", "did you mean `common`?"),
        ("Money", "unknown type `Money`", "did you mean `common.Money`?"),
        ("common", "unknown type `common`",
         "write `common.` and the name of a type of that file"),
        ("common.sub.Money", "nothing is imported as `common.sub`",
         "did you mean `common`?"),
        ("common.Busy", "error `common.Busy` cannot be used as a type",
         "list it under `errors:` of a method, or declare a struct"),
    ],
)  # fmt: skip
def test_types_that_are_not_there(type_: str, message: str, hint: str | None) -> None:
    found = outcome(
        order=f"""
        imports: {{common: common.yaml}}
        types: {{S: {{fields: {{x: {type_}}}}}}}
        """,
        common=COMMON,
    )

    assert [(f.message, f.hint) for f in found.diagnostics] == [(message, hint)]


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        ("common.Bussy", "package `acme.common` has no error `Bussy`",
         "did you mean `Busy`?"),
        ("other.Busy", "nothing is imported as `other`", "add it under `imports:`"),
        ("common.Money", "package `acme.common` has no error `Money`", None),
        ("Busy", "unknown error `Busy`", "did you mean `common.Busy`?"),
    ],
)  # fmt: skip
def test_errors_that_are_not_there(error: str, message: str, hint: str | None) -> None:
    found = outcome(
        order=f"""
        imports: {{common: common.yaml}}
        services: {{S: {{errors: [{error}], methods: {{m: }}}}}}
        """,
        common=COMMON,
    )

    assert [(f.code, f.message, f.hint) for f in found.diagnostics] == [
        ("IDL113", message, hint)
    ]


def test_a_file_that_cannot_be_read_is_one_fault_however_often_it_is_used() -> None:
    found = outcome(order="""
        imports: {gone: gone.yaml}
        types: {S: {fields: {x: gone.A, y: list<gone.B>}}, T: {extends: gone.A, fields: {}}}
        services: {R: {errors: [gone.E], methods: {m: {returns: gone.Page<int>}}}}
    """)

    assert [f.message for f in found.diagnostics] == ["no such file: `gone.yaml`"]


def test_a_file_does_not_import_itself() -> None:
    found = outcome(user="imports: {me: user.yaml}\ntypes: {A: int}\n")

    assert [(f.code, f.message) for f in found.diagnostics] == [
        ("IDL107", "`me` imports the file that it stands in")
    ]


def test_one_file_is_imported_by_two_names() -> None:
    found = package(
        order="""
        imports: {common: common.yaml, money: ./common.yaml}
        types: {S: {fields: {a: common.Money, b: money.Money}}}
        """,
        common=COMMON,
    )

    assert found.imports == ("acme.common",)
    assert shown_fields(found.types["S"]) == {
        "a": "acme.common.Money",
        "b": "acme.common.Money",
    }
