"""What the `types` section declares."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Span
from idlgen.model.types import TypeRef


class Presence(StrEnum):
    """Whether a member must be there, and what its absence means.

    - REQUIRED: always written.
    - OPTIONAL (`T?`): may be absent; null is read as absent.
    - DEFAULTED: the reader fills in the default.
    - PATCH (members of `partial<T>`, and `(T | null)?`): absent means "leave it";
      where the type is a `NullableType`, null means "clear it".
    """

    REQUIRED = "required"
    OPTIONAL = "optional"
    DEFAULTED = "defaulted"
    PATCH = "patch"


# Integers stay exact: those of 64 bits have no float of their own.
Bound: TypeAlias = int | float | str


class Constraints(Record, frozen=True, kw_only=True):
    """What narrows the values of a type; what is None does not.

    The bounds of numbers are JSON numbers of the type they bound, those of decimals
    their text. Lengths count code points of a string, bytes of bytes; `pattern` is
    searched for, in the regular expressions that `idlgen.syntax.patterns` defines.
    They bind the value that is not null.
    """

    min: Bound | None = None
    max: Bound | None = None
    exclusive_min: Bound | None = None
    exclusive_max: Bound | None = None
    multiple_of: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    min_items: int | None = None
    max_items: int | None = None


NO_CONSTRAINTS = Constraints()


class Declared(Record, frozen=True, kw_only=True):
    """What everything that a schema declares by name has.

    `name` is as the schema writes it, `code_name` what its `name:` says, `extensions`
    are its `x-` keys and `span` is the place of the name.
    """

    name: str
    code_name: str | None = None
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span

    @property
    def identifier(self) -> str:
        """The name that targets make theirs of."""
        return self.code_name or self.name


class Field(Declared, frozen=True, kw_only=True):
    """A struct's field, an error's field or a method's param.

    `default` and `example` are JSON values that fit `type` (numbers stay exact,
    datetimes, decimals and the like are their JSON text); `default` counts only
    where presence is DEFAULTED, `example` only where `has_example`. `wire` is the key on
    the wire where that is not the name.
    """

    type: TypeRef
    wire: str | None = None
    presence: Presence = Presence.REQUIRED
    default: object = None
    has_example: bool = False
    example: object = None
    constraints: Constraints = NO_CONSTRAINTS

    @property
    def wire_name(self) -> str:
        """The member's key on the wire."""
        return self.name if self.wire is None else self.wire


class Struct(Declared, frozen=True, kw_only=True, tag_field="kind", tag="struct"):
    """A record. `partial_of` names the struct whose patch it is, for prose only."""

    fields: tuple[Field, ...]
    partial_of: str | None = None


class EnumValue(Record, frozen=True, kw_only=True):
    """One value of an enum; `text` is any text and is what the wire carries.

    `code_name` is what it is called where the schema gives `name:`.
    """

    text: str
    code_name: str | None = None
    doc: str | None = None
    deprecated: str | None = None
    span: Span

    @property
    def identifier(self) -> str:
        """The text that targets make a name of."""
        return self.code_name or self.text


class Enum(Declared, frozen=True, kw_only=True, tag_field="kind", tag="enum"):
    """A set of texts; open (readers keep unknown values) unless `closed`."""

    values: tuple[EnumValue, ...]
    closed: bool = False


class Alias(Declared, frozen=True, kw_only=True, tag_field="kind", tag="alias"):
    """Another name for a type; checkers see no difference."""

    type: TypeRef
    constraints: Constraints = NO_CONSTRAINTS


class Newtype(Declared, frozen=True, kw_only=True, tag_field="kind", tag="newtype"):
    """A distinct static type over a scalar; the wire sees the scalar."""

    type: TypeRef
    constraints: Constraints = NO_CONSTRAINTS


TypeDeclaration: TypeAlias = Struct | Enum | Alias | Newtype
