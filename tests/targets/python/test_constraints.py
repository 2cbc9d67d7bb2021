from collections.abc import Callable
from typing import Any

import pytest

from idlgen.model import Constraints
from idlgen.targets.python.limits import Limits, both, limits_of

Render = Callable[..., dict[str, str]]

# What the fields of the tables below are made of.
TYPES = """
    types:
      UserId: {alias: int, min: 1}
      Even: {alias: UserId, exclusive_max: 100, multiple_of: 4}
      Email: {alias: string, pattern: '@', max_length: 320}
      Maybe: {alias: string | null, min_length: 1}
      Emails: {alias: list<Email>, min_items: 1}
      Tags: list<string>
      OrderId: {newtype: int, min: 1}
      Price: {newtype: decimal, min: '0.01'}
"""


def annotation(render: Render, field: str) -> str:
    text = f"{TYPES}      S: {{fields: {{a: {field}}}}}"
    types = render(text, line_length=300)["types.py"]
    return types[types.index("class S(") :].splitlines()[1].removeprefix("    a: ")


@pytest.mark.parametrize(
    ("constrained", "expected"),
    [
        (
            "string, min_length: 1, max_length: 9",
            "[str, Meta(min_length=1, max_length=9)]",
        ),
        (
            "string, pattern: '^\\d$'",
            r'[str, Meta(pattern="^[0-9]\\Z", extra={"written": "^\\d$"})]',
        ),
        ("string, pattern: '\"'", "[str, Meta(pattern='\"')]"),
        ("bytes, max_length: 4", "[bytes, Meta(max_length=4)]"),
        ("int, min: 1", "[int, Meta(ge=1, le=9007199254740991)]"),
        ("int, max: 9", "[int, Meta(ge=-9007199254740991, le=9)]"),
        ("int, min: 1, max: 9", "[int, Meta(ge=1, le=9)]"),
        ("int, exclusive_min: 1, exclusive_max: 9", "[int, Meta(gt=1, lt=9)]"),
        ("int, min: 3, exclusive_min: 2", "[int, Meta(ge=3, le=9007199254740991)]"),
        ("int, min: 2, exclusive_min: 2", "[int, Meta(gt=2, le=9007199254740991)]"),
        ("int, max: 3, exclusive_max: 3, min: 0", "[int, Meta(ge=0, lt=3)]"),
        ("int, multiple_of: 5", "[Int53, Meta(multiple_of=5)]"),
        (
            "int, multiple_of: 5, min: 0, max: 9",
            "[int, Meta(ge=0, le=9, multiple_of=5)]",
        ),
        ("int32, min: 0", "[int, Meta(ge=0, le=2147483647)]"),
        ("uint32, exclusive_min: 0", "[int, Meta(gt=0, le=4294967295)]"),
        ("float, min: 1, max: 1.0e+22", "[float, Meta(ge=1.0, le=1e22)]"),
        ("float, multiple_of: 0.1", '[float, Meta(extra={"multiple_of": 0.1})]'),
        (
            "float, exclusive_min: 0, multiple_of: 0.1",
            '[float, Meta(gt=0.0, extra={"multiple_of": 0.1})]',
        ),
        ("float32, max: 1", "[float, Meta(ge=-3.4028234663852886e38, le=1.0)]"),
        ("float32, multiple_of: 2", '[Float32, Meta(extra={"multiple_of": 2.0})]'),
        ("int64, min: 1", '[Int64, Meta(extra={"ge": 1})]'),
        (
            "uint64, exclusive_max: 18446744073709551615",
            '[UInt64, Meta(extra={"lt": 18446744073709551615})]',
        ),
        (
            "decimal, min: '0.10', multiple_of: '0.05'",
            '[FiniteDecimal, Meta(extra={"ge": "0.10", "multiple_of": "0.05"})]',
        ),
        ("list<string>, min_items: 1", "[list[str], Meta(min_length=1)]"),
        ("set<int>, max_items: 2", "[frozenset[Int53], Meta(max_length=2)]"),
        (
            "'map<Email, Price>', min_items: 1",
            "[dict[Email, Price], Meta(min_length=1)]",
        ),
        # msgspec takes each limit once, so those of aliases are drawn in.
        ("UserId, max: 9", "[int, Meta(ge=1, le=9)]"),
        ("UserId, min: 0", "[int, Meta(ge=1, le=9007199254740991)]"),
        (
            "Even, exclusive_max: 50, multiple_of: 6",
            "[int, Meta(ge=1, lt=50, multiple_of=12)]",
        ),
        ("Email, max_length: 9", '[str, Meta(max_length=9, pattern="@")]'),
        ("Emails, max_items: 9", "[list[Email], Meta(min_length=1, max_length=9)]"),
        ("Tags, max_items: 9", "[list[str], Meta(max_length=9)]"),
        ("list<Emails>, max_items: 9", "[list[Emails], Meta(max_length=9)]"),
        # A newtype has to stay for checkers; the runtime knows what narrows it.
        ("OrderId, min: 5", '[OrderId, Meta(extra={"narrowed": {"ge": 5}})]'),
        ("Price, max: '5'", '[Price, Meta(extra={"narrowed": {"le": "5"}})]'),
    ],
)
def test_each_constraint_of_each_type(
    render: Render, constrained: str, expected: str
) -> None:
    written = annotation(render, f"{{type: {constrained}}}")
    assert written == f"Annotated{expected}"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: string?, min_length: 1}", "%s | None = None"),
        ("{type: string | null, min_length: 1}", "%s | None"),
        ("{type: '(string | null)?', min_length: 1}", "%s | None | UnsetType = UNSET"),
        ("{type: Maybe, min_length: 1}", "%s | None"),
        ("{type: string, min_length: 1, default: a}", '%s = "a"'),
    ],
)
def test_what_may_be_absent_is_constrained_where_it_is_there(
    render: Render, field: str, expected: str
) -> None:
    inner = "Annotated[str, Meta(min_length=1)]"
    assert annotation(render, field) == expected % inner


