from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec
import pytest

Render = Callable[..., dict[str, str]]


@pytest.fixture
def types(
    render: Render, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Any]:
    """`types(text)`: the module types.py that the schema gives, imported."""

    def imported(text: str) -> ModuleType:
        path = tmp_path / "types_under_test.py"
        path.write_text(render(text)["types.py"], encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # msgspec looks annotations up in the module of the class.
        monkeypatch.setitem(sys.modules, path.stem, module)
        spec.loader.exec_module(module)
        return module

    return imported


def test_an_open_union_is_a_class_a_variant_and_one_for_the_unknown(
    render: Render,
) -> None:
    text = """
        types:
          User: {fields: {name: string}}
          UserEvent: {union: {created: User, deleted: int, purged: null}}
        """
    assert tail(render, text, "class UserEventCreated") == '''\
class UserEventCreated(
    Struct, frozen=True, kw_only=True, tag_field="type", tag="created"
):
    value: User


class UserEventDeleted(
    Struct, frozen=True, kw_only=True, tag_field="type", tag="deleted"
):
    value: Int53


class UserEventPurged(
    Struct, frozen=True, kw_only=True, tag_field="type", tag="purged"
):
    if TYPE_CHECKING:

        def __init__(self) -> None: ...


class UserEventUnknown(Unknown):
    """A variant of ``UserEvent`` that this code does not know."""


if TYPE_CHECKING:
    UserEvent: TypeAlias = (
        UserEventCreated | UserEventDeleted | UserEventPurged | UserEventUnknown
    )
else:
    UserEvent = UserEventUnknown.beside(
        UserEventCreated, UserEventDeleted, UserEventPurged
    )
'''


def test_a_closed_union_is_an_alias(render: Render) -> None:
    text = """
        types:
          Way: {union: {up: null, down: int | null}, closed: true, tag: to, doc: Where.}
        """
    assert tail(render, text) == '''\
class WayUp(Struct, frozen=True, kw_only=True, tag_field="to", tag="up"):
    if TYPE_CHECKING:

        def __init__(self) -> None: ...


class WayDown(Struct, frozen=True, kw_only=True, tag_field="to", tag="down"):
    value: Int53 | None


Way: TypeAlias = WayUp | WayDown
"""Where."""
'''


def test_a_union_of_one_variant_is_that_class(render: Render) -> None:
    text = """
        types:
          One: {union: {only: int}, closed: true}
        """
    assert tail(render, text, "\n\nOne") == "\n\nOne: TypeAlias = OneOnly\n"


def test_a_flat_union_has_the_fields_of_its_structs(render: Render) -> None:
    text = """
        types:
          Shape:
            flat: true
            closed: true
            union:
              circle: Circle
              box: {type: Box, doc: Has corners.}
              pair: Pair<string>
              none: null
          Circle:
            doc: Round.
            strict: true
            fields:
              radius: {type: float, min: 0, doc: Half of it.}
              label: {type: string?, sensitive: true}
              role: {type: Role, default: a}
          Box: Sized
          Sized: {doc: Big., fields: {class: int, of: Shape?}}
          Pair<T>: {fields: {left: T, right: list<T>}}
          Role: {enum: [a]}
        """
    types = render(text, line_length=120)["types.py"]
    start, end = types.index("@strict"), types.index("@strict\n@hides", 900)
    assert types[start:end] == '''\
@strict
@hides("label")
class ShapeCircle(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="circle"):
    """Round."""

    radius: Annotated[float, Meta(ge=0.0)]
    """Half of it."""
    label: str | None = None
    role: Role = field(default_factory=lambda: Role.A)


class ShapeBox(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="box"):
    """Has corners."""

    class_: Int53 = field(name="class")
    of: Shape | None = None


class ShapePair(Struct, frozen=True, kw_only=True, tag_field="type", tag="pair"):
    left: str
    right: list[str]


class ShapeNone(Struct, frozen=True, kw_only=True, tag_field="type", tag="none"):
    if TYPE_CHECKING:

        def __init__(self) -> None: ...


Shape: TypeAlias = ShapeCircle | ShapeBox | ShapePair | ShapeNone


'''


def test_docs_go_to_the_classes_and_to_the_name(render: Render) -> None:
    text = """
        types:
          Event:
            doc: What happens.
            since: 1.0
            deprecated: look elsewhere
            union:
              made: {type: int, doc: It was made., since: 1.1, deprecated: no more}
              gone: {type: null, doc: It is gone.}
        """
    types = render(text)["types.py"]
    assert '''tag="made"):
    """It was made.

    Since 1.1.

    Deprecated: no more
    """

    value: Int53
''' in types
    assert '''tag="gone"):
    """It is gone."""

    if TYPE_CHECKING:

        def __init__(self) -> None: ...


class''' in types
    assert '''EventGone | EventUnknown
    """What happens.

    Since 1.0.

    Deprecated: look elsewhere
    """
else:
''' in types


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        ("created", "EventCreated"),
        ("user-created", "EventUserCreated"),
        ("userCreated", "EventUserCreated"),
        ("USER_CREATED", "EventUserCreated"),
        ("HTTPError", "EventHttpError"),
        ("us-east-1", "EventUsEast1"),
        ("'3.1'", "EventV3_1"),
        ("'-1'", "EventMinus1"),
        ("''", "EventEmpty"),
        ("'*'", "EventAsterisk"),
        ("남", "Event남"),
        ("'None'", "EventNone"),
        ("class", "EventClass"),
        ('"a\\"b\\\\\\n\\u202e"', "EventAB"),
    ],
)
def test_any_text_has_a_class(render: Render, variant: str, name: str) -> None:
    text = f"types: {{Event: {{union: {{{variant}: null}}}}}}"
    assert f"class {name}(" in render(text, line_length=200)["types.py"]


