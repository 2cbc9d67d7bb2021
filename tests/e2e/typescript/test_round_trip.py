"""Random values of every type of the kitchen sink, from Python to TypeScript and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from idlgen.compiler import compile
from idlgen.model import NamedType, Struct, TypeDeclaration
from idlgen.runtime import Method, asgi_app
from idlgen.runtime.codec import Codec
from tests.e2e.typescript.conftest import compiled, configured
from tests.property.building import examples
from tests.property.json_values import Values
from tests.runtime.contract.serving import serving

K, H, P = "kitchen_sink", "kitchen_sink.house", "kitchen_sink.stores.pantry"
IMPORTS = {K: "k", H: "h", P: "p"}
FILES = {
    "k": "kitchen_sink.yaml",
    "h": "kitchen/house.yaml",
    "p": "kitchen/pantry.yaml",
}
INSTANCES = [
    NamedType(K, "Section", (NamedType(K, "Leftover"),)),
    NamedType(K, "Weighed", (NamedType(K, "TicketId"),)),
    NamedType(K, "DatedPage", (NamedType(K, "DishCard"),)),
    NamedType(H, "Page", (NamedType(P, "Supply"),)),
    NamedType(H, "Swap", (NamedType(K, "DishCode"), NamedType(K, "Ticket"))),
]
INGREDIENTS = [
    {"name": "", "weight": 0.1, "organic": True, "supplier": None, "keeps": "P400DT1S"},
    {"name": "x", "weight": 1, "organic": False, "supplier": "y", "keeps": "P0D"},
]
DISH: Mapping[str, list[object]] = {
    "name": ["Борщ", "x" * 60],
    "ingredients": [INGREDIENTS[:1], INGREDIENTS],
    "spiciness": [0, 0.5, 1.0],
    "serves": [1, 12],
}
WITNESSES: Mapping[Any, list[Any]] = {
    NamedType(K, "TicketId"): [1, 2**53, 2**53 + 1, 2**63 - 1],
    NamedType(K, "DishCode"): ["SO-01", "BR-00"],
    NamedType(K, "ShelfNumber"): [0, 999],
    NamedType(K, "Price"): ["0", "9.50", "12345678901234567890.25"],
    NamedType(K, "Grams"): [0.1, 1, 99999.99999999999],
    NamedType(K, "Steps"): [["peel"], ["", "boil"]],
    NamedType(K, "Photo"): ["AA==", "AAECAwQ="],
    **{
        (NamedType(K, owner), field): values
        for owner in ("Dish", "DishDraft", "DishPatch", "TastingDish")
        for field, values in DISH.items()
    },
    (NamedType(K, "TastingDish"), "position"): [1, 2**32 - 1],
    (NamedType(K, "Ticket"), "lines"): [{"SO-01": 0}, {"BR-00": 2**32 - 1}],
    (NamedType(K, "Sink"), "drift"): [0, -(2**31) + 3],
    (NamedType(H, "Money"), "amount"): ["0", "-0.01", "9007199254740993.25"],
}
ENDS = {
    NamedType(K, "TicketEvent"): "eaten",
    NamedType(K, "Device"): "unplugged",
    NamedType(K, "Instruction"): "do",
    NamedType(P, "Movement"): "moved",
}


@pytest.fixture(scope="module")
def declared(root: Path) -> Mapping[NamedType, TypeDeclaration]:
    """Every type of the kitchen's packages, by its name without arguments."""
    schemas = root / "schemas"
    entry = PurePosixPath("kitchen_sink.yaml")
    outcome = compile([entry], lambda path: (schemas / path).read_bytes(), [])
    return {
        NamedType(package.name, name): each
        for package in outcome.api.packages.values()
        for name, each in package.types.items()
    }


@pytest.fixture(scope="module")
def echoed(declared: Mapping[NamedType, TypeDeclaration]) -> list[NamedType]:
    """What the methods `echo0`, `echo1` ... take and return."""
    # An inline partial has no name that a schema could say.
    plain = [
        ref
        for ref, each in declared.items()
        if not (isinstance(each, Struct) and each.params)
        and not ref.name.endswith("Partial")
    ]
    assert len(plain) > 30
    return [*plain, *INSTANCES]


def written(ref: NamedType) -> str:
    """Return the type as a schema writes it that imports the packages."""
    inside = ", ".join([written(arg) for arg in ref.args if isinstance(arg, NamedType)])
    name = f"{IMPORTS[ref.package]}.{ref.name}"
    return f"{name}<{inside}>" if inside else name


Send = Callable[[str, str], str]


@pytest.fixture(scope="module")
def folder(
    echoed: list[NamedType], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of Python's packages in `echoed`, and of TypeScript's in `src`."""
    folder = tmp_path_factory.mktemp("echoed")
    methods = {
        f"echo{number}": {"params": {"value": written(ref)}, "returns": written(ref)}
        for number, ref in enumerate(echoed)
    }
    (folder / "kitchen").mkdir()
    for path in FILES.values():
        (folder / path).write_bytes((root / "schemas" / path).read_bytes())
    schema = {"imports": FILES, "services": {"Echo": {"methods": methods}}}
    (folder / "echo.yaml").write_text(json.dumps(schema), "utf-8")
    for target, out in (("python", "echoed"), ("typescript", "src")):
        command = [sys.executable, "-m", "idlgen", "build", "echo.yaml"]
        done = subprocess.run(
            [*command, "--target", target, "--out", out],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def methods(folder: Path) -> Iterator[Mapping[str, Method[Any]]]:
    """The descriptors of Python, by the names of the methods."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        service = vars(import_module("echoed.echo._service"))["ECHO"]
        yield {method.bare_name: method for method in service.methods}


@pytest.fixture(scope="module")
def send(
    folder: Path, methods: Mapping[str, Method[Any]], root: Path, node: str, tsc: str
) -> Iterator[Send]:
    """`send(method, text)`: the JSON that TypeScript makes of the answer to its call."""
    configured(folder, types=[], lib=["es2022", "dom"], outDir="dist", rootDir="src")
    compiled(node, tsc, folder)
    interface = import_module("echoed.echo.server").Echo
    handlers = {each.handler: lambda self, value: value for each in methods.values()}
    app = asgi_app(type("Echoing", (interface,), handlers)())
    command = [node, str(root / "tests/node/echo.mjs")]
    pipe = subprocess.PIPE
    with (
        serving(app) as port,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as echo,
    ):
        assert echo.stdin is not None
        assert echo.stdout is not None
        begin = {"folder": str(folder / "dist"), "url": f"http://127.0.0.1:{port}/rpc"}
        print(json.dumps(begin), file=echo.stdin, flush=True)

        def send(method: str, text: str) -> str:
            assert echo.stdin is not None
            assert echo.stdout is not None
            print(json.dumps([method, text]), file=echo.stdin, flush=True)
            return echo.stdout.readline()

        yield send
        echo.stdin.close()


@examples(400)
@given(st.data())
def test_values_come_back_as_they_went(
    declared: Mapping[NamedType, TypeDeclaration],
    echoed: list[NamedType],
    methods: Mapping[str, Method[Any]],
    send: Send,
    data: st.DataObject,
) -> None:
    values = Values(declared, WITNESSES, ENDS)
    number = data.draw(st.integers(0, len(echoed) - 1))
    document = data.draw(values.of(echoed[number]))
    method = methods[f"echo{number}"]
    codec: Codec[Any] = Codec(method.returns)
    text = msgspec.json.encode(document)
    value = codec.decode(text)
    assert codec.decode(send(f"echo{number}", text.decode()).encode()) == value
