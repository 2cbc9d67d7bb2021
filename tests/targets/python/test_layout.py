from collections.abc import Callable, Sequence

import black
import pytest
from hypothesis import given, settings, strategies as st

from idlgen.targets.python.layout import Layout

MODE = black.Mode(line_length=88)
LAYOUT = Layout(88)
LENGTHS = range(1, 121)


def test_what_fits_stays_on_one_line() -> None:
    assert LAYOUT.statement("x: int = 1") == "x: int = 1"
    assert (
        LAYOUT.definition("def f(", ["self", "id: int"], ") -> None:")
        == "def f(self, id: int) -> None:"
    )


def test_what_does_not_fit_goes_inside_the_brackets_and_then_one_a_line() -> None:
    layout = Layout(40)
    params = ["self", "identifier: int", "*", "name: str"]
    assert layout.definition("def f(", params[:2], ") -> Resulting:") == (
        "def f(\n        self, identifier: int\n    ) -> Resulting:"
    )
    assert layout.definition("def f(", params, ") -> None:") == (
        "def f(\n"
        "        self,\n"
        "        identifier: int,\n"
        "        *,\n"
        "        name: str,\n"
        "    ) -> None:"
    )
    assert layout.statement("class Configuration(Struct, frozen=True):") == (
        "class Configuration(\n    Struct, frozen=True\n):"
    )