def test_name_says_what_the_class_is_called(render: Render) -> None:
    text = """
        types:
          Event:
            name: happening
            union: {'*': {type: int, name: anyOther}}
        """
    types = render(text)["types.py"]
    assert 'tag="*"):' in types
    assert "class HappeningAnyOther(" in types
    assert "Happening = HappeningUnknown.beside(HappeningAnyOther)" in types


def test_a_tag_may_be_any_text(types: Callable[[str], Any]) -> None:
    module = types("""
        types:
          Event: {tag: "a \\"\\\\{{ x }}", union: {"q\\"\\\\u\\n": {type: int, name: odd}}}
        """)
    encoded = msgspec.json.encode(module.EventOdd(value=1))
    assert msgspec.json.decode(encoded) == {'a "\\{{ x }}': 'q"\\u\n', "value": 1}


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("Event", "{type: made, value: 3}", "EventMade(value=3)"),
        ("Event", "{type: gone}", "EventGone()"),
        ("Event", "{type: maybe, value: null}", "EventMaybe(value=None)"),
        (
            "Event",
            "{type: again, value: {type: a-b, value: [x]}}",
            "EventAgain(value=EventAB(value=[Role.X]))",
        ),
        ("list<Event>", "[{type: gone}]", "[EventGone()]"),
        ("map<Event>", "{a: {type: gone}}", '{"a": EventGone()}'),
        ("Alias", "{type: gone}", "EventGone()"),
        ("Event | null", "{type: gone}", "EventGone()"),
        (
            "Shape",
            "{kind: circle, radius: 1, class: 2}",
            "ShapeCircle(radius=1.0, class_=2, role=Role.X)",
        ),
        ("Shape", "{kind: none}", "ShapeNone()"),
        ("Shape", "{kind: page, items: [1]}", "ShapePage(items=[1])"),
    ],
)
def test_defaults_are_variants(
    render: Render, type_: str, value: str, expected: str
) -> None:
    text = f"""
        types:
          S: {{fields: {{a: {{type: {type_}, default: {value}}}}}}}
          Event:
            union: {{made: int, gone: null, maybe: int | null, again: Event, a-b: list<Role>}}
          Alias: Event
          Shape: {{flat: true, tag: kind, union: {{circle: C, none: null, page: Page<int>}}}}
          C: {{fields: {{radius: float, class: int, role: {{type: Role, default: x}}}}}}
          Page<T>: {{fields: {{items: list<T>}}}}
          Role: {{enum: [x]}}
        """
    types = render(text, line_length=200)["types.py"]
    assert f"field(default_factory=lambda: {expected})\n" in types


def test_what_names_a_union_comes_after_it(types: Callable[[str], Any]) -> None:
    module = types("""
        types:
          Events: list<Event>
          Maybe: {alias: Events | null}
          Shape: {flat: true, union: {circle: Circle}}
          Event: {union: {made: Events, again: Maybe}}
          Circle: {fields: {role: {type: Role, default: a}}}
          Role: {enum: [a]}
        """)
    assert get_args(module.Events) == (module.Event,)
    assert get_args(module.Maybe)[0] == module.Events
    assert module.ShapeCircle().role is module.Role.A


def test_unions_decode_wherever_a_type_may_stand(types: Callable[[str], Any]) -> None:
    module = types("""
        types:
          One: {union: {only: One | null}}
          Node: {union: {leaf: int, pair: list<Node>, named: map<Node>, page: Page<Node>}}
          Page<T>: {fields: {items: list<T>, next: T?}}
          All:
            fields:
              one: One
              list: list<Node>
              map: map<Node>
              null: Node | null
              maybe: Node?
              patch: (Node | null)?
              page: Page<Node>
        """)
    wire = {
        "one": {"type": "only", "value": {"type": "only", "value": None}},
        "list": [{"type": "pair", "value": [{"type": "leaf", "value": 1}]}],
        "map": {"a": {"type": "named", "value": {}}},
        "null": None,
        "maybe": {"type": "leaf", "value": 2},
        "patch": None,
        "page": {
            "items": [{"type": "leaf", "value": 3}],
            "next": {"type": "page", "value": {"items": []}},
        },
    }
    decoded = msgspec.json.decode(msgspec.json.encode(wire), type=module.All)
    leaf = module.NodeLeaf
    assert decoded == module.All(
        one=module.OneOnly(value=module.OneOnly(value=None)),
        list=[module.NodePair(value=[leaf(value=1)])],
        map={"a": module.NodeNamed(value={})},
        null=None,
        maybe=leaf(value=2),
        patch=None,
        page=module.Page(
            items=[leaf(value=3)], next=module.NodePage(value=module.Page(items=[]))
        ),
    )
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == wire


def tail(render: Render, text: str, start: str = "class ") -> str:
    types = render(text)["types.py"]
    return types[types.index(start) :]
