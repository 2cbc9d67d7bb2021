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
    Struct,
    TypeDeclaration,
)
from idlgen.resolve.constraints import read_constraints
from idlgen.resolve.derived import derived_fields, overridden
from idlgen.resolve.member_values import MemberValues
from idlgen.resolve.members import resolve_members
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.syntax.nodes import (
    AliasDecl,
    EnumDecl,
    NewtypeDecl,
    Notes,
    StructDecl,
    TypeDecl,
)
from idlgen.syntax.type_parser import NameExpr
from idlgen.syntax.yaml_tree import ScalarNode

# How many fields structs may take over from others, all together.
MAX_DERIVED = 100_000


class TypeTable:
    """Resolves the type declarations of a scope; structs get their fields on first use.

    `types` and `member_values` serve the services too.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.types = TypeResolver(scope)
        self.member_values = MemberValues(scope, self.declaration)
        self._declared = {name: self._declare(d) for name, d in scope.types.items()}
        self._incomplete = {
            name
            for name, declared in self._declared.items()
            if isinstance(declared, Struct)
        }
        self._derived = 0
        self._inline: set[str] = set()

    def all(self) -> dict[str, TypeDeclaration]:
        """Return every declaration in the order written, inline partials last.

        Call it when all members have been resolved, for those name the partials.
        """
        for name in self.scope.sources_first:
            self.declaration(name)
        self._add_inline_partials()
        return {name: self._with_values(name) for name in self._declared}

    def _with_values(self, name: str) -> TypeDeclaration:
        declared = self._declared[name]
        if not isinstance(declared, Struct):
            return declared
        fields = self.member_values.complete(declared.fields)
        return structs.replace(declared, fields=fields)

    def declaration(self, name: str) -> TypeDeclaration:
        """Return the declaration `name`, a struct with all fields but without values."""
        if name not in self._declared:
            self._add_inline_partials()
        declared = self._declared[name]
        if name in self._incomplete:
            assert isinstance(declared, Struct)
            declared = self._declared[name] = self._complete(declared)
        return declared

    def _complete(self, struct: Struct) -> Struct:
        self._incomplete.discard(struct.name)
        written = self.scope.types[struct.name]
        source = self._source(written)
        if source is None or self._is_too_much(struct, source):
            return struct
        return self._with_source(struct, source, written)

    def _source(self, written: TypeDecl) -> Struct | None:
        """Return the struct that `written` takes fields from."""
        text = written.extends if isinstance(written, StructDecl) else None
        if isinstance(written, AliasDecl):
            text = written.type
        if text is None or written.name.text in self.scope.underivable:
            return None
        name = self.types.source(text, text.expression)
        source = None if name is None else self.declaration(name)
        return source if isinstance(source, Struct) else None

    def _with_source(self, struct: Struct, source: Struct, written: TypeDecl) -> Struct:
        derivation = self.scope.derivation(written)
        if derivation is None:
            for fault in overridden(source.fields, struct.fields):
                self.scope.report(fault)
            return structs.replace(struct, fields=source.fields + struct.fields)

        def unknown(field: NameExpr, hint: str | None) -> None:
            if isinstance(written, AliasDecl) and written.type is not None:
                self.types.unknown_field(written.type, field, hint)

        fields = derived_fields(derivation, source, unknown)
        partial_of = source.name if derivation.name == "partial" else None
        return structs.replace(struct, fields=fields, partial_of=partial_of)

    def _is_too_much(self, struct: Struct, source: Struct) -> bool:
        before = self._derived
        self._derived += len(source.fields)
        if before <= MAX_DERIVED < self._derived:
            self.scope.report(
                Diagnostic(
                    code="IDL018",
                    message=f"structs take over more than {MAX_DERIVED:,} fields",
                    span=struct.span,
                    hint="let structs hold others as members instead",
                )
            )
        return self._derived > MAX_DERIVED

    def _declare(self, declared: TypeDecl) -> TypeDeclaration:
        name, notes = declared.name.text, declared.notes
        span = self.scope.document.place(declared.name)
        if isinstance(declared, StructDecl):
            fields = resolve_members(declared.fields, self.scope, self.types)
            self.member_values.add(declared.fields)
            return _struct(name, fields, notes, span)
        if isinstance(declared, EnumDecl):
            return self._enum(declared, span)
        if self.scope.derivation(declared) is not None:
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

    def _add_inline_partials(self) -> None:
        for target, ref in self.types.inline_partials.items():
            if ref.name in self._inline:
                continue
            self._inline.add(ref.name)
            if ref.name in self.scope.names:
                self._taken(ref.name, target)
            source = self.declaration(target)
            assert isinstance(source, Struct)
            fields = derived_fields(_PARTIAL, source, _no_fields)
            partial = _struct(ref.name, fields, Notes(), source.span)
            partial = structs.replace(partial, partial_of=target)
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


_PARTIAL = NameExpr("partial", (), 0, 0)


def _no_fields(field: NameExpr, hint: str | None) -> None:
    """Nothing is selected by name in a partial."""


def _struct(name: str, fields: Iterable[Field], notes: Notes, span: Span) -> Struct:
    return Struct(
        name=name,
        fields=tuple(fields),
        code_name=notes.code_name,
        doc=notes.doc,
        deprecated=notes.deprecated,
        extensions=notes.extensions,
        span=span,
    )
