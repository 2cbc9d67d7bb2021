"""References to types in words, with links to where they are told of."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.emit.markdown_text import code, paragraphs
from idlgen.model import (
    Api,
    Constraints,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    StreamType,
    TypeParam,
    TypeRef,
)
from idlgen.targets.docs.markdown_outline import Outline
from idlgen.targets.docs.paths import way
from idlgen.targets.tsdoc.constraints import constraint_sentence
from idlgen.targets.tsdoc.notation import qualified

ON_THE_WIRE = {
    Scalar.INT: "a whole number between −(2⁵³−1) and 2⁵³−1",
    Scalar.INT32: "a whole number of 32 bits",
    Scalar.UINT32: "a whole number of 32 bits, not negative",
    Scalar.INT64: "a whole number of 64 bits, to be read losslessly",
    Scalar.UINT64: "a whole number of 64 bits, not negative, to be read losslessly",
    Scalar.FLOAT: "a number; no NaN, no infinity",
    Scalar.FLOAT32: "a number of single precision; no NaN, no infinity",
    Scalar.DECIMAL: 'a decimal number as a string, such as `"12.50"`',
    Scalar.BYTES: "a string in base64",
    Scalar.DATETIME: "an RFC 3339 string with offset, such as `2026-01-31T12:30:00Z`",
    Scalar.DATE: "an ISO 8601 string, such as `2026-01-31`",
    Scalar.TIME: "an ISO 8601 string, such as `12:30:00`",
    Scalar.DURATION: "an ISO 8601 string, such as `PT1H30M`",
    Scalar.UUID: "a string such as `123e4567-e89b-12d3-a456-426614174000`",
    Scalar.ANY: "any JSON value",
}
"""What JSON carries for a scalar, where its name does not say it."""


class MarkdownTypes:
    """Writes types as they stand on the page of one package."""

    def __init__(self, api: Api, package: str, outline: Outline) -> None:
        self._api = api
        self._package = package
        self._outlines = {package: outline}
        self._prose: dict[TypeRef, str] = {}

    def prose(self, ref: TypeRef) -> str:
        """Return the type in words, such as `list of [Role](#role)`; fit for a cell."""
        known = self._prose.get(ref)
        if known is None:
            known = self._prose[ref] = self._in_words(ref)
        return known

    def link(self, ref: NamedType) -> str:
        """Return a link to a type or an error, on the page of its package."""
        outline = self._outlines.get(ref.package)
        if outline is None:
            outline = Outline(self._api.packages[ref.package])
            self._outlines[ref.package] = outline
        name = paragraphs(qualified(ref.package, ref.name, self._package))
        page = ""
        if ref.package != self._package:
            page = f"{way(self._package, ref.package)}.md"
        return f"[{name}]({page}#{outline.declarations[ref.name]})"

    def constraints(self, ref: TypeRef, constraints: Constraints) -> str:
        """Return the sentence of what narrows the values of a type, or ""."""
        return constraint_sentence(self._api, ref, constraints, code)

    def scalars(self) -> list[Scalar]:
        """Return the scalars that `prose` has met, in the order of the language."""
        return [each for each in Scalar if ScalarType(each) in self._prose]

    def _in_words(self, ref: TypeRef) -> str:
        match ref:
            case ScalarType(scalar):
                return scalar.value
            case NamedType(args=args):
                return f"{self.link(ref)}{self._args(args)}"
            case TypeParam(name):
                return paragraphs(name)
            case NullableType(inner):
                return f"{self.prose(inner)} or null"
            case ListType(element):
                return f"list of {self._part(element)}"
            case SetType(element):
                return f"set of {self._part(element)}"
            case StreamType(item):
                return f"stream of {self._part(item)}"
            case MapType(key, value):
                return f"map of {self.prose(key)} to {self._part(value)}"
        raise AssertionError(f"{ref} reached a target")

    def _args(self, args: Sequence[TypeRef]) -> str:
        """Return the arguments of a generic type, such as ` of [User](#user)`."""
        if len(args) == 1:
            return f" of {self._part(args[0])}"
        inside = map(self.prose, args)
        parts = [f"({part})" if " " in part else part for part in inside]
        return f" of {' and '.join(parts)}" if parts else ""

    def _part(self, ref: TypeRef) -> str:
        inside = self.prose(ref)
        return f"({inside})" if isinstance(ref, NullableType) else inside
