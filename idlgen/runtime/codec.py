"""Values of one type to JSON and back: strict towards callers, lenient towards servers.

msgspec decodes and encodes. What it does not see (NaN, repeated members, sets that
repeat, bounds of 64-bit integers and of decimals, unknown members of strict structs) is
looked for only where the type needs it, which is decided once a type. Unknown variants
of open unions, which it refuses, are looked for only then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

import msgspec
from msgspec import inspect

from idlgen.runtime.encoder import Encoder
from idlgen.runtime.enums import refuse_unknown
from idlgen.runtime.errors import Problem
from idlgen.runtime.refusals import TOO_DEEP, NotFinite, Refused
from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.validation.branches import nodes
from idlgen.runtime.validation.findings import MAX_PROBLEMS
from idlgen.runtime.validation.limits import LimitedBranches
from idlgen.runtime.validation.piecewise import PiecewiseDecoder
from idlgen.runtime.validation.problems import find_problems
from idlgen.runtime.validation.scalars import first_problem
from idlgen.runtime.validation.sets import has_repeats, repeat_branches
from idlgen.runtime.validation.strict import StrictBranches
from idlgen.runtime.validation.variants import open_branches, outer_classes, ready_tags

__all__ = ["Codec", "Refused"]

T = TypeVar("T")

UNTOLD = Problem("$", "Does not fit its type")


class Codec(Generic[T]):
    """The JSON of one type.

    Its faces differ in what they refuse: `decode` keeps what a newer peer may send,
    `decode_strictly` is for what a caller sends; `encode` trusts the value,
    `encode_checked` decodes what it wrote, for constructors check nothing.
    """

    def __init__(self, annotation: object) -> None:
        self.node = inspect.type_info(annotation)
        ready_tags(self.node)
        self._decoder: msgspec.json.Decoder[T] = _decoder(annotation)
        self._encoder = Encoder(self.node)
        self.encode: Callable[[T], bytes] = self._encoder.encode
        """Returns the JSON of a value, sets sorted by the text of their elements.

        Raises `Refused` where it holds NaN, an infinity or what has no JSON at all.
        """
        self._limits = LimitedBranches(self.node) or None
        self._repeats = repeat_branches(self.node)
        self._strict = StrictBranches(self.node)
        self._looks_into_tree = bool(self._repeats) or bool(self._strict)
        self._secrets = self._repeats.has_secrets
        self._has_enums = any(
            isinstance(node, inspect.EnumType) for node in nodes(self.node)
        )
        unions = open_branches(self.node)
        self._piecewise = PiecewiseDecoder(self.node, unions) if unions else None

    @cached_property
    def outer_classes(self) -> tuple[type, ...]:
        """The classes of all values of a struct or container type, else nothing."""
        return outer_classes(self.node)

    @property
    def is_plain(self) -> bool:
        """Whether what msgspec takes fits the type, also as a part of another."""
        return self._limits is None

    def decode(self, source: bytes | msgspec.Raw) -> T:
        """Return the value of the JSON `source`.

        Raises:
            Refused: it does not fit the type, or it is no JSON.
        """
        return self._decode(source, strictly=False)

    def decode_strictly(self, source: bytes | msgspec.Raw, tree: object) -> T:
        """Return the value; what only a newer schema may know is refused too.

        So are repeats. `tree` is what `members.scan` returned for `source`.

        Raises:
            Refused: as `decode`.
        """
        if self._has_enums:
            value = self._decode_known(source)
        else:
            value = self._decode(source, strictly=True)
        if self._looks_into_tree:
            fault = self._fault(tree, value)
            if fault is not None:
                raise Refused(self.explain(source, Problem("$", fault)))
        return value

    def _decode_known(self, source: bytes | msgspec.Raw) -> T:
        """Return the value, in which no enum has a member that only others know."""
        token = refuse_unknown.set(True)
        try:
            return self._decode(source, strictly=True)
        finally:
            refuse_unknown.reset(token)

    def _fault(self, tree: object, value: T) -> str | None:
        """Return what is wrong with a request that msgspec takes, in a few words."""
        try:
            if has_repeats(self._repeats, self.node, tree, value):
                return "A set repeats a value, or a map a key"
            if not self._strict.are_kept(self.node, tree):
                return "A member is unknown, or a variant has no tag"
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        return None

    def explain(
        self, source: bytes | msgspec.Raw, otherwise: Problem, *, strictly: bool = True
    ) -> list[Problem]:
        """Return all problems of `source`, or `otherwise` where the walk finds none."""
        try:
            text = bytes(source).decode()
        except UnicodeDecodeError:
            return [Problem("$", "Not UTF-8")]
        found = find_problems(text, self.node, refuse_unknown=strictly)
        # What msgspec says may show a part of the value.
        return found or [UNTOLD if self._secrets else otherwise]

    def encode_checked(self, value: T) -> bytes:
        """Return the JSON of `value` after decoding it again.

        Raises:
            Refused: as `encode`, and where the value does not fit the type.
        """
        try:
            encoded = self._encoder.encode(value)
        except NotFinite as refused:
            raise Refused(self._with_others(refused.problems, value)) from None
        self._decode(encoded, strictly=False)
        return encoded

    def _with_others(self, problems: Sequence[Problem], value: T) -> list[Problem]:
        """Return the `problems` of numbers in `value`, and what else is wrong with it."""
        try:
            encoded = self._encoder.encode_unlooked(value)
        except Refused:
            return [*problems]
        told = {problem.path: problem for problem in problems}
        # A number that became null is refused for that, if null is.
        others = find_problems(encoded.decode(), self.node, refuse_unknown=False)
        found = [told.pop(problem.path, problem) for problem in others]
        return [*found, *told.values()][:MAX_PROBLEMS]

    def _decode(self, source: bytes | msgspec.Raw, *, strictly: bool) -> T:
        try:
            value = self._decoder.decode(source)
        except (
            msgspec.MsgspecError,
            ValueError,
            TypeError,
            RecursionError,
        ) as error:
            value = self._decode_otherwise(source, error, strictly=strictly)
        if self._limits is not None and not self._keeps_limits(self._limits, value):
            otherwise = Problem("$", "A value exceeds a limit")
            raise Refused(self.explain(source, otherwise, strictly=strictly))
        return value

    def _keeps_limits(self, limits: LimitedBranches, value: T) -> bool:
        try:
            return limits.are_kept(self.node, value)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None

    def _decode_otherwise(
        self, source: bytes | msgspec.Raw, error: Exception, *, strictly: bool
    ) -> T:
        """Return the value that msgspec refuses with the error, if the type takes it."""
        if isinstance(error, RecursionError):
            raise Refused([TOO_DEEP]) from None
        if not isinstance(error, msgspec.ValidationError):
            raise Refused([Problem("$", str(error))]) from error
        if self._piecewise is None or strictly:
            raise self._refused(source, error, strictly=strictly) from None
        return self._decode_piecewise(self._piecewise, source)

    def _decode_piecewise(
        self, decoder: PiecewiseDecoder, source: bytes | msgspec.Raw
    ) -> T:
        try:
            value: T = decoder.decode(source)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        except (msgspec.MsgspecError, ValueError) as error:
            raise self._refused(source, error, strictly=False) from None
        return value

    def _refused(
        self, source: bytes | msgspec.Raw, error: Exception, *, strictly: bool
    ) -> Refused:
        first = first_problem(error)
        return Refused(self.explain(source, first, strictly=strictly))


def _decoder(annotation: object) -> msgspec.json.Decoder[T]:
    decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(
        annotation, dec_hook=decode_scalar
    )
    return decoder
