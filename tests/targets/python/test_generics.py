from __future__ import annotations

from collections.abc import Callable

import pytest

Render = Callable[..., dict[str, str]]


def test_type_params_are_type_variables_once_a_module(render: Render) -> None:
    text = """
        types:
          Count: {alias: int}
          Page<T>: {doc: Some of many., fields: {items: list<T>, next: T?}}
          Pair<Left, T>: {fields: {left: Left, right: 'Page<T>', kids: 'map<Pair<Left, T>>'}}
          Some<None>: {fields: {none: None}}
        """
    assert tail(render, text, "from typing") == '''\
from typing import Generic, TypeAlias, TypeVar

from idlgen.runtime import Int53
from msgspec import Struct

T = TypeVar("T")
Left = TypeVar("Left")
None_ = TypeVar("None_")

Count: TypeAlias = Int53


class Page(Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """Some of many."""

    items: list[T]
    next: T | None = None


class Pair(Struct, Generic[Left, T], frozen=True, kw_only=True):
    left: Left
    right: Page[T]
    kids: dict[str, Pair[Left, T]]


class Some(Struct, Generic[None_], frozen=True, kw_only=True):
    none: None_
'''


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Page<User>", "Page[User]"),
        ("Page<datetime>", "Page[Annotated[datetime, Meta(tz=True)]]"),
        ("list<Page<list<int>>>", "list[Page[list[Int53]]]"),
        ("Page<Page<User>> | null", "Page[Page[User]] | None"),
        ("'Two<User, Event>?'", "Two[User, Event] | None = None"),
        ("UserPage", "UserPage"),
    ],
)
def test_arguments_stand_in_brackets(render: Render, type_: str, expected: str) -> None:
    text = f"""
        types:
          S: {{fields: {{a: {type_}}}}}
          Page<T>: {{fields: {{items: list<T>}}}}
          Two<K, V>: {{fields: {{key: K, value: V}}}}
          User: {{fields: {{name: string}}}}
          UserPage: Page<User>
          Event: {{union: {{made: User}}}}
        """
    types = render(text)["types.py"]
    lines = types[types.index("class S(") :].splitlines()
    assert lines[1] == f"    a: {expected}"


def test_an_alias_comes_after_what_it_fills_in(render: Render) -> None:
    text = """
        types:
          UserPages: Page<UserPage>
          UserPage: Page<User>
          Page<T>: {fields: {items: list<T>, role: {type: Role, default: a}}}
          User: {fields: {friends: UserPage}}
          Role: {enum: [a]}
        """
    namespace: dict[str, object] = {"__name__": "types_under_test"}
    exec(render(text)["types.py"], namespace)
    names = ("UserPages", "UserPage", "Page", "User", "Role")
    assert [n for n in namespace if n in names] == [
        "User",
        "Role",
        "Page",
        "UserPage",
        "UserPages",
    ]


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("Page<int>", "{items: [1]}", "Page[int](items=[1], rest=[])"),
        ("Page<Id>", "{items: [1]}", "Page[Id](items=[Id(1)], rest=[])"),
        (
            "Page<Page<date>>",
            "{items: [{items: []}]}",
            "Page[Page[date]](items=[Page[date](items=[], rest=[])], rest=[])",
        ),
        ("IdPage", "{items: [], rest: []}", "Page[Id](items=[], rest=[])"),
    ],
)
def test_defaults_say_of_what_they_are(
    render: Render, type_: str, value: str, expected: str
) -> None:
    text = f"""
        types:
          S: {{fields: {{a: {{type: {type_}, default: {value}}}}}}}
          Page<T>: {{fields: {{items: list<T>, rest: {{type: list<T>, default: []}}}}}}
          Id: {{newtype: int}}
          IdPage: Page<Id>
        """
    types = render(text, line_length=200)["types.py"]
    assert f"field(default_factory=lambda: {expected})\n" in types


def test_a_type_param_may_have_any_name(render: Render) -> None:
    text = """
        types:
          Page<Generic>: {fields: {items: list<Generic>}}
          Pair<TypeVar, Struct>: {fields: {a: TypeVar, b: Struct}}
        """
    types = render(text)["types.py"]
    assert 'Generic = _idl_TypeVar("Generic")\n' in types
    assert "class Pair(_idl_Struct, _idl_Generic[TypeVar, Struct], " in types
    compile(types, "types.py", "exec")


def tail(render: Render, text: str, start: str) -> str:
    types = render(text)["types.py"]
    return types[types.index(start) :]