@pytest.mark.parametrize(
    "code",
    [
        "NAME: int",
        "x: NAME",
        "x: types.NAME",
        "x: list[NAME]",
        "x: dict[str, NAME]",
        "x: NAME | None = None",
        "NAME: str | None | UnsetType = UNSET",
        "x: list[dict[str, NAME]] | UnsetType = UNSET",
        'NAME: types.User = field(name="x")',
        'x: types.NAME = field(default=UNSET, name="x")',
        "x: NAME = field(default_factory=lambda: NAME())",
        "x: Page[NAME] = field(default_factory=lambda: Page[NAME, list[NAME]]())",
        "x = types.Page[NAME, types.Page[bool, NAME]]()",
        "self.NAME = types.Page[int]()",
        "x: list[NAME] = field(default_factory=lambda: list[NAME | None]([None]))",
        "x: dict[str, NAME] | None = field(default_factory=lambda: dict[str, NAME]({}))",
        "x: list[NAME] = field(default_factory=lambda: [NAME.A, NAME.B])",
        "x: dict[str, NAME] = field(default_factory=lambda: {NAME.A: 1, NAME.B: 2})",
        'x: Decimal = field(default_factory=lambda: Decimal("NAME"))',
        "x: Annotated[datetime, Meta(tz=True)] | UnsetType = NAME",
        "NAME: Annotated[str, Meta(min_length=1, max_length=100)]",
        'x: Annotated[str, Meta(pattern="NAME")] | None = None',
        'x: Annotated[str, Meta(pattern="NAME")] = field(default="a", name="x")',
        'x: Annotated[str, Meta(max_length=5, pattern="NAME")] | None | UnsetType = UNSET',
        'NAME: Annotated[NAME, Meta(extra={"narrowed": {"ge": 5}})] | None',
        'X: TypeAlias = Annotated[FiniteDecimal, Meta(extra={"ge": "NAME", "le": "5"})]',
        'X: TypeAlias = Annotated[str, Meta(pattern="NAME")] | None',
        "X: TypeAlias = Annotated[dict[NAME, list[NAME]], Meta(min_length=1)]",
        'X = NewType("X", Annotated[float, Meta(ge=-NAME, extra={"multiple_of": 0.1})])',
        "NAME: TypeAlias = Int53",
        "X: TypeAlias = NAME",
        "X: TypeAlias = dict[NAME, list[NAME | None]]",
        'NAME = NewType("NAME", Int53)',
        'NAME = "value"',
        'X = "NAME"',
        '_idl_name: ClassVar[str] = "NAME"',
        "self.NAME = NAME",
        "super().__init__(fields=self.Fields(NAME=NAME))",
        "super().__init__(fields=self.Fields(a=a, b=b, NAME=NAME))",
        'raise Unimplemented("NAME is not implemented")',
        '__all__ = ["NAME", "in_process"]',
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_black_leaves_statements_with_names_of_every_length(
    code: str, depth: int
) -> None:
    statements = [
        LAYOUT.statement(code.replace("NAME", "n" * n), depth) for n in LENGTHS
    ]
    assert_unchanged(nested(statements, depth))


@pytest.mark.parametrize(
    ("head", "params", "tail"),
    [
        ("def NAME(", ["self"], ") -> None:"),
        (
            "async def NAME(",
            ["self", "*", "options: Options | None = None"],
            ") -> int:",
        ),
        ("def f(", ["self", "NAME: int"], ") -> types.User:"),
        (
            "def f(",
            ["self", "x: NAME", "*", "y: list[NAME] | None = None"],
            ") -> None:",
        ),
        ("def f(", ["self", "x: dict[str, NAME | None]"], ") -> None:"),
        ("def f(", ["self"], ") -> NAME:"),
        ("def f(", ["self", "id: int"], ") -> NAME | Awaitable[NAME]:"),
        ("def f(", ["self"], ") -> dict[str, NAME] | Awaitable[dict[str, NAME]]: ..."),
        ("def f(", ["self", "id: int"], ") -> dict[str, NAME]: ..."),
        ("def NAME(", ["self", "NAME: NAME"], ") -> list[NAME | None]: ..."),
    ],
)
def test_black_leaves_signatures_with_names_of_every_length(
    head: str, params: Sequence[str], tail: str
) -> None:
    def signature(n: int) -> str:
        def long(text: str) -> str:
            return text.replace("NAME", "n" * n)

        written = LAYOUT.definition(long(head), [long(p) for p in params], long(tail))
        body = "" if tail.endswith("...") else "\n        pass"
        return f"    {written}{body}\n"

    assert_unchanged("class C:\n" + "\n".join(map(signature, LENGTHS)))


@pytest.mark.parametrize(
    ("write", "before", "after"),
    [
        (lambda n: LAYOUT.opening(f"X = Method[{n}]("), "", "    1,\n)\n"),
        (lambda n: LAYOUT.opening(f"{n} = Method[dict[str, {n}]]("), "", "    1,\n)\n"),
        (lambda n: LAYOUT.call(f"{n}(", [], "),", 1), "f(\n    1,\n    ", ")\n"),
        (lambda n: LAYOUT.call("g(", [f"{n}={n}"], "),", 1), "f(\n    1,\n    ", ")\n"),
        (
            lambda n: LAYOUT.call("g(", ["a=a", f"{n}={n}"], "),", 1),
            "f(\n    1,\n    ",
            ")\n",
        ),
        (lambda n: LAYOUT.item(f"errors=({n},),", 1), "f(\n    1,\n    ", ")\n"),
        (
            lambda n: LAYOUT.item(f"returns=dict[str, {n}],", 1),
            "f(\n    1,\n    ",
            ")\n",
        ),
        (
            lambda n: LAYOUT.item(
                f'defaults={{"a": lambda: [{n}], "b": lambda: 1}},', 1
            ),
            "f(\n    1,\n    ",
            ")\n",
        ),
        (lambda n: LAYOUT.imports("a", ["B", n]), "", ""),
    ],
)
def test_black_leaves_calls_and_imports_with_names_of_every_length(
    write: Callable[[str], str], before: str, after: str
) -> None:
    for block in ("n" * n for n in LENGTHS):
        assert_unchanged(f"{before}{write(block)}\n{after}")


names = st.integers(1, 100).map(lambda n: "n" * n)
annotations = st.recursive(
    names | names.map("types.{}".format),
    lambda inner: (
        inner.map("list[{}]".format)
        | st.tuples(inner, inner).map("dict[{0[0]}, {0[1]}]".format)
        | inner.map("{} | None".format)
        | st.tuples(inner, names).map(
            'Annotated[{0[0]}, Meta(pattern="{0[1]}")]'.format
        )
        | inner.map("Annotated[{}, Meta(ge=1, le=-5, multiple_of=2)]".format)
        | inner.map('Annotated[{}, Meta(extra={{"narrowed": {{"ge": 1}}}})]'.format)
        | inner.map("{} | None | UnsetType".format)
    ),
    max_leaves=4,
)
values = st.recursive(
    st.sampled_from(["1", "-5", "1e-22", "None"]) | names.map('"{}"'.format),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | inner.map('{{"key": {}}}'.format)
        | st.tuples(names, inner).map("types.X({0[0]}=1, b={0[1]})".format)
        | inner.map("frozenset({{{}}})".format)
    ),
    max_leaves=4,
)


@settings(max_examples=300)
@given(names, annotations, values, st.integers(0, 2))
def test_black_leaves_any_field_and_any_signature(
    name: str, annotation: str, value: str, depth: int
) -> None:
    field = f"{name}: {annotation} = field(default_factory=lambda: {value})"
    assert_unchanged(nested([LAYOUT.statement(field, depth)], depth))
    params = ["self", f"{name}: {annotation}", "*", f"b: {annotation} = None"]
    signature = LAYOUT.definition(f"def {name}(", params, f") -> {annotation}:")
    assert_unchanged(f"class C:\n    {signature}\n        pass\n")


def nested(statements: Sequence[str], depth: int) -> str:
    lines = [f"{'    ' * level}if x:" for level in range(depth)]
    lines += [f"{'    ' * depth}{statement}" for statement in statements]
    return "\n".join(lines) + "\n"


def assert_unchanged(source: str) -> None:
    assert black.format_str(source, mode=MODE) == source
