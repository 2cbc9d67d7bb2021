"""Random values of the kitchen sink's types go through a TypeScript client and come back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
import pytest
from hypothesis import given, note, strategies as st

from idlgen.model import Api, NamedType
from idlgen.runtime.codec import Codec, Refused
from tests.e2e.typescript.conftest import compiled, configured
from tests.property.building import Shelf, compiled as built, examples, importing, write
from tests.property.fitting_values import FittingValues
from tests.property.schema_printer import Schemas

HERE = Path(__file__).parent
ENTRY = PurePosixPath("schemas/echo.yaml")
IMPORTS = {
    "kitchen_sink": ("kitchen", "kitchen_sink.yaml"),
    "kitchen_sink.house": ("house", "kitchen/house.yaml"),
    "kitchen_sink.stores.pantry": ("pantry", "kitchen/pantry.yaml"),
}
INSTANCES = [
    "house.Page<pantry.Supply>",
    "house.Swap<kitchen.TicketId, list<kitchen.Ticket>>",
    "kitchen.DatedPage<kitchen.DishCard>",
    "kitchen.Section<kitchen.Weighed<kitchen.DishCode>>",
    "kitchen.Section<uint64>",
    "kitchen.Weighed<map<any>>",
    "partial<kitchen.Ingredient>",
    "partial<pantry.Supply>",
    "map<kitchen.Device>",
    "map<int64, set<uint64> | null>",
    "list<kitchen.TicketEvent>",
]
"""Generic and nameless types, each with arguments as methods of the kitchen give."""
ENDS = {
    NamedType("kitchen_sink", "TicketEvent"): "eaten",
    NamedType("kitchen_sink", "Device"): "unplugged",
    NamedType("kitchen_sink", "Instruction"): "wait",
    NamedType("kitchen_sink.stores.pantry", "Movement"): "moved",
}


def sources(root: Path, text: str = "") -> Schemas:
    """Return the kitchen's schemas, and as their entry one with `text`."""
    heading = "edition: 1\npackage: echo\nimports:\n"
    heading += "".join(f"  {name}: {path}\n" for name, path in IMPORTS.values())
    paths = [PurePosixPath("schemas") / path for _, path in IMPORTS.values()]
    files = {path: (root / path).read_bytes() for path in paths}
    if not text:
        return Schemas(tuple(paths), files)
    return Schemas((ENTRY,), {**files, ENTRY: (heading + text).encode()})


def expressions(api: Api) -> Iterator[str]:
    """Yield every type of the packages, the generic and the nameless by `INSTANCES`."""
    told = " ".join(INSTANCES)
    for package, (name, _) in IMPORTS.items():
        for declared in api.packages[package].types.values():
            if getattr(declared, "params", ()):
                assert f"{name}.{declared.name}<" in told
            elif declared.name.endswith("Partial"):
                assert f".{declared.name.removesuffix('Partial')}>" in told
            else:
                yield f"{name}.{declared.name}"
    yield from INSTANCES


def schema(types: dict[str, str]) -> str:
    """Return the rest of a schema whose methods take and return one type each."""
    lines = [
        "types:",
        *(f"  {name}: {{alias: '{each}'}}" for name, each in types.items()),
    ]
    lines += ["services:", "  Echo:", "    methods:"]
    lines += [f"      {n}: {{params: {{value: {n}}}, returns: {n}}}" for n in types]
    return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Echo:
    """A program that is given values, and the types of these."""

    types: dict[str, str]
    codecs: dict[str, Codec[object]]
    values: FittingValues
    input: IO[bytes]
    output: IO[bytes]

    def sent_back(self, name: str, encoded: bytes) -> msgspec.Raw | None:
        """Return the JSON that the client sends of what it has got.

        After a name with `?` the client compares it with the schema; None is sent of
        what does not fit.
        """
        self.input.write(b"%s %s\n" % (name.encode(), encoded))
        self.input.flush()
        line = self.output.readline()
        assert line, "the program has ended"
        said = msgspec.json.decode(line, type=Said)
        return None if said.problems else said.params.get("value", msgspec.Raw(b"null"))


class Said(msgspec.Struct):
    """A request, as far as it is looked at, or what is wrong with an answer."""

    params: dict[str, msgspec.Raw] = {}
    problems: list[object] = []


@pytest.fixture(scope="session")
def echo(
    tmp_path_factory: pytest.TempPathFactory, root: Path, node: str, tsc: str
) -> Iterator[Echo]:
    """The program, compiled once and started once."""
    api = built(sources(root), []).api
    types = {f"E{n}": each for n, each in enumerate(expressions(api))}
    schemas = sources(root, schema(types))
    folder = tmp_path_factory.mktemp("echo")
    outcome = built(schemas, ["typescript"])
    write(outcome.files, folder / "src", "generated", suffix=".ts")
    (folder / "src/round_trip.ts").write_bytes((HERE / "round_trip.ts").read_bytes())
    configured(folder, types=["node"], lib=["es2022"], outDir="dist", rootDir="src")
    compiled(node, tsc, folder)
    with importing(folder):
        classes = Shelf(folder).put(outcome.api, schemas)
        codecs = {
            each: Codec[object](classes[NamedType("echo", each)]) for each in types
        }
        values = FittingValues(outcome.api, classes, ENDS)
        command = [node, str(folder / "dist/round_trip.js")]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Echo(types, codecs, values, process.stdin, process.stdout)
            process.stdin.close()


@examples(25)
@given(st.data())
def test_values_come_back_as_they_went(echo: Echo, data: st.DataObject) -> None:
    for name, codec in echo.codecs.items():
        value = data.draw(echo.values.of(NamedType("echo", name)))
        encoded = codec.encode_checked(value)
        note(f"{echo.types[name]}: {encoded.decode()}")

        for asked in (name, f"{name}?"):
            again = echo.sent_back(asked, encoded)

            assert again is not None, f"{asked} was refused"
            note(f"came back: {bytes(again).decode()}")
            assert codec.decode(again) == value


@examples(25)
@given(st.data())
def test_both_languages_refuse_the_same(echo: Echo, data: st.DataObject) -> None:
    for name, codec in echo.codecs.items():
        value = data.draw(echo.values.of(NamedType("echo", name)))
        tree = data.draw(spoilt(msgspec.json.decode(codec.encode_checked(value))))
        encoded = msgspec.json.encode(tree)
        note(f"{echo.types[name]}: {encoded.decode()}")
        try:
            expected = codec.decode(encoded)
        except Refused:
            assert echo.sent_back(f"{name}?", encoded) is None
        else:
            again = echo.sent_back(f"{name}?", encoded)
            assert again is not None
            assert codec.decode(again) == expected


WRONG: list[object] = [None, True, "x", "", "1", -1, 0.5, 2**60 + 1, [], {}]


def spoilt(tree: object) -> st.SearchStrategy[object]:
    """JSON that is `tree` but for one place, where something else stands or nothing."""
    choices = [st.sampled_from(WRONG)]
    if isinstance(tree, list):
        choices += [_with(tree, at, item) for at, item in enumerate(tree)]
    elif isinstance(tree, dict):
        choices += [_with(tree, key, item) for key, item in tree.items()]
        choices += [
            st.just({name: item for name, item in tree.items() if name != key})
            for key in tree
        ]
    return st.one_of(choices[::-1])


def _with(
    tree: list[object] | dict[str, object], key: int | str, item: object
) -> st.SearchStrategy[object]:
    def changed(other: object) -> object:
        if isinstance(tree, list):
            return [other if at == key else each for at, each in enumerate(tree)]
        return {**tree, str(key): other}

    return spoilt(item).map(changed)
