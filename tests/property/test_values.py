"""Random values of random types survive JSON; random JSON is judged as JSON Schema judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, note, strategies as st

from idlgen.model import NamedType
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.validation.members import scan
from tests.property.apis import packages
from tests.property.building import SEEDS, Shelf, compiled, examples, importing
from tests.property.drawn import Drawn, Values
from tests.property.json_schemas import validator_of
from tests.property.mutations import mutated
from tests.property.python_values import PythonValues
from tests.property.schema_printer import print_schema


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("packages")
    with importing(folder):
        yield Shelf(folder)


@examples(40)
@given(packages(), SEEDS, st.data())
def test_a_value_is_decoded_as_it_was_encoded(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    text = print_schema(drawn, seed)
    note(text.decode())
    classes = shelf.put(drawn, text)
    values = PythonValues(drawn, classes)
    for name, annotation in classes.items():
        codec: Codec[Any] = Codec(annotation)
        for _ in range(3):
            value = data.draw(values.of(NamedType("pkg", name)))
            encoded = codec.encode_checked(value)
            assert codec.decode(encoded) == value
            assert codec.encode(codec.decode(encoded)) == encoded


@examples(40)
@given(packages(), SEEDS, st.data())
def test_json_of_the_model_is_accepted_and_written_again(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    text = print_schema(drawn, seed)
    note(text.decode())
    for name, annotation in shelf.put(drawn, text).items():
        codec: Codec[Any] = Codec(annotation)
        written = json.dumps(data.draw(drawn.values.of(NamedType("pkg", name))))
        value = codec.decode_strictly(written.encode(), scan(written).tree)
        encoded = codec.encode(value)
        assert codec.decode_strictly(encoded, scan(encoded.decode()).tree) == value


class Difference(NamedTuple):
    """A value on which idlgen and python-jsonschema rightly disagree, and why.

    It is always idlgen that refuses, with a problem that `refusal` matches.
    """

    reason: str
    type: str
    written: str
    refusal: str


DIFFERENCES = [
    Difference(
        "To JSON Schema 1.0 is an integer; a schema's integers are written as such.",
        "int",
        "1.0",
        r"^Expected `int`, got `float`$",
    ),
    Difference(
        "Likewise where integers are decoded by the runtime itself.",
        "int64",
        "1.0",
        r"^Expected `u?int64`, an integer from ",
    ),
    Difference(
        "Python's json reads a number that no float can hold as infinity.",
        "float",
        "1e400",
        r"^Number out of range$",
    ),
    Difference(
        "A set repeats a value whichever way it is written: as number or as text.",
        "set<int64>",
        '[1, "1"]',
        r"^Repeats `\$",
    ),
    Difference(
        "Likewise decimals, times and UUIDs, which have several texts.",
        "set<decimal>",
        '["1.0", "1"]',
        r"^Repeats `\$",
    ),
    Difference(
        r"Patterns are ECMAScript's: `\w` is ASCII. python-jsonschema asks Python's re.",
        r"{alias: string, pattern: '^\w+$'}",
        '"é"',
        r" matching regex ",
    ),
    Difference(
        "Likewise `$` is the end of the text, not a place before a last line end.",
        "{alias: string, pattern: '^a$'}",
        r'"a\n"',
        r" matching regex ",
    ),
    Difference(
        "Likewise `.` is none of ECMAScript's line ends.",
        "{alias: string, pattern: '^.$'}",
        r'"\u2028"',
        r" matching regex ",
    ),
]
"""What differs by intent; all else must agree."""


def refusals(codec: Codec[Any], written: str) -> list[str]:
    """Return what a server says against the JSON `written`: nothing if it takes it."""
    try:
        codec.decode_strictly(written.encode(), scan(written).tree)
    except Refused as refused:
        return [problem.message for problem in refused.problems]
    return []


def is_known(problems: list[str]) -> bool:
    """Whether each problem is one that JSON Schema cannot see."""
    known = re.compile("|".join(row.refusal for row in DIFFERENCES))
    return bool(problems) and all(known.search(problem) for problem in problems)


def as_json(value: object) -> str:
    return json.dumps(value).replace("Infinity", "1e400")


@examples(60)
@given(packages(), SEEDS, st.data())
def test_json_is_judged_as_by_json_schema(
    shelf: Shelf, drawn: Drawn, seed: int, data: st.DataObject
) -> None:
    random = Random(seed)
    text = print_schema(drawn, seed)
    note(text.decode())
    for name, annotation in shelf.put(drawn, text).items():
        codec: Codec[Any] = Codec(annotation)
        ref = NamedType("pkg", name)
        validator = validator_of(ref, drawn.package.types)
        value = data.draw(drawn.values.of(ref))
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
            problems = refusals(codec, written)
            if not is_known(problems):
                assert bool(problems) == bool(errors), (problems, errors)


@pytest.mark.parametrize(
    "row", DIFFERENCES, ids=lambda row: f"{row.type} {row.written}"
)
def test_each_difference_is_one(row: Difference, shelf: Shelf) -> None:
    text = f"package: pkg\ntypes:\n  T: {row.type}\n".encode()
    package = compiled(text, ["python"]).api.packages["pkg"]
    codec: Codec[Any] = Codec(
        shelf.put(Drawn(package, {}, Values(package.types, {})), text)["T"]
    )
    validator = validator_of(NamedType("pkg", "T"), package.types)

    problems = refusals(codec, row.written)

    assert validator.is_valid(json.loads(row.written))
    assert problems
    assert all(re.search(row.refusal, problem) for problem in problems)
