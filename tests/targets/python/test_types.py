from collections.abc import Callable
from textwrap import dedent

import pytest

Render = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a: bool", "a: bool"),
        ("a: int", "a: Int53"),
        ("a: int32", "a: Int32"),
        ("a: uint32", "a: UInt32"),
        ("a: int64", "a: Int64"),
        ("a: uint64", "a: UInt64"),
        ("a: float", "a: float"),
        ("a: float32", "a: Float32"),
        ("a: decimal", "a: FiniteDecimal"),
        ("a: string", "a: str"),
        ("a: bytes", "a: bytes"),
        ("a: datetime", "a: Annotated[datetime, Meta(tz=True)]"),
        ("a: date", "a: date"),
        ("a: time", "a: time"),
        ("a: duration", "a: timedelta"),
        ("a: uuid", "a: UUID"),
        ("a: any", "a: JsonValue"),
        ("a: list<int>", "a: list[Int53]"),
        ("a: set<string>", "a: frozenset[str]"),
        ("a: map<Role>", "a: dict[str, Role]"),
        ("a: 'map<int, list<Role | null>>'", "a: dict[Int53, list[Role | None]]"),
        ("a: string?", "a: str | None = None"),
        ("a: string | null", "a: str | None"),
        ("a: (string | null)?", "a: str | None | UnsetType = UNSET"),
        ("a: {type: int, default: 5}", "a: Int53 = 5"),
        ("a: {type: Role, default: a}", "a: Role = Role.A"),
        (
            "a: {type: list<Role>, default: [a]}",
            "a: list[Role] = field(default_factory=lambda: [Role.A])",
        ),
        ("userId: int", 'user_id: Int53 = field(name="userId")'),
        ("userId: int?", 'user_id: Int53 | None = field(default=None, name="userId")'),
        (
            "userId: {type: int, default: 5}",
            'user_id: Int53 = field(default=5, name="userId")',
        ),
        ("class: int", 'class_: Int53 = field(name="class")'),
        ("self: int", 'self_: Int53 = field(name="self")'),
        # A name that the class's annotations use would hide it from them.
        ("date: date", "date: _idl_date"),
        ("list: list<string>", "list: _idl_list[str]"),
        ("list: int", "list: Int53"),
        (
            "field: {type: list<int>, default: []}",
            "field: list[Int53] = _idl_field(default_factory=lambda: [])",
        ),
    ],
)
def test_each_kind_of_field(render: Render, field: str, expected: str) -> None:
    text = f"""
        types:
          Role: {{enum: [a, b]}}
          S:
            fields:
              {field}
        """
    types = render(text)["types.py"]
    lines = types[types.index("class S(") :].splitlines()
    assert lines[1] == f"    {expected}"


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("string", '"a\\"\\u202e"', "'a\"\\u202e'"),
        ("float", "1", "1.0"),
        ("float", "1.0e+22", "1e22"),
        ("uint64", "18446744073709551615", "18446744073709551615"),
        ("bool", "false", "False"),
        ("string | null", "null", "None"),
        ("any", "3", "3"),
        ("Id", "7", "Id(7)"),
        ("Alias", "7", "7"),
    ],
)
def test_a_plain_default_stands_as_it_is(
    render: Render, type_: str, value: str, expected: str
) -> None:
    assert f" = {expected}\n" in default(render, type_, value)


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("decimal", "'1.50'", 'Decimal("1.50")'),
        ("bytes", "aGVsbG8=", 'b"hello"'),
        ("date", "'2026-01-31'", 'date.fromisoformat("2026-01-31")'),
        ("time", "'12:30:00'", 'time.fromisoformat("12:30:00")'),
        ("duration", "1h30m", "timedelta(seconds=5400)"),
        ("duration", "0s", "timedelta(seconds=0)"),
        ("list<Id>", "[1, 2]", "[Id(1), Id(2)]"),
        ("set<string>", "[]", "frozenset(())"),
        ("set<string>", "[a]", 'frozenset({"a"})'),
        ("map<int>", "{a: 1}", '{"a": 1}'),
        ("'map<int, bool>'", "{'1': true}", "{1: True}"),
        ("'map<Id, bool>'", "{'1': true}", "{Id(1): True}"),
        ("'map<Role, bool>'", "{a-b: true}", "{Role.A_B: True}"),
        (
            "any",
            "{a: [1, null, x]}",
            'dict[str, JsonValue]({"a": [1, None, "x"]})',
        ),
        ("any | null", "[1, {}]", "list[JsonValue]([1, {}])"),
        ("Inner", "{type: x}", 'Inner(type_="x", roles=[Role.A_B])'),
        # What mypy does not find out by itself: it expects nothing of a choice.
        ("list<list<int>> | null", "[[]]", "list[list[int]]([[]])"),
        (
            "map<Inner | null> | null",
            "{a: null}",
            'dict[str, Inner | None]({"a": None})',
        ),
        ("list<Id> | null", "[1]", "[Id(1)]"),
        ("list<int | null> | null", "[]", "[]"),
        ("list<int | null>", "[null]", "[None]"),
    ],
)
def test_any_other_default_is_made_anew_each_time(
    render: Render, type_: str, value: str, expected: str
) -> None:
    assert f"default_factory=lambda: {expected})" in default(render, type_, value)


