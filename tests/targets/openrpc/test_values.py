"""The schemas take what the runtime takes, and the calls that the examples show."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from idlgen.compiler import compile
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.validation.members import scan
from idlgen.targets.openrpc.target import OpenRpcTarget
from idlgen.targets.python.target import PythonTarget
from tests.property.openrpc_schemas import schema_validator
from tests.targets.openrpc.conftest import Document, parsed

SCHEMA = """
package: judged
types:
  Bool: bool
  Int: int
  Small: {alias: int32, min: 1, max: 9, multiple_of: 2}
  Big: int64
  Unsigned: uint64
  Share: {alias: float, exclusive_min: 0, exclusive_max: 1, multiple_of: 0.1}
  Price: decimal
  Code: {alias: string, pattern: '^[A-Z]{2}$'}
  Name: {alias: string, min_length: 1, max_length: 3}
  Blob: {alias: bytes, min_length: 1, max_length: 3}
  When: datetime
  Day: date
  Clock: time
  Span: duration
  Key: uuid
  Thing: any
  Tags: {alias: set<string>, max_items: 2}
  Stock: map<int, uint32>
  Hours: map<Weekday, list<bool | null>>
  Weekday: {enum: [mon, tue], closed: true}
  Role: {enum: [admin, member]}
  User: {fields: {name: Name, nick: string?, bio: string | null, role: {type: Role, default: member}, boss: User?}}
  Patch: partial<User>
  Strict: {strict: true, fields: {a: int32}}
  Page<T>: {fields: {items: list<T>, next: string?}}
  Users: Page<User>
  Event: {union: {made: User, named: string | null, gone: null}}
  Shape: {union: {circle: Circle, none: null}, flat: true, tag: kind, closed: true}
  Circle: {fields: {radius: float}}
services: {S: {methods: {go: }}}
"""
ADA = '{"name": "Ada", "bio": null}'

# What each type takes, and what it refuses.
VALUES: dict[str, tuple[list[str], list[str]]] = {
    "Bool": (["true", "false"], ["0", '"true"', "null"]),
    "Int": (
        ["0", "-1", "9007199254740991"],
        ["9007199254740992", "-9007199254740992", "1.5", '"1"', "true", "null"],
    ),
    "Small": (["2", "8"], ["0", "3", "10", "-2"]),
    "Big": (
        ["-9223372036854775808", "9223372036854775807", '"-7"', '"0"'],
        ["9223372036854775808", "1.5", '"+7"', '"07"', '"-"', '""', '"1\\n"', "null"],
    ),
    "Unsigned": (
        ["18446744073709551615", '"7"'],
        ["-1", '"-7"', "18446744073709551616"],
    ),
    "Share": (["0.3", "0.1"], ["0", "1", "0.35", '"0.3"']),
    "Price": (
        ['"1.50"', '"-7"', '"1E+5"', '"0.1e-3"'],
        ["1.5", '"1,5"', '".5"', '"5."', '"NaN"', '"Infinity"', '"1 "', '""'],
    ),
    "Code": (['"AB"'], ['"ab"', '"ABC"', '"AB\\n"', "7"]),
    "Name": (['"a"', '"👩👩👩"'], ['""', '"abcd"', "null"]),
    "Blob": (['"AA=="', '"AAAA"'], ['""', '"AAAAAAAA"', '"AA"', '"A==="', '"*AAA"']),
    "When": (
        ['"2026-01-31T12:30:00Z"', '"2026-01-31T12:30:00.5+09:00"'],
        ['"2026-01-31T12:30:00"', '"2026-01-31"', '"yesterday"', "0"],
    ),
    "Day": (
        ['"2026-01-31"'],
        ['"2026-1-31"', '"2026-01-31T00:00:00Z"', '"31.01.2026"'],
    ),
    "Clock": (
        ['"12:30:00"', '"23:59:59.25"', '"12:30:00+01:00"'],
        ['"24:00:00"', '"12:60:00"', '"12:30"', '"noon"'],
    ),
    "Span": (
        ['"PT1H30M"', '"P1DT0.5S"', '"-P1D"', '"PT1.5H"'],
        ['"P"', '"PT"', '"P1DT"', '"P1W"', '"P1Y"', '"PT1.5H1M"', '"1h"', "90"],
    ),
    "Key": (
        ['"00112233-4455-6677-8899-aabbccddeeff"'],
        ['"00112233"', '"00112233-4455-6677-8899-aabbccddeefg"'],
    ),
    "Thing": (["null", "{}", "[1, null]", '"x"'], []),
    "Tags": (["[]", '["a", "b"]'], ['["a", "a"]', '["a", "b", "c"]', '["a", 1]', "{}"]),
    "Stock": (
        ['{"7": 1, "-7": 0}', "{}"],
        ['{"x": 1}', '{"07": 1}', '{"7": -1}', "[]"],
    ),
    "Hours": (['{"mon": [true, null]}'], ['{"sun": []}', '{"mon": null}']),
    "Weekday": (['"mon"'], ['"sun"', "0"]),
    "Role": (['"admin"'], ["7", "null"]),
    "User": (
        [
            ADA,
            '{"name": "Ada", "bio": "x", "nick": null, "boss": {"name": "B", "bio": null}}',
            '{"name": "Ada", "bio": null, "role": "admin", "unknown": 7}',
        ],
        [
            "{}",
            '{"name": "Ada"}',
            '{"name": null, "bio": null}',
            '{"name": "Ada", "bio": null, "role": null}',
            '{"name": "Ada", "bio": null, "boss": {}}',
            "[]",
        ],
    ),
    "Patch": (
        ["{}", '{"bio": null, "nick": null}', '{"name": "Eve"}'],
        ['{"name": null}', '{"role": null}', '{"name": ""}'],
    ),
    "Strict": (['{"a": 1}'], ['{"a": 1, "b": 2}', "{}"]),
    "Users": ([f'{{"items": [{ADA}]}}'], ['{"items": [{}]}', '{"next": "1"}']),
    "Event": (
        [
            f'{{"type": "made", "value": {ADA}}}',
            '{"type": "named", "value": null}',
            '{"type": "gone"}',
        ],
        [
            '{"type": "made"}',
            '{"type": "made", "value": {}}',
            '{"type": "named"}',
            f'{{"value": {ADA}}}',
            '{"type": 7}',
            '"gone"',
        ],
    ),
    "Shape": (
        ['{"kind": "circle", "radius": 1.5}', '{"kind": "none"}'],
        ['{"kind": "circle"}', '{"kind": "square"}', '{"radius": 1.5}'],
    ),
}

# What a client keeps in answers, and a server refuses in requests.
NEWER = {"Role": '"owner"', "Event": '{"type": "moved", "value": 7}'}

# What JSON Schema cannot say of a text.
UNSEEN = {
    "Big": '"9223372036854775808"',
    "When": '"2026-02-31T12:30:00Z"',
    "Day": '"2026-02-31"',
    "Span": '"P9999999999999D"',
}


@pytest.fixture(scope="module")
def document() -> Document:
    path = PurePosixPath("judged.yaml")
    outcome = compile([path], lambda _: SCHEMA.encode(), [OpenRpcTarget({})])
    (file,) = outcome.files
    return parsed(file)


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module of the types that the schema makes."""
    folder = tmp_path_factory.mktemp("values")
    path = PurePosixPath("judged.yaml")
    outcome = compile([path], lambda _: SCHEMA.encode(), [PythonTarget({})])
    (file,) = (file for file in outcome.files if file.path == "judged/types.py")
    (folder / "openrpc_values.py").write_text(file.body, encoding="utf-8")
    sys.path.insert(0, str(folder))
    invalidate_caches()
    yield import_module("openrpc_values")
    sys.path.remove(str(folder))
    del sys.modules["openrpc_values"]


