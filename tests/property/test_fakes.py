"""What fakes make fits the types and constraints of random schemas, as servers judge it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, note

from idlgen.runtime import Method, Service
from idlgen.runtime.codec import Codec
from idlgen.runtime.fakes.made import Maker, MethodMaker
from idlgen.runtime.validation.members import scan
from tests.property.apis import apis
from tests.property.building import Shelf, examples, importing
from tests.property.drawing import SEEDS
from tests.property.drawn import Drawn
from tests.property.schema_printer import print_schemas


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("packages")
    with importing(folder):
        yield Shelf(folder)


def accepted(annotation: object, value: Any) -> bytes:
    """Return the JSON of a value after servers and clients have taken it."""
    codec: Codec[Any] = Codec(annotation)
    source = codec.encode_checked(value)
    assert codec.decode(source) == value
    assert codec.decode_strictly(source, scan(source.decode()).tree) == value
    return source


@examples(30)
@given(apis(), SEEDS)
def test_every_type_has_a_value_that_both_sides_take(
    shelf: Shelf, drawn: Drawn, seed: int
) -> None:
    schemas = print_schemas(drawn, seed)
    note(str(schemas))
    for name, annotation in shelf.put(drawn.api, schemas).items():
        if getattr(drawn.values.types[name], "params", ()):
            continue
        note(str(name))
        first = accepted(annotation, Maker[Any](annotation).make())
        assert accepted(annotation, Maker[Any](annotation).make()) == first
        for number in (2, 3, 17):
            accepted(annotation, Maker[Any](annotation).make("it", number))


@examples(30)
@given(apis(), SEEDS)
def test_every_method_has_an_answer_to_what_it_may_be_asked(
    shelf: Shelf, drawn: Drawn, seed: int
) -> None:
    schemas = print_schemas(drawn, seed)
    note(str(schemas))
    if not shelf.put(drawn.api, schemas, modules="*"):
        return
    for method in methods(shelf.name):
        note(method.name)
        params = Maker[Any](method.params).make()
        maker = MethodMaker(method)
        answers = maker.items(params) if method.stream_result else []
        for answer in answers or [maker.answer(params)]:
            accepted(method.returns, answer)


def methods(root: str) -> Iterator[Method[Any]]:
    """Yield the methods of all services of imported packages."""
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{root}.") and name.endswith("._service"):
            for service in vars(module).values():
                if isinstance(service, Service):
                    yield from service.methods
