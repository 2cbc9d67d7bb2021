"""Open enums: str enums that keep a text which the schema does not know."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Self

refuse_unknown: ContextVar[bool] = ContextVar("idlgen_refuse_unknown", default=False)
"""Whether a text that an open enum does not know is refused: while a request is read."""


class _Unrecognized:
    """Equal to every member that keeps an unknown text, for `case Role.UNRECOGNIZED`."""

    def __get__(self, instance: object, owner: type) -> Self:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpenEnum) and not other.is_recognized

    def __hash__(self) -> int:
        return id(self)


class OpenEnum(StrEnum):
    """The base of an enum that a later version of the schema may extend.

    `Role("owner")` is a member named `UNRECOGNIZED`, equal to `"owner"` and encoded as
    it. It is made anew each time, so that no peer can fill the memory with texts.
    """

    if not TYPE_CHECKING:
        # Generated enums declare it to type checkers as a member of their own.
        UNRECOGNIZED = _Unrecognized()

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or refuse_unknown.get():
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNRECOGNIZED"
        member._value_ = value
        return member

    @property
    def is_recognized(self) -> bool:
        """Whether the schema that this code was generated from knows the value."""
        return self._name_ != "UNRECOGNIZED"
