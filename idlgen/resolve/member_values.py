"""Defaults and examples of members: each read once, what a default fills in before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct as Record, structs

from idlgen.diagnostics import Diagnostic, Span
from idlgen.model import Field, Presence, TypeDeclaration
from idlgen.resolve.scope import Scope
from idlgen.resolve.values import ValueReader
from idlgen.syntax.nodes import MemberDecl

# How deep a default may be nested, and through how many others it may lead.
MAX_DEPTH = 64
# How many values defaults may fill in all together: each level of structs can double them.
MAX_FILLED = 100_000


class _Default(Record, frozen=True):
    """A default that was read; `size` counts the values in it."""

    value: object = None
    size: int = 1


class MemberValues:
    """Reads what `default:` and `example:` say, in whatever order members need it.

    Fields are known by the place of their name, which those that `pick<>` and its like
    copied share with their source. `declaration` returns types whose fields need not
    have their values yet.
    """

    def __init__(
        self, scope: Scope, declaration: Callable[[str], TypeDeclaration]
    ) -> None:
        self.scope = scope
        self.reader = ValueReader(scope, declaration, self._fill)
        self._written: dict[int, MemberDecl] = {}
        self._defaults: dict[int, _Default] = {}
        self._examples: dict[int, object] = {}
        self._reading: dict[int, Field] = {}
        self._filled = 0

    def add(self, members: Sequence[MemberDecl]) -> None:
        """Make known where the values of `members` are written."""
        for member in members:
            if member.default is not None or member.example is not None:
                self._written[member.name.start] = member

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
        key = field.span.start
        if key not in self._examples:
            node = self._written[key].example
            value = None if node is None else self.reader.constrained(node, field)
            self._examples[key] = value
        return self._examples[key]

    def _default(self, field: Field) -> _Default:
        key = field.span.start
        known = self._defaults.get(key)
        if known is None:
            known = self._defaults[key] = self._read(field)
        return known

    def _read(self, field: Field) -> _Default:
        node = self._written[field.span.start].default
        if node is None:
            return _Default()
        if len(self._reading) >= MAX_DEPTH:
            return self._too_deep(field)
        self._reading[field.span.start] = field
        value = self.reader.constrained(node, field)
        del self._reading[field.span.start]
        size, depth = _measured(value)
        return self._too_deep(field) if depth > MAX_DEPTH else _Default(value, size)

    def _fill(self, field: Field) -> object:
        """Return the default of a member that a value leaves out."""
        if field.span.start in self._reading:
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
        round_ = names[list(self._reading).index(field.span.start) :]
        route = " → ".join(f"`{name}`" for name in (*round_, field.name))
        self._report(
            "IDL109",
            field.span,
            f"the default of `{field.name}` holds itself: {route}",
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
        self.scope.report(Diagnostic(code=code, message=message, span=span, hint=hint))


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
