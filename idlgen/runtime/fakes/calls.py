"""The calls that a fake has answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from idlgen.runtime.descriptors import Method

Handler: TypeAlias = Callable[..., object]


class RecordedCall(NamedTuple):
    """A call that a fake answered: the method's full name and its params."""

    method: str
    params: Struct

    @property
    def keywords(self) -> Mapping[str, Any]:
        """The params by the names that the method's handler has for them."""
        return _keywords(self.params)


class RecordedStream(NamedTuple):
    """The same of a call with a stream, and the items that have come so far."""

    method: str
    params: Struct
    items: list[object]

    @property
    def keywords(self) -> Mapping[str, Any]:
        """The params by the names of the handler, but for the one that is a stream."""
        return _keywords(self.params)


Recorded: TypeAlias = RecordedCall | RecordedStream


class Calls(list[Recorded]):
    """All calls of a fake, the oldest first: a list, which may be cleared."""

    def __init__(self, find: Callable[[Handler | str], Method[Any]]) -> None:
        super().__init__()
        self._find = find

    def of(self, method: Handler | str) -> list[Recorded]:
        """Return the calls of one method: `calls.of("get_user_by_id")`.

        Raises:
            ValueError, TypeError: the fake has no such method.
        """
        name = self._find(method).name
        return [call for call in self if call.method == name]


def _keywords(params: Struct) -> Mapping[str, Any]:
    return {name: getattr(params, name) for name in params.__struct_fields__}
