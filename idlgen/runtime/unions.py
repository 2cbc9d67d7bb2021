'''Open unions: a variant that the schema does not know is kept as it was written.

A variant is a tagged struct. What the generator writes for an open union::

    class UserEventCreated(
        Struct, frozen=True, kw_only=True, tag_field="type", tag="created"
    ):
        value: User


    class UserEventPurged(                       # a variant without a payload
        Struct, frozen=True, kw_only=True, tag_field="type", tag="purged"
    ):
        pass


    class UserEventUnknown(Unknown):
        """A variant of ``UserEvent`` that this code does not know."""


    if TYPE_CHECKING:
        UserEvent: TypeAlias = UserEventCreated | UserEventPurged | UserEventUnknown
    else:
        UserEvent = UserEventUnknown.beside(UserEventCreated, UserEventPurged)

A closed union, of one variant or of many, is an alias and no more; a flat one has the
fields of its structs in the variants, with all that those say::

    class ShapeCircle(
        Struct, frozen=True, kw_only=True, tag_field="kind", tag="circle"
    ):
        radius: float
        label: str | None = None


    Shape: TypeAlias = ShapeCircle | ShapeSquare
'''

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

import msgspec
from msgspec import Raw, Struct

if TYPE_CHECKING:
    from idlgen.runtime.scalars import JsonValue

_UNKNOWN = "__idl_unknown__"


class Unknown:
    """A variant whose tag the schema does not know; each open union has its own class.

    `tag` is the variant's name and `raw` the whole object as plain JSON data, the tag
    included, made anew at each look. It is encoded as it was written, byte by byte:
    `raw` shows `1.10` as 1.1, but what is sent back still says 1.10.

    It is immutable and hashable, equal to one of the same class, tag and data, and can
    be pickled and matched: ``case UserEventUnknown(tag=tag)``. Its `repr` hides the
    data, for nobody here can know what of it is sensitive.
    """

    __slots__ = ("_json", "_tag")
    __match_args__ = ("tag", "raw")

    _json: bytes
    _tag: str

    def __init__(self, tag: str, raw: Mapping[str, JsonValue]) -> None:
        """Make a variant of one's own, as a test may want it.

        Raises:
            ValueError: `raw` does not have the tag, or holds NaN or an infinity.
            TypeError: `raw` is no JSON.
        """
        from idlgen.runtime.validation.finite import non_finite_in_any

        for problem in non_finite_in_any(raw):
            raise ValueError(f"{problem.path}: {problem.message}")
        if tag not in raw.values():
            raise ValueError(f"no member of the variant has its tag, {tag!r}")
        _fill(self, tag, msgspec.json.encode(raw))

    @classmethod
    def from_json(cls, tag: str, source: bytes) -> Self:
        """Return the variant that was written as `source`.

        Raises:
            ValueError: what stands in it has no place in `JsonValue`, as 1e400.
        """
        msgspec.json.decode(source)
        variant = cls.__new__(cls)
        _fill(variant, tag, source)
        return variant

    @classmethod
    def beside(cls, *variants: type[Struct]) -> Any:
        """Return the union of the known variants, open for what this class keeps."""
        for variant in variants:
            setattr(variant, _UNKNOWN, cls)
        return reduce(or_, variants)

    @property
    def tag(self) -> str:
        """The variant's name, as the peer wrote it."""
        return self._tag

    @property
    def raw(self) -> Mapping[str, JsonValue]:
        """The variant as plain JSON data: a dict that nobody else has."""
        value: dict[str, JsonValue] = msgspec.json.decode(self._json)
        return value

    def to_json(self) -> Raw:
        """Return the variant as it was written."""
        return Raw(self._json)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"immutable type: {type(self).__qualname__!r}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"immutable type: {type(self).__qualname__!r}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Unknown):
            return NotImplemented
        return self._tag == other._tag and (
            self._json == other._json or self.raw == other.raw
        )

    def __hash__(self) -> int:
        return hash((type(self), self._tag))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}(tag={self._tag!r})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(
        self,
    ) -> tuple[Callable[[str, bytes], Unknown], tuple[str, bytes]]:
        return type(self).from_json, (self._tag, self._json)


def _fill(variant: Unknown, tag: str, source: bytes) -> None:
    object.__setattr__(variant, "_tag", tag)
    object.__setattr__(variant, "_json", source)


def unknown_class(variant: type) -> type[Unknown] | None:
    """Return what keeps the unknown variants of the union that `variant` belongs to.

    It is None where the union is closed, and where the class is no variant.
    """
    kind: type[Unknown] | None = getattr(variant, _UNKNOWN, None)
    return kind


def encode_unknown(value: object) -> object:
    """Return what stands for `value` in JSON: the `enc_hook` of every JSON encoder.

    Raises:
        TypeError: it is no unknown variant, and nothing else needs the hook.
    """
    if isinstance(value, Unknown):
        return value.to_json()
    raise TypeError(
        f"Encoding objects of type {type(value).__qualname__} is unsupported"
    )


def plain_data(value: Struct) -> dict[str, JsonValue]:
    """Return the struct as plain JSON data, unknown variants as their own."""
    data: dict[str, JsonValue] = msgspec.to_builtins(value, enc_hook=_plain)
    return data


def _plain(value: object) -> object:
    return value.raw if isinstance(value, Unknown) else encode_unknown(value)
