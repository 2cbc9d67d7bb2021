from __future__ import annotations

import pytest

from idlgen.model import Struct, Union
from tests.resolve.types_shown import outcome, package, show

SHAPES = """
    types:
      Circle: {fields: {radius: float, label: {type: string, default: round}}}
      Shape:
        union:
          circle: Circle
          square: {type: float, doc: Its side., since: '1.2', number: 3, x-old: true}
          maybe: string | null
          "": null
"""


def test_variants_are_kept_in_the_order_written() -> None:
    shape = package(user=SHAPES).types["Shape"]

    assert isinstance(shape, Union)
    assert [(v.text, show(v.type)) for v in shape.variants] == [
        ("circle", "user.Circle"),
        ("square", "float"),
        ("maybe", "string | null"),
        ("", "?"),
    ]
    assert shape.variants[3].type is None
    assert (shape.tag, shape.flat, shape.closed) == ("type", False, False)
    square = shape.variants[1]
    assert (square.doc, square.since, square.number) == ("Its side.", "1.2", 3)
    assert square.extensions == {"x-old": True}


def test_the_keys_of_a_union() -> None:
    shape = package(user="types: {U: {union: {a: null}, tag: kind, closed: true}}")
    union = shape.types["U"]

    assert isinstance(union, Union)
    assert (union.tag, union.flat, union.closed) == ("kind", False, True)


@pytest.mark.parametrize(
    ("union", "default", "value"),
    [
        ("{a: int}", "{type: a, value: 3}", {"type": "a", "value": 3}),
        ("{a: null}", "{type: a}", {"type": "a"}),
        ("{a: int | null}", "{value: null, type: a}", {"type": "a", "value": None}),
        (
            "{a: P}",
            "{type: a, value: {y: 1}}",
            {"type": "a", "value": {"y": 1, "z": 2}},
        ),
        ("{a: P}, flat: true", "{type: a, y: 1}", {"type": "a", "y": 1, "z": 2}),
        ("{a: P, b: null}, flat: true", "{type: b}", {"type": "b"}),
        ("{a: Q}, flat: true", "{type: a, kind: 3}", {"type": "a", "kind": 3}),
        ("{a: R}, flat: true", "{kind: 3, type: a}", {"type": "a", "kind": 3}),
        ("{a: int}, tag: t-g", "{t-g: a, value: 3}", {"t-g": "a", "value": 3}),
    ],
)
def test_a_value_is_written_as_on_the_wire(
    union: str, default: str, value: object
) -> None:
    found = package(user=f"""
        types:
          P: {{fields: {{y: int, z: {{type: int, default: 2}}}}}}
          Q: {{fields: {{type: {{type: int, wire: kind}}}}}}
          R: Q
          U: {{union: {union}}}
          S: {{fields: {{u: {{type: U, default: {default}}}}}}}
    """)

    struct = found.types["S"]
    assert isinstance(struct, Struct)
    assert struct.fields[0].default == value


@pytest.mark.parametrize(
    ("value", "message", "hint"),
    [
        ("3", "expected a map with `type`, found `3`", None),
        (
            "{value: 3}",
            "`U` needs the member `type`",
            "its variants are `number`, `none`",
        ),
        ("{type: numbr}", "`U` has no variant `numbr`", "did you mean `number`?"),
        (
            "{type: [a]}",
            "`U` has no variant a list",
            "its variants are `number`, `none`",
        ),
        ("{type: number}", "variant `number` needs the member `value`", None),
        ("{type: none, value: 3}", "variant `none` has no member `value`", None),
        (
            "{type: number, value: 1, valeu: 3}",
            "variant `number` has no member `valeu`",
            "did you mean `value`?",
        ),
        (
            "{type: number, value: x}",
            "expected an integer, found `x`",
            None,
        ),
    ],
)
def test_a_value_that_is_no_variant(value: str, message: str, hint: str | None) -> None:
    found = outcome(user=f"""
        types:
          U: {{union: {{number: int, none: null}}}}
          S: {{fields: {{u: {{type: U, default: {value}}}}}}}
    """)

    (fault,) = found.diagnostics
    assert (fault.code, fault.message, fault.hint) == ("IDL109", message, hint)


def test_a_member_of_a_flat_variant_that_is_not_there() -> None:
    found = outcome(user="""
        types:
          P: {fields: {y: int}}
          U: {union: {a: P}, flat: true}
          S: {fields: {u: {type: U, default: {type: a, z: 3}}}}
    """)

    assert [fault.message for fault in found.diagnostics] == [
        "`P` needs the field `y`",
        "`P` has no field `z`",
    ]


def test_a_union_recurs_through_itself() -> None:
    union = package(user="""
        types:
          Expr: {union: {literal: int, not: Expr, all: list<Expr>}}
    """).types["Expr"]

    assert isinstance(union, Union)
    assert [show(v.type) for v in union.variants] == [
        "int",
        "user.Expr",
        "list<user.Expr>",
    ]


@pytest.mark.parametrize("type_", ["set<U>", "map<U, int>", "partial<U>"])
def test_a_union_is_no_scalar_and_no_struct(type_: str) -> None:
    found = outcome(user=f"""
        types:
          U: {{union: {{a: null}}}}
          S: {{fields: {{u: '{type_}'}}}}
    """)

    assert [f.code for f in found.diagnostics] in (["IDL110"], ["IDL112"])