def default(render: Render, type_: str, value: str) -> str:
    text = f"""
        types:
          Role: {{enum: [a-b]}}
          Id: {{newtype: int}}
          Alias: {{alias: int}}
          Inner: {{fields: {{type: string, roles: {{type: list<Role>, default: [a-b]}}}}}}
          S: {{fields: {{a: {{type: {type_}, default: {value}}}}}}}
        """
    types = render(text, line_length=200)["types.py"]
    return types[types.index("class S(") :]


def test_optional_members_are_left_out_and_then_other_defaults_never_are(
    render: Render,
) -> None:
    text = """
        types:
          S: {fields: {a: int?, b: {type: int, default: 5}}}
        """
    assert tail(render, text) == """\
class S(Struct, frozen=True, kw_only=True, omit_defaults=True):
    a: Int53 | None = None
    b: Int53 = field(default_factory=lambda: 5)
"""


def test_docs_become_docstrings(render: Render) -> None:
    text = """
        types:
          S:
            doc: A thing.
            deprecated: use T
            fields: {a: {type: int, doc: 'Its "number"'}, b: {type: int, deprecated: old}}
        """
    assert tail(render, text) == '''\
class S(Struct, frozen=True, kw_only=True):
    """A thing.

    Deprecated: use T
    """

    a: Int53
    """Its "number" """
    b: Int53
    """Deprecated: old"""
'''


def test_enums_are_open_unless_closed(render: Render) -> None:
    text = """
        types:
          Role: {enum: {a-b: {doc: First.}, c: {}}}
          Day: {enum: [mon], closed: true}
        """
    assert tail(render, text) == '''\
class Role(OpenEnum):
    A_B = "a-b"
    """First."""
    C = "c"
    if TYPE_CHECKING:
        UNRECOGNIZED = ""


class Day(StrEnum):
    MON = "mon"
'''


def test_newtypes_are_constrained_at_run_time_only_where_they_must(
    render: Render,
) -> None:
    text = """
        types:
          Id: {newtype: int, doc: A number.}
          Slug: {newtype: string}
        """
    assert tail(render, text, "if TYPE") == '''\
if TYPE_CHECKING:
    Id = NewType("Id", int)
    """A number."""
else:
    Id = NewType("Id", Int53)

Slug = NewType("Slug", str)
'''


def test_a_patch_says_what_it_patches(render: Render) -> None:
    text = """
        types:
          User: {fields: {name: string, nick: string?}}
          Patch: {fields: {data: partial<User>}}
        """
    types = render(text)["types.py"]
    assert types[types.index("class UserPartial") :] == '''\
class UserPartial(Struct, frozen=True, kw_only=True):
    """A patch of ``User``: what is left UNSET stays as it is."""

    name: str | UnsetType = UNSET
    nick: str | None | UnsetType = UNSET
'''


def test_what_importing_evaluates_comes_after_what_it_needs(render: Render) -> None:
    text = """
        types:
          First: {fields: {role: {type: Role, default: a}, tree: Trees}}
          Trees: list<Branches>
          Branches: map<Tree>
          Tree: {fields: {trees: Trees}}
          Role: {enum: [a]}
        """
    namespace: dict[str, object] = {"__name__": "types_under_test"}
    exec(render(text)["types.py"], namespace)
    order = [
        n for n in namespace if n in ("First", "Trees", "Branches", "Tree", "Role")
    ]
    assert order == ["Role", "First", "Tree", "Branches", "Trees"]


def test_imports_give_way_to_types_of_the_same_name(render: Render) -> None:
    text = """
        types:
          Struct: {fields: {a: Meta, at: datetime}}
          Meta: {fields: {a: int}}
          None: {fields: {a: int?}}
        """
    types = render(text)["types.py"]
    assert "from msgspec import Meta as _idl_Meta\n" in types
    assert "from msgspec import Struct as _idl_Struct\n" in types
    assert (
        "class Struct(_idl_Struct, frozen=True, kw_only=True):\n    a: Meta\n" in types
    )
    assert "    at: Annotated[datetime, _idl_Meta(tz=True)]\n" in types
    assert "class None_(_idl_Struct, " in types


def test_imports_are_sorted_and_only_what_is_used(render: Render) -> None:
    text = """
        types:
          S: {fields: {a: datetime, b: uuid, c: int?, d: '(int | null)?', eF: decimal}}
          E: {enum: [a]}
        """
    types = render(text)["types.py"]
    head = types[: types.index("\n\n\nclass")]
    assert head == dedent('''\
        """Types of package ``user``."""

        from __future__ import annotations

        from datetime import datetime
        from typing import TYPE_CHECKING, Annotated
        from uuid import UUID

        from idlgen.runtime import FiniteDecimal, Int53, OpenEnum
        from msgspec import UNSET, Meta, Struct, UnsetType, field''')


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        ("doc: User accounts.", '"""Types of package ``user``: User accounts."""\n'),
        ("x-none: 1", '"""Types of package ``user``."""\n'),
        (
            'doc: "One.\\n\\nTwo."',
            '"""Types of package ``user``.\n\nOne.\n\nTwo.\n"""\n',
        ),
    ],
)
def test_the_module_says_what_the_package_is(
    render: Render, doc: str, expected: str
) -> None:
    assert render(f"{doc}\ntypes: {{A: string}}")["types.py"].startswith(expected)


def tail(render: Render, text: str, start: str = "class ") -> str:
    types = render(text)["types.py"]
    return types[types.index(start) :]
