"""What was drawn: an Api, how its derived structs are written, and values of its types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idlgen.model import Api, NamedType
from tests.property.json_values import Values


@dataclass(frozen=True)
class Derivation:
    """How a struct's fields are written.

    `source` is the struct, or an alias of one, as it stands there, `names` are the
    fields of `pick<>` and `omit<>`. An `inline` one is a partial that nobody declares.
    """

    kind: str
    source: NamedType
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A whole build; derivations are known by the name of what they make."""

    api: Api
    derivations: Mapping[NamedType, Derivation]
    values: Values

    def __repr__(self) -> str:
        # Its schemas, which tests note, are read with less pain.
        return f"<{len(self.api.packages)} packages>"
