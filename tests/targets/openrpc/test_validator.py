"""OpenRPC's own library accepts the documents, in one run for all of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.targets.openrpc.target import OpenRpcTarget
from tests.e2e.text_table import TEXTS
from tests.targets.docs.hostile_schema import schema
from tests.targets.openrpc.conftest import rendered

# Names that mean something to JavaScript, to JSON Schema or to OpenRPC.
NAMES = [
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "class",
    "_",
    "schema",
    "type",
    "properties",
    "required",
    "name",
    "params",
]
WIRE_NAMES = [
    "$ref",
    "$id",
    "$schema",
    "$comment",
    "definitions",
    "x-a",
    "",
    "a/b~c%",
    "\u202e",
]


def named() -> str:
    fields = [f"{name}: string" for name in NAMES]
    wired = [
        f"w{n}: {{type: S?, wire: {json.dumps(it)}}}"
        for n, it in enumerate(WIRE_NAMES)
        if it
    ]
    methods = [
        f"{name}: {{params: {{{name}: S}}, returns: {{type: S}}}}" for name in NAMES
    ]
    return f"""
package: named
types:
  S: {{fields: {{{', '.join([*fields, *wired])}}}}}
  Any: {{fields: {{a: {{type: any, example: {{$ref: nowhere, type: 7}}}}, b: {{type: any, default: {{$ref: '#'}}}}}}}}
  E: {{enum: [{', '.join(map(json.dumps, WIRE_NAMES))}]}}
services:
  constructor_: {{methods: {{{', '.join(methods)}}}}}
""".replace("constructor_", "Constructor")


def documents(root: Path) -> dict[str, str]:
    """Return documents by what they are made of."""
    paths = sorted((root / "schemas").glob("*.yaml"))
    outcome = compile(
        [PurePosixPath(path.as_posix()) for path in paths],
        lambda path: Path(path).read_bytes(),
        [OpenRpcTarget({"url": "http://127.0.0.1:8000/rpc"})],
    )
    found = {str(file.package): file.body for file in outcome.files}
    # As a key YAML takes no text of more than 1,024 characters.
    texts = {
        f"text: {name}": schema(text) for name, text in TEXTS.items() if len(text) < 100
    }
    for name, text in {**texts, "names": named()}.items():
        (file,) = rendered({"pkg.yaml": text}, {}).values()
        found[name] = file.body
    return found


@pytest.fixture(scope="module")
def judged(
    root: Path, openrpc: Sequence[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """What the library has against each document."""
    folder = tmp_path_factory.mktemp("openrpc")
    found = documents(root)
    found["broken"] = found["user"].replace('"paramStructure"', '"paramsStructure"')
    called = '"params": [\n            {\n              "name": "id",\n              "value": 1'
    found["wrong call"] = found["user"].replace(called, called.replace("1", '"one"'))
    paths = []
    for number, body in enumerate(found.values()):
        paths.append(folder / f"{number}.json")
        paths[-1].write_text("{" + body, encoding="utf-8")
    done = subprocess.run([*openrpc, *paths], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(found, json.loads(done.stdout), strict=True))


def test_it_has_nothing_against_ours(judged: dict[str, list[str]]) -> None:
    examples = {
        "user",
        "order",
        "database",
        "kitchen_sink",
        "kitchen_sink.stores.pantry",
    }
    assert examples < set(judged)
    complaints = {name: found for name, found in judged.items() if found}
    assert set(complaints) == {"broken", "wrong call"}, complaints
    assert "should NOT have additional properties" in complaints["broken"][0]
    assert "Expected param at key: id" in complaints["wrong call"][0]
