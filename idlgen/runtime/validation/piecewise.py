"""Values decoded piece by piece, which leaves room for variants that nobody here knows.

msgspec refuses a whole value for one unknown variant. Then its pieces are decoded: what
msgspec takes as it is stays whole, what it refuses is taken apart as long as an open
union can stand inside. So the work is at most in proportion to the value's size times
the depth at which unknown variants stand, and that is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, inspect

from idlgen.runtime.scalars import decode_scalar
from idlgen.runtime.validation.annotations import annotation_of
from idlgen.runtime.validation.branches import Branches, present, struct_class
from idlgen.runtime.validation.variants import Variants, VariantTable

MAX_OPENED = 100_000
"""How many pieces are taken apart, unknown variants among them."""
MAX_DEPTH = 64


class PiecewiseDecoder:
    """Decodes values of one type; keeps the decoders that it makes for their pieces."""

    def __init__(self, root: inspect.Type, open_branches: Branches) -> None:
        self.root = root
        self.branches = open_branches
        self.variants = VariantTable()
        self.whole = _Decoders(annotation_of)
        self.members = _Decoders(self._members)
        self.elements = _Decoders(lambda node: annotation_of(node, element=Raw))

    def decode(self, source: bytes | Raw) -> Any:
        """Return the value of the JSON `source`, which msgspec refused as a whole.

        Raises:
            msgspec.DecodeError, ValueError: there is more wrong with it than unknown
                variants of open unions, or the bounds are hit.
            RecursionError: it is nested too deeply.
        """
        return _Reading(self).open(self.root, source, 0)

    def _members(self, node: inspect.Type) -> type[Struct]:
        """Return a twin of a struct, its members undecoded where unions may be open."""
        assert isinstance(node, inspect.StructType)
        fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
        for index, field in enumerate(node.fields):
            kind = Raw if field.type in self.branches else annotation_of(field.type)
            name = _member(index)
            fields.append((name, kind) if field.required else (name, kind, UNSET))
        return msgspec.defstruct(
            struct_class(node).__name__,
            fields,
            kw_only=True,
            tag_field=node.tag_field,
            tag=node.tag,
            rename={
                _member(index): field.encode_name
                for index, field in enumerate(node.fields)
            },
        )


class _Decoders:
    """The decoders of a graph's nodes, each made when it is first used."""

    def __init__(self, annotation: Callable[[inspect.Type], Any]) -> None:
        self._annotation = annotation
        self._made: dict[int, msgspec.json.Decoder[Any]] = {}

    def decode(self, node: inspect.Type, source: bytes | Raw) -> Any:
        decoder = self._made.get(id(node))
        if decoder is None:
            annotation = self._annotation(node)
            decoder = msgspec.json.Decoder(annotation, dec_hook=decode_scalar)
            self._made[id(node)] = decoder
        return decoder.decode(source)


class _Reading:
    """The decoding of one value."""

    def __init__(self, decoder: PiecewiseDecoder) -> None:
        self._decoder = decoder
        self._opened = 0

    def read(self, node: inspect.Type, source: Raw, depth: int) -> Any:
        """Return the value of a piece, which is taken apart only if it must be."""
        try:
            return self._decoder.whole.decode(node, source)
        except msgspec.ValidationError:
            if node not in self._decoder.branches:
                raise
        return self.open(node, source, depth + 1)

    def open(self, node: inspect.Type, source: bytes | Raw, depth: int) -> Any:
        """Return the value of a piece that msgspec refuses as a whole."""
        self._opened += 1
        if self._opened > MAX_OPENED or depth > MAX_DEPTH:
            raise msgspec.ValidationError("Too many or too deep unknown variants")
        node = present(node)
        variants = self._decoder.variants.of(node)
        if variants is not None:
            return self._open_union(variants, source, depth)
        match node:
            case inspect.StructType():
                return self._open_struct(node, source, depth)
            case inspect.ListType():
                items = self._decoder.elements.decode(node, source)
                return [self.read(node.item_type, item, depth) for item in items]
            case inspect.DictType():
                entries = self._decoder.elements.decode(node, source)
                return {
                    key: self.read(node.value_type, item, depth)
                    for key, item in entries.items()
                }
            case _:
                raise msgspec.ValidationError(f"{node!r} holds no open union")

    def _open_union(self, variants: Variants, source: bytes | Raw, depth: int) -> Any:
        tag = _tag(variants, source)
        variant = variants.by_tag.get(tag)
        if variant is not None:
            return self._open_struct(variant, source, depth)
        if variants.unknown is None:
            raise msgspec.ValidationError("Unknown variant")
        return variants.unknown.from_json(tag, bytes(source))

    def _open_struct(
        self, node: inspect.StructType, source: bytes | Raw, depth: int
    ) -> Any:
        members = self._decoder.members.decode(node, source)
        values: dict[str, Any] = {}
        for index, field in enumerate(node.fields):
            value = getattr(members, _member(index))
            if isinstance(value, Raw):
                value = self.read(field.type, value, depth)
            if value is not UNSET:
                values[field.name] = value
        return struct_class(node)(**values)


_OBJECT = msgspec.json.Decoder(dict[str, Raw])
_TEXT = msgspec.json.Decoder(str)


def _tag(variants: Variants, source: bytes | Raw) -> str:
    # No struct has it as a field: a tag's name may be one that msgspec refuses there.
    members = _OBJECT.decode(source)
    if variants.tag_field not in members:
        raise msgspec.ValidationError("The tag is missing")
    return _TEXT.decode(members[variants.tag_field])


def _member(index: int) -> str:
    # Names of their own, for those of the schema may be any.
    return f"member_{index}"