def test_aliases_and_newtypes_say_what_constrains_them(render: Render) -> None:
    text = """
        types:
          UserId: {alias: int, min: 1}
          Small: {alias: UserId, max: 9}
          Maybe: {alias: string | null, min_length: 1}
          Price: {alias: decimal, min: '0'}
          OrderId: {newtype: UserId, multiple_of: 5}
          SubId: {newtype: OrderId, max: 100}
          Slug: {newtype: string, pattern: a}
        """
    types = render(text)["types.py"]
    assert types[types.index("UserId:") :] == """\
UserId: TypeAlias = Annotated[int, Meta(ge=1, le=9007199254740991)]
Small: TypeAlias = Annotated[int, Meta(ge=1, le=9)]
Maybe: TypeAlias = Annotated[str, Meta(min_length=1)] | None
Price: TypeAlias = Annotated[FiniteDecimal, Meta(extra={"ge": "0"})]

if TYPE_CHECKING:
    OrderId = NewType("OrderId", int)
else:
    OrderId = NewType(
        "OrderId", Annotated[int, Meta(ge=1, le=9007199254740991, multiple_of=5)]
    )

if TYPE_CHECKING:
    SubId = NewType("SubId", OrderId)
else:
    SubId = NewType("SubId", Annotated[int, Meta(ge=1, le=100, multiple_of=5)])

if TYPE_CHECKING:
    Slug = NewType("Slug", str)
else:
    Slug = NewType("Slug", Annotated[str, Meta(pattern="a")])
"""


def test_params_and_fields_of_errors_are_constrained_but_signatures_are_plain(
    render: Render,
) -> None:
    files = render("""
        types:
          Email: {alias: string, pattern: '@'}
        errors:
          Taken:
            status: already_exists
            fields: {email: {type: Email, max_length: 9}, count: {type: int64, min: 1}}
        services:
          Users:
            methods:
              find:
                params: {id: {type: int, min: 1}, email: {type: Email?, max_length: 9}}
                returns: list<Email>
        """)
    email = 'Annotated[str, Meta(max_length=9, pattern="@")]'
    assert (
        f"        email: {email}\n"
        '        count: Annotated[Int64, Meta(extra={"ge": 1})]\n'
    ) in files["errors.py"]
    assert "def __init__(self, *, email: types.Email, count: int) -> None:\n" in (
        files["errors.py"]
    )
    assert (
        "    id: Annotated[int, Meta(ge=1, le=9007199254740991)]\n"
        f"    email: {email} | None = None\n"
    ) in files["_service.py"]
    assert "    returns=list[types.Email],\n" in files["_service.py"]
    for module in ("client.py", "server.py", "testing.py"):
        assert "Meta" not in files[module]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"ge": 1}, {"ge": 2}, {"ge": 2}),
        ({"ge": 2}, {"gt": 2}, {"gt": 2}),
        ({"ge": 3}, {"gt": 2}, {"ge": 3}),
        ({"le": 2}, {"lt": 2}, {"lt": 2}),
        ({"le": 1}, {"lt": 2}, {"le": 1}),
        ({"ge": 1}, {"le": 2}, {"ge": 1, "le": 2}),
        # Nothing fits, which is not for a merger to hide.
        ({"ge": 5}, {"le": 2}, {"ge": 5, "le": 2}),
        ({"ge": "0.1"}, {"ge": "0.09"}, {"ge": "0.1"}),
        ({"multiple_of": 4}, {"multiple_of": 6}, {"multiple_of": 12}),
        ({"multiple_of": 0.5}, {"multiple_of": 0.2}, {"multiple_of": 1.0}),
        ({"multiple_of": "0.15"}, {"multiple_of": "0.1"}, {"multiple_of": "0.30"}),
        # More digits than Python's decimals keep unless they are told.
        (
            {"multiple_of": f"1.{'0' * 40}1"},
            {"multiple_of": f"2.{'0' * 40}2"},
            {"multiple_of": f"2.{'0' * 40}2"},
        ),
        ({"multiple_of": "1E+3"}, {"multiple_of": "70"}, {"multiple_of": "7000"}),
        ({"min_length": 1}, {"min_length": 2}, {"min_length": 2}),
        ({"max_length": 1}, {"max_length": 2}, {"max_length": 1}),
        ({"pattern": "a"}, {"pattern": "a"}, {"pattern": "a"}),
        (
            {"pattern": "a|b"},
            {"pattern": "c"},
            {"pattern": r"\A(?=[\s\S]*?(?:a|b))(?=[\s\S]*?(?:c))"},
        ),
    ],
)
def test_limits_of_two_types_are_drawn_together(
    first: dict[str, Any], second: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert both(Limits(**first), Limits(**second)) == Limits(**expected)


def test_no_length_is_beyond_what_msgspec_takes() -> None:
    huge = Constraints(min_length=2**70, max_items=2**70)
    assert limits_of(huge) == Limits(min_length=2**63 - 1, max_length=2**63 - 1)
