"""Defaults and examples of members: each read once, what a default fills in before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct as Record, structs

from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.routes import route
from idlgen.model import Field, NamedType, Presence, TypeDeclaration
from idlgen.resolve.scope import Scope
from idlgen.resolve.values import ValueReader
from idlgen.syntax.nodes import MemberDecl

# How deep a default may be nested, and through how many others it may lead.
MAX_DEPTH = 64
# How many values defaults may fill in all together: each level of structs can double them.
MAX_FILLED = 100_000


Key: TypeAlias = tuple[str, int]


class _Written(NamedTuple):
    """A member as it was written, and what reads values where it stands."""

    member: MemberDecl
    reader: ValueReader


class _Default(Record, frozen=True):
    """A default that was read; `size` counts the values in it."""

    value: object = None
    size: int = 1


class MemberValues:
    """Reads what `default:` and `example:` say, in whatever order members need it.

    It serves all packages of a build, for a default may fill in those of imported
    types. Fields are known by the place of their name, which those that `pick<>` and
    its like copied share with their source. `declaration` returns types whose fields
    need not have their values yet.
    """

    def __init__(
        self,
        declaration: Callable[[NamedType], TypeDeclaration],
        report: Callable[[Diagnostic], None],
    ) -> None:
        self._declaration = declaration
        self._report_fault = report
        self._readers: dict[str, ValueReader] = {}
        self._written: dict[Key, _Written] = {}
        self._defaults: dict[Key, _Default] = {}
        self._examples: dict[Key, object] = {}
        self._reading: dict[Key, Field] = {}
        self._filled = 0

    def reader(self, scope: Scope) -> ValueReader:
        """Return what reads the values that are written in the document of `scope`."""
        reader = self._readers.get(scope.package)
        if reader is None:
            reader = ValueReader(scope, self._declaration, self._fill)
            self._readers[scope.package] = reader
        return reader

    def add(self, members: Sequence[MemberDecl], scope: Scope) -> None:
        """Make known where the values of `members` of `scope` are written."""
        for member in members:
            if member.default is not None or member.notes.example is not None:
                key = scope.document.source.path, member.name.start
                self._written[key] = _Written(member, self.reader(scope))

    def complete(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """Return `fields` with their defaults and examples."""
        if self._written:
            return tuple(map(self._complete, fields))
        return fields

    def _complete(self, field: Field) -> Field:
        if field.presence is Presence.DEFAULTED:
            field = structs.replace(field, default=self._default(field).value)
        if field.has_example:
            field = structs.replace(field, example=self._example(field))
        return field

    def _example(self, field: Field) -> object:
        key = _key(field)
        if key not in self._examples:
            member, reader = self._written[key]
            node = member.notes.example
            value = None if node is None else reader.constrained(node, field)
            self._examples[key] = value
        return self._examples[key]

    def _default(self, field: Field) -> _Default:
        key = _key(field)
        known = self._defaults.get(key)
        if known is None:
            known = self._defaults[key] = self._read(field)
        return known

    def _read(self, field: Field) -> _Default:
        key = _key(field)
        member, reader = self._written[key]
        if member.default is None:
            return _Default()
        if len(self._reading) >= MAX_DEPTH:
            return self._too_deep(field)
        self._reading[key] = field
        value = reader.constrained(member.default, field)
        del self._reading[key]
        size, depth = _measured(value)
        return self._too_deep(field) if depth > MAX_DEPTH else _Default(value, size)

    def _fill(self, field: Field) -> object:
        """Return the default of a member that a value leaves out."""
        if _key(field) in self._reading:
            self._circular(field)
            return None
        default = self._default(field)
        before = self._filled
        self._filled += default.size
        if self._filled <= MAX_FILLED:
            return default.value
        if before <= MAX_FILLED:
            self._report(
                "IDL018",
                field.span,
                f"defaults fill in more than {MAX_FILLED:,} values",
                "let fewer defaults hold structs that have defaults themselves",
            )
        return None

    def _circular(self, field: Field) -> None:
        names = [other.name for other in self._reading.values()]
        round_ = names[list(self._reading).index(_key(field)) :]
        self._report(
            "IDL109",
            field.span,
            f"the default of `{field.name}` holds itself: "
            f"{route([*round_, field.name])}",
            f"say in it what its own `{field.name}` is",
        )

    def _too_deep(self, field: Field) -> _Default:
        self._report(
            "IDL018",
            field.span,
            f"the default of `{field.name}` is nested more than {MAX_DEPTH} levels deep",
            "leave the default of a struct's member out",
        )
        return _Default()

    def _report(self, code: str, span: Span, message: str, hint: str) -> None:
        self._report_fault(Diagnostic(code=code, message=message, span=span, hint=hint))


def _key(field: Field) -> Key:
    return field.span.source.path, field.span.start


def _measured(value: object) -> tuple[int, int]:
    """Return how many values a JSON value holds, itself included, and how deep."""
    if isinstance(value, dict):
        inside = [_measured(item) for item in value.values()]
    elif isinstance(value, list):
        inside = [_measured(item) for item in value]
    else:
        return 1, 1
    deepest = max((depth for _, depth in inside), default=0)
    return 1 + sum(size for size, _ in inside), 1 + deepest
