"""The types of one package: structs, enums, aliases, newtypes and the patches of structs."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Enum,
    EnumValue,
    Field,
    Newtype,
    NullableType,
    Presence,
    Struct,
    TypeDeclaration,
)
from idlgen.resolve.constraints import read_constraints
from idlgen.resolve.members import resolve_members, with_values
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.resolve.values import ValueReader
from idlgen.syntax.nodes import (
    EnumDecl,
    NewtypeDecl,
    Notes,
    StructDecl,
    TypeDecl,
)
from idlgen.syntax.yaml_tree import ScalarNode


class TypeTable:
    """Resolves the type declarations of a scope; values are read on first use.

    A default may be a value of a struct that has defaults itself, so a struct is
    completed when it is first asked for. `types` and `values` serve the services too.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.types = TypeResolver(scope)
        self.values = ValueReader(scope, self.declaration)
        self._declared = {name: self._declare(d) for name, d in scope.types.items()}
        self._incomplete = {
            name: d for name, d in scope.types.items() if isinstance(d, StructDecl)
        }
        self._inline: set[str] = set()
        self._add_partials()

    def all(self) -> dict[str, TypeDeclaration]:
        """Return every declaration in the order written, inline partials last.

        Call it when all members have been resolved, for those name the partials.
        """
        self._add_inline_partials()
        return {name: self.declaration(name) for name in self._declared}

    def declaration(self, name: str) -> TypeDeclaration:
        """Return the declaration `name` with its values read."""
        if name not in self._declared:
            self._add_inline_partials()
        incomplete = self._incomplete.pop(name, None)
        declared = self._declared[name]
        if incomplete is not None and isinstance(declared, Struct):
            fields = with_values(declared.fields, incomplete.fields, self.values)
            if fields is not declared.fields:
                declared = structs.replace(declared, fields=fields)
                self._declared[name] = declared
        return declared

    def _declare(self, declared: TypeDecl) -> TypeDeclaration:
        name, notes = declared.name.text, declared.notes
        span = self.scope.document.place(declared.name)
        if isinstance(declared, StructDecl):
            fields = resolve_members(declared.fields, self.scope, self.types)
            return _struct(name, fields, notes, span)
        if isinstance(declared, EnumDecl):
            return self._enum(declared, span)
        if self.scope.partial_target(declared) is not None:
            return _struct(name, (), notes, span)
        if isinstance(declared, NewtypeDecl):
            type_ = self.types.newtype(declared.type)
            kind: type[Alias | Newtype] = Newtype
        else:
            text = declared.type
            type_ = self.types.resolve(text, None if text is None else text.expression)
            kind = Alias
        constraints = NO_CONSTRAINTS
        if declared.constraints:
            text = declared.type
            base = self.types.base(None if text is None else text.expression)
            constraints = read_constraints(declared.constraints, base, self.scope)
        return kind(
            name=name,
            type=type_,
            constraints=constraints,
            code_name=notes.code_name,
            doc=notes.doc,
            deprecated=notes.deprecated,
            extensions=notes.extensions,
            span=span,
        )

    def _enum(self, declared: EnumDecl, span: Span) -> Enum:
        first: dict[str, ScalarNode] = {}
        values = []
        for value in declared.values:
            name = value.name
            if first.setdefault(name.text, name) is not name:
                self._repeated_value(name, first[name.text])
                continue
            values.append(
                EnumValue(
                    text=name.text,
                    code_name=value.notes.code_name,
                    doc=value.notes.doc,
                    deprecated=value.notes.deprecated,
                    span=self.scope.document.place(name),
                )
            )
        notes = declared.notes
        return Enum(
            name=declared.name.text,
            values=tuple(values),
            closed=declared.closed,
            code_name=notes.code_name,
            doc=notes.doc,
            deprecated=notes.deprecated,
            extensions=notes.extensions,
            span=span,
        )

    def _repeated_value(self, name: ScalarNode, first: ScalarNode) -> None:
        place = self.scope.document.place
        self.scope.report(
            Diagnostic(
                code="IDL117",
                message=f"enum value `{name.text}` is given twice",
                span=place(name),
                labels=(Label(place(first), "first here"),),
            )
        )

    def _add_partials(self) -> None:
        for name, declared in self.scope.types.items():
            text = self.scope.partial_target(declared)
            if text is None:
                continue
            target = self.types.partial_target(text)
            if target is not None:
                self._declared[name] = self._partial(
                    name,
                    target.name.text,
                    declared.notes,
                    self.scope.document.place(declared.name),
                )

    def _add_inline_partials(self) -> None:
        for target, ref in self.types.inline_partials.items():
            if ref.name in self._inline:
                continue
            self._inline.add(ref.name)
            if ref.name in self.scope.names:
                self._taken(ref.name, target)
            span = self._declared[target].span
            partial = self._partial(ref.name, target, Notes(), span)
            self._declared.setdefault(ref.name, partial)

    def _taken(self, name: str, target: str) -> None:
        self.scope.report(
            Diagnostic(
                code="IDL118",
                message=f"`{name}` is the name that an inline `partial<{target}>` gets",
                span=self.scope.document.place(self.scope.names[name].name),
                hint="rename it, or declare the patch: "
                f"`{target}Patch: partial<{target}>`",
            )
        )

    def _partial(self, name: str, target: str, notes: Notes, span: Span) -> Struct:
        of = self._declared[target]
        fields = of.fields if isinstance(of, Struct) else ()
        return _struct(name, map(_patched, fields), notes, span, partial_of=target)


def _patched(field: Field) -> Field:
    """Return the field as a patch has it: `T?` and `T | null` may be cleared by null."""
    type_ = field.type
    if field.presence is Presence.OPTIONAL and not isinstance(type_, NullableType):
        type_ = NullableType(type_)
    return structs.replace(
        field,
        type=type_,
        presence=Presence.PATCH,
        default=None,
        has_example=False,
        example=None,
    )


def _struct(
    name: str,
    fields: Iterable[Field],
    notes: Notes,
    span: Span,
    partial_of: str | None = None,
) -> Struct:
    return Struct(
        name=name,
        fields=tuple(fields),
        partial_of=partial_of,
        code_name=notes.code_name,
        doc=notes.doc,
        deprecated=notes.deprecated,
        extensions=notes.extensions,
        span=span,
    )
