"""Documents to packages to the Api of a build."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import Api, NamedType, Package, TypeDeclaration
from idlgen.resolve.cycles import find_cycles
from idlgen.resolve.declarations import TypeTable
from idlgen.resolve.member_values import MemberValues
from idlgen.resolve.scope import Report, Scope
from idlgen.resolve.services import ServiceResolver
from idlgen.syntax.imports import imported_path
from idlgen.syntax.nodes import Document, ImportDecl


def resolve(documents: Sequence[Document], report: Callable[[Diagnostic], None]) -> Api:
    """Return the Api that `documents`, entries and imports alike, declare together.

    What cannot be resolved is reported and stands as `ErrorType`, or is left out where
    it has no type, so that later stages can go on. An import whose document is not
    among `documents` could not be read, which has been reported.
    """
    scopes = _scopes(documents, report)
    sources_first = find_cycles(scopes)
    tables: dict[str, TypeTable] = {}

    def declaration(ref: NamedType) -> TypeDeclaration:
        return tables[ref.package].own(ref.name)

    values = MemberValues(declaration, report)
    for name, scope in scopes.items():
        tables[name] = TypeTable(scope, declaration, values)
    services = {name: ServiceResolver(table) for name, table in tables.items()}
    for ref in sources_first:
        declaration(ref)
    packages = {name: _package(tables[name], services[name]) for name in scopes}
    return Api(packages=packages)


def _package(table: TypeTable, services: ServiceResolver) -> Package:
    scope = table.scope
    document = scope.document
    imported = {other.package for other in scope.imports.values() if other}
    return Package(
        name=document.package,
        path=document.source.path,
        imports=tuple(sorted(imported - {document.package})),
        version=document.version,
        doc=document.notes.doc,
        types=table.all(),
        errors=services.errors(),
        services=services.services(),
        extensions=document.notes.extensions,
    )


def _scopes(documents: Sequence[Document], report: Report) -> dict[str, Scope]:
    """Return the scope of each package; of two with one name the first counts."""
    scopes: dict[str, Scope] = {}
    by_path: dict[str, Scope] = {}
    for document in documents:
        first = scopes.get(document.package)
        if first is None:
            first = scopes[document.package] = Scope(document, report)
        else:
            _report_repeated(document, first.document, report)
        by_path[document.source.path] = first
    for scope in scopes.values():
        for import_ in scope.document.imports:
            _add_import(scope, import_, by_path)
    return scopes


def _add_import(scope: Scope, import_: ImportDecl, by_path: dict[str, Scope]) -> None:
    path = imported_path(scope.document.source.path, import_.path.text)
    imported = None if path is None else by_path.get(str(path))
    if imported is scope:
        scope.report(
            Diagnostic(
                code="IDL107",
                message=f"`{import_.name.text}` imports the file that it stands in",
                span=scope.document.place(import_.path),
                hint="types of this file need no import",
            )
        )
    scope.imports[import_.name.text] = imported


def _report_repeated(document: Document, first: Document, report: Report) -> None:
    report(
        Diagnostic(
            code="IDL107",
            message=f"package `{document.package}` is declared by two files",
            span=Span(document.source, 0, 0),
            labels=(Label(Span(first.source, 0, 0), "by this one first"),),
            hint="one file is one package: rename one of the two",
        )
    )
