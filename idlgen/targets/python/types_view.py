"""The view of types.py: what a package's types become, in an order that imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring, literal
from idlgen.model import (
    Alias,
    Api,
    Enum,
    Newtype,
    Package,
    Struct,
    TypeDeclaration,
)
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.import_order import import_order
from idlgen.targets.python.imports import Imports, class_names
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import FIELD_NAMES, class_name, enum_member_name
from idlgen.targets.python.prose import described
from idlgen.targets.python.structs import AttributeView, StructView, StructWriter


class EnumView(Record, frozen=True):
    """An enum class; `type_checking` is what an open one calls TYPE_CHECKING."""

    header: str
    docstring: str | None
    members: Sequence[AttributeView]
    type_checking: str | None


class AssignmentView(Record, frozen=True):
    """An alias, or a newtype that looks the same to checkers and at run time."""

    statement: str
    docstring: str | None


class NewtypeView(Record, frozen=True):
    """A newtype over a type that is constrained at run time."""

    type_checking: str
    static: str
    runtime: str
    docstring: str | None


class DeclarationView(Record):
    """One declaration of one of four kinds; `gap` parts it from the one before."""

    gap: str = ""
    struct: StructView | None = None
    enum: EnumView | None = None
    assignment: AssignmentView | None = None
    newtype: NewtypeView | None = None

    @property
    def is_class(self) -> bool:
        """Whether two empty lines stand around it."""
        return self.struct is not None or self.enum is not None

    @property
    def is_one_line(self) -> bool:
        """Whether the next of its kind may follow directly."""
        return self.assignment is not None and self.assignment.docstring is None


class TypesView(Record, frozen=True):
    """All of types.py."""

    docstring: str
    imports: str
    declarations: Sequence[DeclarationView]


def types_view(api: Api, package: Package, layout: Layout) -> TypesView:
    """Return the view of types.py for a package that declares types."""
    imports = Imports(class_names(package.types))
    writer = _TypesWriter(api, package, imports, layout)
    declarations = list(writer.declarations(import_order(api, package.types)))
    title = f"Types of package ``{package.name}``"
    doc = described(package.doc)
    if doc is None or "\n" in doc:
        text = f"{title}." if doc is None else f"{title}.\n\n{doc}"
    else:
        text = f"{title}: {doc}"
    return TypesView(
        docstring=docstring(text, 0, layout.line_length),
        imports=imports.lines(layout),
        declarations=declarations,
    )


class _TypesWriter:
    def __init__(
        self, api: Api, package: Package, imports: Imports, layout: Layout
    ) -> None:
        self._package = package
        scope = Scope(imports, types=None)
        self._use = scope.use
        self._layout = layout
        self._static = Annotations(api, scope, at_runtime=False)
        self._runtime = Annotations(api, scope, at_runtime=True)
        self._structs = StructWriter(api, self._runtime, layout, reserved=FIELD_NAMES)

    def declarations(
        self, types: Iterator[TypeDeclaration]
    ) -> Iterator[DeclarationView]:
        before: DeclarationView | None = None
        for declared in types:
            view = self._declaration(declared)
            view.gap = _gap(before, view)
            yield view
            before = view

    def _declaration(self, declared: TypeDeclaration) -> DeclarationView:
        name = class_name(declared.identifier)
        text = described(declared.doc, declared.deprecated)
        match declared:
            case Struct(fields=fields, partial_of=original):
                if declared.doc is None and original is not None:
                    patched = class_name(self._package.types[original].identifier)
                    patch = (
                        f"A patch of ``{patched}``: what is left UNSET stays as it is."
                    )
                    text = described(patch, declared.deprecated)
                return DeclarationView(struct=self._structs.struct(name, fields, text))
            case Enum():
                return DeclarationView(enum=self._enum(name, declared, text))
            case Alias(type=type_, constraints=constraints):
                type_alias = self._use("TypeAlias")
                aliased = self._runtime.constrained(type_, constraints)
                alias = f"{name}: {type_alias} = {aliased}"
                return DeclarationView(
                    assignment=AssignmentView(
                        self._layout.statement(alias), self._docstring(text, 0)
                    )
                )
            case Newtype():
                return self._newtype(name, declared, text)

    def _enum(self, name: str, enum: Enum, text: str | None) -> EnumView:
        base = self._use("StrEnum" if enum.closed else "OpenEnum")
        members = []
        for value in enum.values:
            member = enum_member_name(value.identifier, closed=enum.closed)
            note = described(value.doc, value.deprecated)
            members.append(
                AttributeView(
                    self._layout.statement(f"{member} = {literal(value.text)}", 1),
                    self._docstring(note, 1),
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
        static, runtime = self._static.newtype(declared), self._runtime.newtype(
            declared
        )
        start = f"{name} = {self._use('NewType')}({literal(name)}, "
        if static == runtime:
            statement = self._layout.statement(f"{start}{static})")
            assignment = AssignmentView(statement, self._docstring(text, 0))
            return DeclarationView(assignment=assignment)
        newtype = NewtypeView(
            type_checking=self._use("TYPE_CHECKING"),
            static=self._layout.statement(f"{start}{static})", 1),
            runtime=self._layout.statement(f"{start}{runtime})", 1),
            docstring=self._docstring(text, 1),
        )
        return DeclarationView(newtype=newtype)

    def _docstring(self, text: str | None, depth: int) -> str | None:
        return text and docstring(text, depth, self._layout.line_length)


def _gap(before: DeclarationView | None, view: DeclarationView) -> str:
    """Return the empty lines before `view`, one line end each."""
    if view.is_class or (before is not None and before.is_class):
        return "\n\n"
    if before is None or not (before.is_one_line and view.is_one_line):
        return "\n"
    return ""
