"""The types of one package: structs, enums, aliases, newtypes and the patches of structs."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import (
    MAX_DEPTH,
    MAX_SIZE,
    NO_CONSTRAINTS,
    Alias,
    NamedType,
    Newtype,
    Struct,
    TypeDeclaration,
    instance_fields,
    is_too_large,
)
from idlgen.resolve.bases import base_of
from idlgen.resolve.builtins import NO_PARAMS
from idlgen.resolve.choices import resolve_enum, resolve_union
from idlgen.resolve.constraints import read_constraints
from idlgen.resolve.derived import derived_fields, overridden
from idlgen.resolve.expressions import ERROR_TYPE
from idlgen.resolve.member_values import MemberValues
from idlgen.resolve.members import resolve_members
from idlgen.resolve.notes import exemplified_notes
from idlgen.resolve.scope import Scope
from idlgen.resolve.types import TypeResolver
from idlgen.syntax.nodes import (
    AliasDecl,
    EnumDecl,
    NewtypeDecl,
    StructDecl,
    TypeDecl,
    UnionDecl,
)
from idlgen.syntax.type_parser import NameExpr
from idlgen.syntax.yaml_tree import Node, ScalarNode

# How many fields structs may take over from others, all together.
MAX_DERIVED = 100_000


class TypeTable:
    """Resolves the type declarations of a scope; structs get their fields on first use.

    `declaration` returns those of any package, as `own` does; `types` and `values`
    serve the services too.
    """

    def __init__(
        self,
        scope: Scope,
        declaration: Callable[[NamedType], TypeDeclaration],
        values: MemberValues,
    ) -> None:
        self.scope = scope
        self.types = TypeResolver(scope)
        self.values = values
        self.declaration = declaration
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
        self._add_inline_partials()
        return {name: self._with_values(name) for name in self._declared}

    def _with_values(self, name: str) -> TypeDeclaration:
        declared = self.own(name)
        if isinstance(declared, Struct):
            fields = self.values.complete(declared.fields)
            declared = structs.replace(declared, fields=fields)
        if declared.has_example:
            declared = structs.replace(declared, example=self._example(name))
        return declared

    def _example(self, name: str) -> object:
        node = self.scope.types[name].notes.example
        assert node is not None
        return self.values.reader(self.scope).read(node, self.scope.ref(name))

    def own(self, name: str) -> TypeDeclaration:
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
        ref = self._source(written)
        source = None if ref is None else self._struct(ref)
        if ref is None or source is None or self._is_too_much(struct, source):
            return struct
        if ref.args:
            source = self._bounded(struct, source)
        return self._with_source(struct, ref, source, written)

    def _bounded(self, struct: Struct, source: Struct) -> Struct:
        """Return an instance without types that its arguments have made too large."""
        large = {f.name for f in source.fields if is_too_large(f.type)}
        if not large:
            return source
        self.scope.report(
            Diagnostic(
                code="IDL018",
                message=f"the fields that `{struct.name}` takes over stand for more than "
                f"{MAX_DEPTH} levels of types, or {MAX_SIZE:,} altogether",
                span=struct.span,
                hint="hand on the type param itself, not a type made of it",
            )
        )
        fields = tuple(
            structs.replace(f, type=ERROR_TYPE) if f.name in large else f
            for f in source.fields
        )
        return structs.replace(source, fields=fields)

    def _source(self, written: TypeDecl) -> NamedType | None:
        """Return the struct that `written` takes fields from."""
        if self.scope.ref(written.name.text) in self.scope.underivable:
            return None
        if isinstance(written, StructDecl) and written.extends is not None:
            return self.types.extended(written.extends, _params(written))
        derivation = self.scope.derivation(written)
        if derivation is None or not isinstance(written, AliasDecl):
            return None
        return (
            None
            if written.type is None
            else self.types.source(written.type, derivation)
        )

    def _struct(self, ref: NamedType) -> Struct | None:
        """Return the struct at the end of the aliases from `ref`, its params filled in."""
        declared = self.declaration(ref)
        while isinstance(declared, Alias) and isinstance(declared.type, NamedType):
            ref = declared.type
            declared = self.declaration(ref)
        if not isinstance(declared, Struct):
            return None
        return structs.replace(declared, fields=instance_fields(declared, ref.args))

    def _with_source(
        self,
        struct: Struct,
        ref: NamedType,
        source: Struct,
        written: TypeDecl,
    ) -> Struct:
        derivation = self.scope.derivation(written)
        # What servers refuse in a struct they refuse in its patches and parts too.
        strict = struct.strict or source.strict
        if derivation is None:
            for fault in overridden(source.fields, struct.fields):
                self.scope.report(fault)
            fields = source.fields + struct.fields
            return structs.replace(struct, fields=fields, strict=strict)

        def refuse(field: NameExpr, message: str, hint: str | None) -> None:
            if isinstance(written, AliasDecl) and written.type is not None:
                self.types.refuse_field(written.type, field, message, hint)

        return structs.replace(
            struct,
            fields=derived_fields(derivation, source.fields, refuse),
            partial_of=ref if derivation.name == "partial" else None,
            strict=strict,
        )

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
        if isinstance(declared, StructDecl):
            return self._declare_struct(declared)
        if isinstance(declared, EnumDecl):
            return resolve_enum(declared, self.scope)
        if isinstance(declared, UnionDecl):
            return resolve_union(declared, self.scope, self.types)
        notes = exemplified_notes(declared.name, declared.notes, self.scope)
        if self.scope.derivation(declared) is not None:
            return Struct(fields=(), **notes)
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
            base = base_of(None if text is None else text.expression, self.scope)
            constraints = read_constraints(declared.constraints, base, self.scope)
        return kind(type=type_, constraints=constraints, **notes)

    def _declare_struct(self, declared: StructDecl) -> Struct:
        params = _params(declared)
        self._check_params(declared)
        notes = exemplified_notes(declared.name, declared.notes, self.scope)
        if params and declared.notes.example is not None:
            self._generic_example(declared.name.text, declared.notes.example)
            notes["has_example"] = False
        fields = resolve_members(declared.fields, self.scope, self.types, params)
        self.values.add(declared.fields, self.scope)
        return Struct(
            fields=fields,
            params=tuple(dict.fromkeys(param.text for param in declared.params)),
            strict=declared.strict,
            **notes,
        )

    def _generic_example(self, name: str, node: Node) -> None:
        self.scope.report(
            Diagnostic(
                code="IDL109",
                message=f"no value fits every `{name}`: it is generic",
                span=self.scope.document.place(node),
                hint="give its fields examples, or an instance that has a name: "
                f"`{{alias: {name}<...>, example: ...}}`",
            )
        )

    def _check_params(self, declared: StructDecl) -> None:
        first: dict[str, ScalarNode] = {}
        place = self.scope.document.place
        for param in declared.params:
            shadowed = self.scope.names.get(param.text)
            other = first.setdefault(param.text, param)
            if shadowed is None and other is param:
                continue
            taken = other if shadowed is None else shadowed.name
            self.scope.report(
                Diagnostic(
                    code="IDL107",
                    message=f"type param `{param.text}` has the name of another",
                    span=place(param),
                    labels=(Label(place(taken), "first here"),),
                    hint="give it a name of its own, such as `T`, `Item` or `Key`",
                )
            )

    def _add_inline_partials(self) -> None:
        for source, partial in self.types.inline_partials.items():
            if partial.name in self._inline:
                continue
            self._inline.add(partial.name)
            if partial.name in self.scope.names:
                self._taken(partial.name, source)
            whole = self._struct(source)
            if whole is None:
                continue
            patch = Struct(
                name=partial.name,
                fields=derived_fields(_PARTIAL, whole.fields, _no_fields),
                partial_of=source,
                strict=whole.strict,
                span=whole.span,
            )
            self._declared.setdefault(partial.name, patch)

    def _taken(self, name: str, source: NamedType) -> None:
        written = source.name
        if source.package != self.scope.package:
            written = f"{source.package}.{written}"
        self.scope.report(
            Diagnostic(
                code="IDL118",
                message=f"`{name}` is the name that an inline `partial<{written}>` gets",
                span=self.scope.document.place(self.scope.names[name].name),
                hint="rename it, or declare the patch: "
                f"`{source.name}Patch: partial<{written}>`",
            )
        )


_PARTIAL = NameExpr("partial", (), 0, 0)


def _no_fields(field: NameExpr, message: str, hint: str | None) -> None:
    """Nothing is selected by name in a partial."""


def _params(declared: StructDecl) -> frozenset[str]:
    if not declared.params:
        return NO_PARAMS
    return frozenset(param.text for param in declared.params)
