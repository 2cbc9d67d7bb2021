"""What the `types` section declares."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct as Record

from idlgen.diagnostics import Span
from idlgen.model.types import NamedType, TypeRef


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

    `name` is as the schema writes it, `code_name` what its `name:` says, `since` the
    version of the interface that brought it, `extensions` are its `x-` keys and `span`
    is the place of the name.
    """

    name: str
    code_name: str | None = None
    doc: str | None = None
    deprecated: str | None = None
    since: str | None = None
    extensions: dict[str, object] = {}
    span: Span

    @property
    def identifier(self) -> str:
        """The name that targets make theirs of."""
        return self.code_name or self.name


class Exemplified(Declared, frozen=True, kw_only=True):
    """What has values, of which the schema may show one.

    `example` is a JSON value that fits (numbers stay exact, datetimes, decimals and the
    like are their JSON text); it counts only where `has_example`. That of an error is
    the object of its fields.
    """

    has_example: bool = False
    example: object = None


class Field(Exemplified, frozen=True, kw_only=True):
    """A struct's field, an error's field or a method's param.

    `default` is a JSON value that fits `type`, as `example` is, and counts only where
    presence is DEFAULTED. `wire` is the key on the wire where that is not the name. The
    value of a `sensitive` member is shown nowhere. `number` is the one that `number:`
    pins for wires that count members.
    """

    type: TypeRef
    wire: str | None = None
    presence: Presence = Presence.REQUIRED
    default: object = None
    constraints: Constraints = NO_CONSTRAINTS
    sensitive: bool = False
    number: int | None = None

    @property
    def wire_name(self) -> str:
        """The member's key on the wire."""
        return self.name if self.wire is None else self.wire


class Struct(Exemplified, frozen=True, kw_only=True, tag_field="kind", tag="struct"):
    """A record, generic where it has type `params` (their names).

    `partial_of` names the struct whose patch it is, for prose only. Servers refuse
    members of a `strict` one that they do not know.
    """

    fields: tuple[Field, ...]
    params: tuple[str, ...] = ()
    partial_of: NamedType | None = None
    strict: bool = False


class Choice(Record, frozen=True, kw_only=True):
    """A value of an enum or a variant of a union; `text` is any text, as on the wire.

    `code_name` is what it is called where the schema gives `name:`.
    """

    text: str
    code_name: str | None = None
    doc: str | None = None
    deprecated: str | None = None
    since: str | None = None
    number: int | None = None
    extensions: dict[str, object] = {}
    span: Span

    @property
    def identifier(self) -> str:
        """The text that targets make a name of."""
        return self.code_name or self.text


class EnumValue(Choice, frozen=True, kw_only=True):
    """One value of an enum."""


class Enum(Exemplified, frozen=True, kw_only=True, tag_field="kind", tag="enum"):
    """A set of texts; open (readers keep unknown values) unless `closed`."""

    values: tuple[EnumValue, ...]
    closed: bool = False


VALUE_KEY = "value"
"""The member that holds what a variant carries, where its union is not flat."""


class Variant(Choice, frozen=True, kw_only=True):
    """One variant of a union; `type` is None where it carries nothing but its tag."""

    type: TypeRef | None


class Union(Exemplified, frozen=True, kw_only=True, tag_field="kind", tag="union"):
    """One of several variants, told apart by their tags; open unless `closed`.

    On the wire it is an object whose member `tag` holds the variant's text. What the
    variant carries is its member `VALUE_KEY`, or in a `flat` union, whose variants carry
    structs or nothing, the struct's members stand beside the tag.
    """

    variants: tuple[Variant, ...]
    tag: str = "type"
    flat: bool = False
    closed: bool = False


class Alias(Exemplified, frozen=True, kw_only=True, tag_field="kind", tag="alias"):
    """Another name for a type; checkers see no difference."""

    type: TypeRef
    constraints: Constraints = NO_CONSTRAINTS


class Newtype(Exemplified, frozen=True, kw_only=True, tag_field="kind", tag="newtype"):
    """A distinct static type over a scalar; the wire sees the scalar."""

    type: TypeRef
    constraints: Constraints = NO_CONSTRAINTS


TypeDeclaration: TypeAlias = Struct | Enum | Union | Alias | Newtype
