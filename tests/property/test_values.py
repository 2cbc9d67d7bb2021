"""Random values of random types survive JSON; random JSON is judged as JSON Schema judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from random import Random
from typing import Any

import pytest
from hypothesis import given, note, strategies as st

from idlgen.model import NamedType
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.validation.members import scan
from tests.property.apis import apis
from tests.property.building import Shelf, compiled, examples, importing
from tests.property.differences import DIFFERENCES, Difference, is_known, repeats
from tests.property.drawing import SEEDS
from tests.property.drawn import Drawn
from tests.property.json_schemas import validator_of
from tests.property.mutations import mutated
from tests.property.newer_values import NewerValues
from tests.property.python_values import PythonValues
from tests.property.schema_printer import Schemas, print_schemas


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("packages")
    with importing(folder):
        yield Shelf(folder)


def put(
    shelf: Shelf, drawn: Drawn, seed: int, modules: str = "types"
) -> tuple[PythonValues, list[tuple[NamedType, Codec[Any]]]]:
    """Print, compile and import `drawn`; return its values and a codec for each type.

    Generic structs are not among them: their instances are, in the types that use them.
    """
    schemas = print_schemas(drawn, seed)
    note(str(schemas))
    classes = shelf.put(drawn.api, schemas, modules)
    codecs = [
        (name, Codec[Any](annotation))
        for name, annotation in classes.items()
        if not getattr(drawn.values.types[name], "params", ())
    ]
    return PythonValues(drawn, classes), codecs


@examples(40)
@given(apis(), SEEDS, st.data())
def test_a_value_is_decoded_as_it_was_encoded(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    values, codecs = put(shelf, drawn, seed, modules="*")
    for name, codec in codecs:
        for _ in range(3):
            value = data.draw(values.of(name))
            encoded = codec.encode_checked(value)
            assert codec.decode(encoded) == value
            assert codec.encode(codec.decode(encoded)) == encoded


@examples(40)
@given(apis(), SEEDS, st.data())
def test_json_of_the_model_is_accepted_and_written_again(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    for name, codec in put(shelf, drawn, seed)[1]:
        written = json.dumps(data.draw(drawn.values.of(name)))
        value = codec.decode_strictly(written.encode(), scan(written).tree)
        encoded = codec.encode(value)
        assert codec.decode_strictly(encoded, scan(encoded.decode()).tree) == value


@examples(40)
@given(apis(), SEEDS, st.data())
def test_what_nobody_knows_yet_is_kept_and_written_back(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    random = Random(seed)
    for name, codec in put(shelf, drawn, seed)[1]:
        value = codec.decode(json.dumps(data.draw(drawn.values.of(name))).encode())
        newer = NewerValues(drawn.values.types, random)
        written = json.dumps(newer.of(json.loads(codec.encode(value)), name))
        note(f"{name}: {written}")

        again = codec.encode(codec.decode(written.encode()))

        assert json.loads(again) == json.loads(written)
        assert bool(refusals(codec, written)) is bool(newer.changes)


def refusals(codec: Codec[Any], written: str, *, strict: bool = True) -> list[str]:
    """Return what a server or a client says against JSON: nothing if it takes it."""
    try:
        if strict:
            codec.decode_strictly(written.encode(), scan(written).tree)
        else:
            codec.decode(written.encode())
    except Refused as refused:
        return [problem.message for problem in refused.problems]
    return []


def as_json(value: object) -> str:
    return json.dumps(value).replace("Infinity", "1e400")


@pytest.mark.parametrize("strict", [True, False], ids=["server", "client"])
@examples(40)
@given(apis(), SEEDS, st.data())
def test_json_is_judged_as_by_json_schema(
    shelf: Shelf, strict: bool, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    random = Random(seed)
    for name, codec in put(shelf, drawn, seed)[1]:
        validator = validator_of(name, drawn.values.types, strict=strict)
        value = data.draw(drawn.values.of(name))
        for count in (0, 1, 1, 1, 1, 2, 2, 5):
            changed = value
            for _ in range(count):
                changed = mutated(changed, random)
            written = as_json(changed)
            if re.search(r"[eE][+-]?\d{5}", written):
                continue  # the validator's fractions would be as long
            note(f"{name}: {written}")
            errors = [
                error.message for error in validator.iter_errors(json.loads(written))
            ]
            problems = refusals(codec, written, strict=strict)
            if not strict and repeats(refusals(codec, written)):
                continue  # clients read a value once, and count those that are left
            if not is_known(problems):
                assert bool(problems) == bool(errors), (problems, errors)


@pytest.mark.parametrize(
    "row", DIFFERENCES, ids=lambda row: f"{row.type} {row.written}"
)
def test_each_difference_is_one(row: Difference, shelf: Shelf) -> None:
    path = PurePosixPath("pkg.yaml")
    schemas = Schemas((path,), {path: f"types:\n  T: {row.type}\n".encode()})
    api = compiled(schemas, ["python"]).api
    name = NamedType("pkg", "T")
    types = {name: api.declaration(name)}
    codec: Codec[Any] = Codec(shelf.put(api, schemas)[name])
    validator = validator_of(name, types, strict=True)

    problems = refusals(codec, row.written)

    assert validator.is_valid(json.loads(row.written))
    assert problems
    assert all(re.search(row.refusal, problem) for problem in problems)
