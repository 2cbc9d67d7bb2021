"""Answers of a method without an example: made for its types, and for its params."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from msgspec import UNSET, Struct, structs

from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Unimplemented
from idlgen.runtime.fakes.echoes import Echoes
from idlgen.runtime.fakes.graph import Graph
from idlgen.runtime.fakes.limits import CannotMake
from idlgen.runtime.fakes.places import Place
from idlgen.runtime.fakes.values import Builder
from idlgen.runtime.validation.members import scan

T = TypeVar("T")

STREAMED = 3
"""How many items a made stream has."""


class Maker(Generic[T]):
    """Makes values of one type, which servers would accept as strictly as they can."""

    def __init__(self, annotation: object) -> None:
        self._codec: Codec[T] = Codec(annotation)
        self._graph = Graph(self._codec.node)
        self.node = self._codec.node

    def make(self, name: str = "value", number: int = 1) -> T:
        """Return a value, the `number`th of those that are called `name`.

        Raises:
            CannotMake: none was found that fits the type and its constraints.
        """
        value = Builder(self._graph).make(self.node, Place(name, number))
        try:
            return self.checked(value)
        except Refused as refused:
            problem = refused.problems[0]
            raise CannotMake(f"{problem.path}: {problem.message}") from None

    def checked(self, value: object) -> T:
        """Return the value as a server would read it.

        Raises:
            Refused: it does not fit the type.
        """
        fitting: Any = value
        source = self._codec.encode_checked(fitting)
        return self._codec.decode_strictly(source, scan(source.decode()).tree)


class MethodMaker(Generic[T]):
    """Makes what one method answers, its params where they have their place in it."""

    def __init__(self, method: Method[T]) -> None:
        self._method = method
        self._maker: Maker[T] = Maker(method.returns)
        self._echoes = Echoes(method, self._maker.node)

    @cached_property
    def _params(self) -> Codec[Struct]:
        return Codec(self._method.params)

    def decode_params(self, source: str) -> Struct:
        """Return the params of an example, written as JSON."""
        return self._params.decode(source.encode())

    def answer(self, params: Struct) -> T:
        """Return a result; of a method with pages it is the last one.

        Raises:
            Unimplemented: none was found; the text says where to add an example.
        """
        return self.echoing(self.last_page(self._made("result", 1)), params)

    def items(self, params: Struct) -> list[T]:
        """Return a few items of a result that is a stream.

        Raises:
            Unimplemented: as `answer`.
        """
        numbers = range(1, STREAMED + 1)
        return [self.echoing(self._made("item", n), params) for n in numbers]

    def echoing(self, result: T, params: Struct) -> T:
        """Return the result with the params' values in fields of their name and type.

        The fields of params that are structs count too. What would not fit is left.
        """
        for name, value in self._echoes.of(params):
            result = self._replaced(result, {name: value}) or result
        return result

    def last_page(self, result: T) -> T:
        """Return the page as one that no other follows; what is no page stays."""
        pagination = self._method.pagination
        if pagination is None:
            return result
        for nothing in (None, UNSET):
            last = self._replaced(result, {pagination.next: nothing})
            if last is not None:
                return last
        return result

    def empty_page(self, result: T) -> T:
        """Return the last page, without items where there may be none."""
        pagination = self._method.pagination
        last = self.last_page(result)
        if pagination is None:
            return last
        return self._replaced(last, {pagination.items: []}) or last

    def _replaced(self, result: T, changes: Mapping[str, object]) -> T | None:
        """Return the struct with other values, None where they do not fit."""
        if not isinstance(result, Struct):
            return None
        try:
            return self._maker.checked(structs.replace(result, **changes))
        except Refused:
            return None

    def _made(self, name: str, number: int) -> T:
        try:
            return self._maker.make(name, number)
        except CannotMake as failure:
            method = self._method
            raise Unimplemented(
                f"{method.name} has no example to answer with, and no value was made "
                f"that fits its type ({failure}): add an example under `examples` of "
                f"{method.short_name} in the schema"
            ) from None


_MAKERS: dict[Method[Any], MethodMaker[Any]] = {}


def method_maker(method: Method[T]) -> MethodMaker[T]:
    """Return the maker of the method, made once; methods live as long as their module."""
    maker = _MAKERS.get(method)
    if maker is None:
        maker = _MAKERS.setdefault(method, MethodMaker(method))
    return maker
