"""Values of one type to JSON and back: strict towards callers, lenient towards servers.

msgspec decodes and encodes. What it does not see (NaN, repeated members, sets that
repeat, bounds of 64-bit integers and of decimals) is looked for only where the type
needs it, which is decided once a type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct, inspect

from idlgen.runtime.enums import refuse_unknown
from idlgen.runtime.errors import Problem
from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.validation.finite import non_finite, number_branches
from idlgen.runtime.validation.limits import LimitedBranches
from idlgen.runtime.validation.problems import MAX_PROBLEMS, find_problems
from idlgen.runtime.validation.scalars import first_problem
from idlgen.runtime.validation.sets import (
    has_repeats,
    set_branches,
    with_sorted_sets,
)

T = TypeVar("T")

TOO_DEEP = Problem("$", "Nested too deeply")


class Refused(Exception):
    """A value is none of its type; `problems` is never empty."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems[0].message)


class Codec(Generic[T]):
    """The JSON of one type.

    Its faces differ in what they refuse: `decode` keeps what a newer peer may send,
    `decode_strictly` is for what a caller sends; `encode` trusts the value,
    `encode_checked` decodes what it wrote, for constructors check nothing.
    """

    def __init__(self, annotation: object) -> None:
        self.node = inspect.type_info(annotation)
        self._decoder: msgspec.json.Decoder[T] = _decoder(annotation)
        self._encoder = msgspec.json.Encoder()
        self._numbers = number_branches(self.node)
        self._sets = set_branches(self.node)
        self._limits = LimitedBranches(self.node)

    @property
    def outer_class(self) -> tuple[type, ...]:
        """The class of all values of a struct or container type, else nothing."""
        match self.node:
            case inspect.StructType():
                return (self.node.cls,)
            case inspect.ListType():
                return (list,)
            case inspect.DictType():
                return (dict,)
            case inspect.FrozenSetType():
                return (frozenset,)
            case _:
                return ()

    def decode(self, source: bytes | msgspec.Raw) -> T:
        """Return the value of the JSON `source`.

        Raises:
            Refused: it does not fit the type, or it is no JSON.
        """
        return self._decode(source, strictly=False)

    def decode_strictly(self, source: bytes | msgspec.Raw, tree: object) -> T:
        """Return the value; unknown values of open enums and repeats are refused too.

        `tree` is what `members.scan` returned for `source`.

        Raises:
            Refused: as `decode`.
        """
        token = refuse_unknown.set(True)
        try:
            value = self._decode(source, strictly=True)
        finally:
            refuse_unknown.reset(token)
        if self._sets and self._repeats(tree, value):
            raise Refused(self.explain(source, Problem("$", "A set repeats a value")))
        return value

    def _repeats(self, tree: object, value: T) -> bool:
        try:
            return has_repeats(self._sets, self.node, tree, value)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None

    def explain(
        self, source: bytes | msgspec.Raw, otherwise: Problem, *, strictly: bool = True
    ) -> list[Problem]:
        """Return all problems of `source`, or `otherwise` where the walk finds none."""
        try:
            text = bytes(source).decode()
        except UnicodeDecodeError:
            return [Problem("$", "Not UTF-8")]
        found = find_problems(text, self.node, refuse_unknown=strictly)
        return found or [otherwise]

    def encode(self, value: T) -> bytes:
        """Return the JSON of `value`, sets sorted by the text of their elements.

        Raises:
            Refused: it holds NaN, an infinity or what has no JSON at all.
        """
        try:
            if self._numbers:
                self._refuse_non_finite(value)
            if self._sets:
                ordered = with_sorted_sets(self._sets, self.node, value)
                return self._encoder.encode(ordered)
            return self._encoder.encode(value)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
            raise Refused([Problem(self._place(value), str(error))]) from error

    def encode_checked(self, value: T) -> bytes:
        """Return the JSON of `value` after decoding it again.

        Raises:
            Refused: as `encode`, and where the value does not fit the type.
        """
        encoded = self.encode(value)
        self.decode(encoded)
        return encoded

    def _decode(self, source: bytes | msgspec.Raw, *, strictly: bool) -> T:
        value = self._decode_shape(source, strictly=strictly)
        if self._limits and not self._keeps_limits(value):
            otherwise = Problem("$", "A value exceeds a limit")
            raise Refused(self.explain(source, otherwise, strictly=strictly))
        return value

    def _keeps_limits(self, value: T) -> bool:
        try:
            return self._limits.are_kept(self.node, value)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None

    def _decode_shape(self, source: bytes | msgspec.Raw, *, strictly: bool) -> T:
        try:
            return self._decoder.decode(source)
        except msgspec.ValidationError as error:
            first = first_problem(error)
            problems = self.explain(source, first, strictly=strictly)
            raise Refused(problems) from None
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        except (msgspec.MsgspecError, ValueError, TypeError) as error:
            raise Refused([Problem("$", str(error))]) from error

    def _refuse_non_finite(self, value: T) -> None:
        problems = []
        for problem in non_finite(self._numbers, self.node, value):
            problems.append(problem)
            if len(problems) == MAX_PROBLEMS:
                break
        if problems:
            raise Refused(problems)

    def _place(self, value: object) -> str:
        """Return the path of the first member that cannot be encoded by itself."""
        if isinstance(value, Struct) and isinstance(self.node, inspect.StructType):
            for field in self.node.fields:
                try:
                    self._encoder.encode(getattr(value, field.name, None))
                except (TypeError, ValueError, OverflowError, msgspec.MsgspecError):
                    return f"$.{field.encode_name}"
        return "$"


def _decoder(annotation: object) -> msgspec.json.Decoder[T]:
    decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(
        annotation, dec_hook=decode_scalar
    )
    return decoder
