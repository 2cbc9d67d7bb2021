"""What the generated module calls a union's parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct as Record

from idlgen.model import Package, Struct, Union, Variant
from idlgen.targets.python.names import class_stem, type_name, variant_name


class VariantNames(Record, frozen=True):
    """A variant with the name of its class."""

    variant: Variant
    name: str


class UnionNames(Record, frozen=True):
    """A union with the names of its classes; a closed one has no `unknown`."""

    union: Union
    name: str
    unknown: str | None
    variants: Sequence[VariantNames]

    @property
    def classes(self) -> list[str]:
        """The names of all its classes, in the order of the variants."""
        known = [variant.name for variant in self.variants]
        return known if self.unknown is None else [*known, self.unknown]


def union_names(union: Union) -> UnionNames:
    """Return the names for `union`."""
    stem = class_stem(union.identifier)
    return UnionNames(
        union=union,
        name=type_name(union.identifier),
        unknown=None if union.closed else f"{stem}Unknown",
        variants=[
            VariantNames(
                variant, type_name(f"{stem}{variant_name(variant.identifier)}")
            )
            for variant in union.variants
        ],
    )


def type_variables(package: Package) -> dict[str, Struct]:
    """Return the type params of the package's structs, each with the first that has it."""
    first: dict[str, Struct] = {}
    for declared in package.types.values():
        if isinstance(declared, Struct):
            for param in declared.params:
                first.setdefault(param, declared)
    return first


def names_of_types(package: Package) -> frozenset[str]:
    """Return all names that types.py binds itself."""
    return frozenset(_names_of_types(package))


def _names_of_types(package: Package) -> Iterator[str]:
    for declared in package.types.values():
        yield type_name(declared.identifier)
        if isinstance(declared, Union):
            yield from union_names(declared).classes
    for param in type_variables(package):
        yield type_name(param)
