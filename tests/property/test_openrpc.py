"""Random packages are OpenRPC documents, whose schemas judge values as the runtime does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, note, strategies as st
from jsonschema import Draft7Validator

from idlgen.model import NamedType, Package
from idlgen.runtime.codec import Codec
from idlgen.targets.openrpc.document import document
from tests.property.apis import apis
from tests.property.building import Shelf, compiled, examples, importing
from tests.property.differences import is_known
from tests.property.drawing import SEEDS
from tests.property.drawn import Drawn
from tests.property.mutations import mutated
from tests.property.openrpc_schemas import Document, leaves, schema_validator
from tests.property.schema_printer import print_schemas
from tests.property.test_values import as_json, refusals

# What JSON Schema has no word for: calendars, bounds of texts, who reads what is open.
UNSEEN = re.compile(
    r"(Key `.*`: )?(Invalid RFC3339|Duration is out of range|Expected `u?int64`"
    r"|Expected `decimal` |Expected `bytes` of length"
    r"|Unknown value |Unknown name |Expected one of |Invalid enum value )"
    r"|Key `.*`: Expected `int` [<>]",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("packages")
    with importing(folder):
        yield Shelf(folder)


def references(value: object) -> Iterator[str]:
    """Yield where the references of a document lead."""
    yield from re.findall(r'\{"\$ref": "#/components/([^"]*)"\}', json.dumps(value))


@examples(100)
@given(apis(), SEEDS)
def test_every_package_is_a_document(drawn: Drawn, seed: int) -> None:
    schemas = print_schemas(drawn, seed)
    note(str(schemas))
    for file in compiled(schemas, ["openrpc"]).files:
        found = json.loads("{" + file.body)
        for schema in found["components"].get("schemas", {}).values():
            Draft7Validator.check_schema(schema)
        for reference in references(found):
            kind, name = reference.split("/")
            assert name in found["components"][kind]


def documents(drawn: Drawn) -> Iterator[tuple[Package, Document]]:
    for package in drawn.api.packages.values():
        yield package, document(drawn.api, package, None)


@examples(60)
@given(apis(), SEEDS, st.data())
def test_values_are_judged_as_by_servers(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    random = Random(seed)
    schemas = print_schemas(drawn, seed)
    note(str(schemas))
    classes = shelf.put(drawn.api, schemas)
    for package, found in documents(drawn):
        for key, schema in found["components"].get("schemas", {}).items():
            name = NamedType(package.name, key.removeprefix(f"{package.name}."))
            if name not in classes:
                continue
            codec: Codec[Any] = Codec(classes[name])
            validator = schema_validator(found, schema)
            value = data.draw(drawn.values.of(name))
            for count in (0, 1, 1, 1, 2, 5):
                changed = value
                for _ in range(count):
                    changed = mutated(changed, random)
                judge(codec, validator, as_json(changed))


def judge(codec: Codec[Any], validator: Draft7Validator, written: str) -> None:
    if re.search(r"[eE][+-]?\d{5}", written):
        return  # the validator's fractions would be as long
    note(written)
    errors = [*leaves(validator.iter_errors(json.loads(written)))]
    problems = refusals(codec, written)
    if not errors:
        unseen = [p for p in problems if not UNSEEN.match(p) and not is_known([p])]
        assert not unseen
    elif not problems:
        # A spelling that is read and never written.
        assert {error.validator for error in errors} & {"pattern", "format"}
        again = codec.encode(codec.decode(written.encode()))
        assert validator.is_valid(json.loads(again))
