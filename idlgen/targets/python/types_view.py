"""The view of types.py: what a package's types become, in an order that imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring, literal
from idlgen.model import (
    Alias,
    Api,
    Enum,
    NamedType,
    Newtype,
    Package,
    Struct,
    TypeDeclaration,
    TypeRef,
    Union,
)
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.declaration_views import (
    AssignmentView,
    BranchesView,
    DeclarationView,
    EnumView,
    gap,
)
from idlgen.targets.python.examples import shown_fields
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.import_cycles import import_cycle, late_aliases
from idlgen.targets.python.import_order import import_order
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import FIELD_NAMES, enum_member_name, type_name
from idlgen.targets.python.prose import described
from idlgen.targets.python.structs import (
    AttributeView,
    Shape,
    StructView,
    StructWriter,
)
from idlgen.targets.python.union_names import names_of_types, type_variables
from idlgen.targets.python.unions import UnionWriter


class TypesView(Record, frozen=True):
    """All of types.py."""

    docstring: str
    imports: str
    type_variables: Sequence[str]
    declarations: Sequence[DeclarationView]
    extensions: Mapping[str, object]


def types_view(api: Api, package: Package, layout: Layout) -> TypesView:
    """Return the view of types.py for a package that declares types."""
    foreign = ForeignModules(api, package.name)
    imports = Imports(foreign, names_of_types(package), import_cycle(api, package))
    writer = _TypesWriter(api, package, imports, layout)
    declarations = list(writer.declarations())
    variables = [
        layout.statement(f"{name} = {imports.use('TypeVar')}({literal(name)})")
        for name in map(type_name, type_variables(package))
    ]
    title = f"Types of package ``{package.name}``"
    doc = described(package.doc)
    if doc is None or "\n" in doc:
        text = f"{title}." if doc is None else f"{title}.\n\n{doc}"
    else:
        text = f"{title}: {doc}"
    return TypesView(
        docstring=docstring(text, 0, layout.line_length),
        imports=imports.lines(layout),
        type_variables=variables,
        declarations=declarations,
        extensions=package.extensions,
    )


class _TypesWriter:
    def __init__(
        self, api: Api, package: Package, imports: Imports, layout: Layout
    ) -> None:
        self._api = api
        self._package = package
        self._imports = imports
        scope = Scope(package.name, imports, types=None)
        self._use = scope.use
        self._layout = layout
        self._static = Annotations(api, scope, at_runtime=False)
        self._runtime = Annotations(api, scope, at_runtime=True)
        self._late = late_aliases(api, imports.late | {package.name})
        foreign = frozenset(ref for ref in self._late if ref.package != package.name)
        self._evaluated = Annotations(api, scope, at_runtime=True, late=foreign)
        self._structs = StructWriter(api, self._runtime, layout, reserved=FIELD_NAMES)
        self._unions = UnionWriter(api, scope.use, self._structs, layout)

    def declarations(self) -> Iterator[DeclarationView]:
        """Yield the declarations in an order that imports."""
        before: DeclarationView | None = None
        for view in self._ordered():
            view.gap = gap(before, view)
            yield view
            before = view

    def _ordered(self) -> Iterator[DeclarationView]:
        late = []
        for declared in import_order(self._api, self._package):
            if NamedType(self._package.name, declared.name) in self._late:
                late.append(declared)
            else:
                yield from self._views(declared)
        views = [view for declared in late for view in self._views(declared)]
        imports = self._imports.late_lines(self._layout)
        if imports:
            yield DeclarationView(imports=imports)
        yield from views

    def _views(self, declared: TypeDeclaration) -> Iterator[DeclarationView]:
        if isinstance(declared, Union):
            yield from self._unions.classes(declared)
            view = self._union(declared)
        else:
            view = self._declaration(declared)
        for name, type_ in self._evaluated.behind():
            yield self._assignment(f"{name}: {self._use('TypeAlias')} = {type_}", None)
        view.extensions = declared.extensions
        yield view

    def _union(self, union: Union) -> DeclarationView:
        text = described(union.doc, union.deprecated, union.since)
        static = self._unions.static(union)
        if union.closed:
            return self._assignment(static, text)
        return self._branches(static, self._unions.runtime(union), text)

    def _declaration(
        self, declared: Struct | Enum | Alias | Newtype
    ) -> DeclarationView:
        name = type_name(declared.identifier)
        text = described(declared.doc, declared.deprecated, declared.since)
        match declared:
            case Struct():
                return DeclarationView(struct=self._struct(name, declared))
            case Enum():
                return DeclarationView(enum=self._enum(name, declared, text))
            case Alias(type=type_, constraints=constraints):
                aliased = self._evaluated.constrained(type_, constraints)
                alias = f"{name}: {self._use('TypeAlias')} = {aliased}"
                return self._assignment(alias, text)
            case Newtype():
                return self._newtype(name, declared, text)

    def _struct(self, name: str, struct: Struct) -> StructView:
        doc = struct.doc
        if doc is None and struct.partial_of is not None:
            original = self._api.declaration(struct.partial_of)
            patched = type_name(original.identifier)
            doc = f"A patch of ``{patched}``: what is left UNSET stays as it is."
        return self._structs.struct(
            name,
            shown_fields(self._api, struct, struct.fields),
            described(doc, struct.deprecated, struct.since),
            Shape(
                type_params=[type_name(param) for param in struct.params],
                strict=struct.strict,
            ),
        )

    def _enum(self, name: str, enum: Enum, text: str | None) -> EnumView:
        base = self._use("StrEnum" if enum.closed else "OpenEnum")
        members = []
        for value in enum.values:
            member = enum_member_name(value.identifier, closed=enum.closed)
            note = described(value.doc, value.deprecated, value.since)
            members.append(
                AttributeView(
                    self._layout.statement(f"{member} = {literal(value.text)}", 1),
                    self._docstring(note, 1),
                    value.extensions,
                )
            )
        return EnumView(
            header=self._layout.statement(f"class {name}({base}):"),
            docstring=self._docstring(text, 1),
            members=members,
            type_checking=None if enum.closed else self._use("TYPE_CHECKING"),
        )

    def _newtype(
        self, name: str, declared: Newtype, text: str | None
    ) -> DeclarationView:
        static = self._static.newtype(declared)
        if self._is_late(self._api.unaliased(declared.type)):
            # Checkers take text for a name that comes later.
            static = literal(static)
        runtime = self._runtime.newtype(declared, whole=bool(self._imports.late))
        start = f"{name} = {self._use('NewType')}({literal(name)}, "
        if static == runtime:
            return self._assignment(f"{start}{static})", text)
        return self._branches(f"{start}{static})", f"{start}{runtime})", text)

    def _is_late(self, ref: TypeRef) -> bool:
        """Whether `ref` is of a package that is imported only after the classes."""
        return isinstance(ref, NamedType) and ref.package in self._imports.late

    def _assignment(self, statement: str, text: str | None) -> DeclarationView:
        return DeclarationView(
            assignment=AssignmentView(
                self._layout.statement(statement), self._docstring(text, 0)
            )
        )

    def _branches(self, static: str, runtime: str, text: str | None) -> DeclarationView:
        return DeclarationView(
            branches=BranchesView(
                type_checking=self._use("TYPE_CHECKING"),
                static=self._layout.statement(static, 1),
                runtime=self._layout.statement(runtime, 1),
                docstring=self._docstring(text, 1),
            )
        )

    def _docstring(self, text: str | None, depth: int) -> str | None:
        return text and docstring(text, depth, self._layout.line_length)
