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


class Field(Record, frozen=True, kw_only=True):
    """A struct's field, an error's field or a method's param.

    `default` and `example` are JSON values that fit `type` (numbers stay exact,
    datetimes, decimals and the like are their JSON text); `default` counts only
    where presence is DEFAULTED, `example` only where `has_example`.
    """

    name: str
    type: TypeRef
    presence: Presence = Presence.REQUIRED
    default: object = None
    has_example: bool = False
    example: object = None
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span


class Struct(Record, frozen=True, kw_only=True, tag_field="kind", tag="struct"):
    """A record. `partial_of` names the struct whose patch it is, for prose only."""

    name: str
    fields: tuple[Field, ...]
    partial_of: str | None = None
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span


class EnumValue(Record, frozen=True, kw_only=True):
    """One value of an enum; `text` is any text and is what the wire carries."""

    text: str
    doc: str | None = None
    deprecated: str | None = None
    span: Span


class Enum(Record, frozen=True, kw_only=True, tag_field="kind", tag="enum"):
    """A set of texts; open (readers keep unknown values) unless `closed`."""

    name: str
    values: tuple[EnumValue, ...]
    closed: bool = False
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span


class Alias(Record, frozen=True, kw_only=True, tag_field="kind", tag="alias"):
    """Another name for a type; checkers see no difference."""

    name: str
    type: TypeRef
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span


class Newtype(Record, frozen=True, kw_only=True, tag_field="kind", tag="newtype"):
    """A distinct static type over a scalar; the wire sees the scalar."""

    name: str
    type: TypeRef
    doc: str | None = None
    deprecated: str | None = None
    extensions: dict[str, object] = {}
    span: Span


TypeDeclaration: TypeAlias = Struct | Enum | Alias | Newtype
