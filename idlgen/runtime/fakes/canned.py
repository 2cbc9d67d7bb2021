"""Examples of a schema as answers: verbatim where a call is theirs, else fitted to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from msgspec import UNSET, Raw, Struct, json

from idlgen.runtime.descriptors import Method
from idlgen.runtime.fakes.made import MethodMaker, method_maker
from idlgen.runtime.method_codec import method_codec

Result_co = TypeVar("Result_co", covariant=True)
T = TypeVar("T")


class CannedCall(Generic[Result_co]):
    """An example of the schema: the JSON of a method's params and of its result.

    `items` are those of the param that is a stream, as a list; so is `returns` where
    the result is one.
    """

    __slots__ = ("items", "method", "name", "params", "returns")

    def __init__(
        self,
        method: Method[Result_co],
        *,
        name: str,
        params: str,
        returns: str,
        items: str = "[]",
    ) -> None:
        self.method = method
        self.name = name
        self.params = params
        self.items = items
        self.returns = returns


class Canned(Generic[T]):
    """The answers to the calls of one method, where it has no examples made ones."""

    def __init__(self, method: Method[T], examples: Sequence[CannedCall[Any]]) -> None:
        self._method = method
        self._codec = method_codec(method)
        self._examples = [each for each in examples if each.method is method]

    @property
    def _maker(self) -> MethodMaker[T]:
        return method_maker(self._method)

    def answer(self, params: Struct, items: Sequence[object] | None = None) -> T:
        """Return the result of the example with these params, and with these items.

        Where none has the params it is the first example's, with what of the params has
        a place in it; of a method with pages the first one that has the cursor, and
        where none has it an empty last page. Without any example it is made.

        Raises:
            Unimplemented: there is no example, and nothing that fits was made.
        """
        if not self._examples:
            return self._maker.answer(params)
        same = self._same(params, items)
        if same is not None:
            return self._result(same.returns)
        cursor = self._cursor(params)
        for example in self._examples:
            if self._cursor(self._maker.decode_params(example.params)) == cursor:
                return self._maker.echoing(self._result(example.returns), params)
        first = self._maker.echoing(self._result(self._examples[0].returns), params)
        return self._maker.empty_page(first)

    def items(self, params: Struct) -> list[T]:
        """Return the items of a result that is a stream, found as `answer` finds it.

        Raises:
            Unimplemented: as `answer`.
        """
        if not self._examples:
            return self._maker.items(params)
        same = self._same(params, None)
        if same is not None:
            return self._items(same)
        items = self._items(self._examples[0])
        return [self._maker.echoing(item, params) for item in items]

    def _same(
        self, params: Struct, items: Sequence[object] | None
    ) -> CannedCall[Any] | None:
        has_params = self._codec.has_params
        same = [e for e in self._examples if has_params(e.params.encode(), params)]
        for example in same:
            if items is None or list(items) == self._sent(example):
                return example
        return same[0] if same else None

    def _cursor(self, params: Struct) -> object:
        pagination = self._method.pagination
        cursor = None if pagination is None else getattr(params, pagination.param)
        return None if cursor is UNSET else cursor

    def _result(self, source: str | Raw) -> T:
        raw = Raw(source.encode()) if isinstance(source, str) else source
        return self._codec.decode_result(raw)

    def _items(self, example: CannedCall[Any]) -> list[T]:
        return [self._result(item) for item in _raw_items(example.returns)]

    def _sent(self, example: CannedCall[Any]) -> list[object]:
        decode = self._codec.decode_sent_item
        return [decode(item) for item in _raw_items(example.items)]


def _raw_items(text: str) -> list[Raw]:
    return json.decode(text, type=list[Raw])