def schema_takes(document: Document, name: str, written: str) -> bool:
    schema = document["components"]["schemas"][f"judged.{name}"]
    return schema_validator(document, schema).is_valid(json.loads(written))


def server_takes(types: Any, name: str, written: str) -> bool:
    codec: Codec[Any] = Codec(getattr(types, name))
    try:
        codec.decode_strictly(written.encode(), scan(written).tree)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("name", VALUES)
def test_schemas_and_servers_judge_alike(
    name: str, document: Document, types: Any
) -> None:
    good, bad = VALUES[name]
    for verdict, listed in ((True, good), (False, bad)):
        for written in listed:
            assert schema_takes(document, name, written) is verdict, written
            assert server_takes(types, name, written) is verdict, written


@pytest.mark.parametrize("name", NEWER)
def test_open_means_open(name: str, document: Document, types: Any) -> None:
    written = NEWER[name]
    assert schema_takes(document, name, written)
    codec: Codec[Any] = Codec(getattr(types, name))
    kept = codec.encode(codec.decode(written.encode()))
    assert json.loads(kept) == json.loads(written)
    assert not server_takes(types, name, written)


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_schema_can_say_servers_refuse(
    name: str, document: Document, types: Any
) -> None:
    assert schema_takes(document, name, UNSEEN[name])
    assert not server_takes(types, name, UNSEEN[name])


def documents(root: Path) -> dict[str, Document]:
    paths = sorted((root / "schemas").glob("*.yaml"))
    outcome = compile(
        [PurePosixPath(path.as_posix()) for path in paths],
        lambda path: Path(path).read_bytes(),
        [OpenRpcTarget({})],
    )
    return {str(file.package): parsed(file) for file in outcome.files}


def test_examples_of_calls_fit(root: Path) -> None:
    calls = 0
    for document in documents(root).values():
        for method in document["methods"]:
            params = {param["name"]: param for param in method["params"]}
            required = {name for name in params if params[name]["required"]}
            for example in method.get("examples", []):
                calls += 1
                given = {param["name"]: param["value"] for param in example["params"]}
                assert required <= set(given) <= set(params)
                for name, value in given.items():
                    schema = params[name]["schema"]
                    schema_validator(document, schema).validate(value)
                schema = method["result"]["schema"]
                result = example["result"]["value"]
                schema_validator(document, schema).validate(result)
    assert calls >= 15


def test_defaults_and_examples_of_members_fit(root: Path) -> None:
    checked = 0
    for document in documents(root).values():
        schemas = [*document["components"]["schemas"].values()]
        members = [
            member
            for schema in schemas
            for member in schema.get("properties", {}).values()
        ]
        members += [
            param["schema"]
            for method in document["methods"]
            for param in method["params"]
        ]
        for member in members:
            values = [*member.get("examples", [])]
            values += [member["default"]] if "default" in member else []
            for value in values:
                checked += 1
                schema_validator(document, member).validate(value)
    assert checked >= 20
