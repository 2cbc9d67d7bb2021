"""Documents to packages to the Api of a build."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from idlgen.diagnostics import Diagnostic, Span
from idlgen.model import Api, Package
from idlgen.resolve.declarations import TypeTable
from idlgen.resolve.scope import Scope
from idlgen.resolve.services import ServiceResolver
from idlgen.syntax.nodes import Document


def resolve(documents: Sequence[Document], report: Callable[[Diagnostic], None]) -> Api:
    """Return the Api that `documents` declare together.

    What cannot be resolved is reported and stands as `ErrorType`, or is left out where
    it has no type, so that later stages can go on.
    """
    packages: dict[str, Package] = {}
    paths: dict[str, str] = {}
    for document in documents:
        if document.package in packages:
            _report_repeated(document, paths[document.package], report)
            continue
        packages[document.package] = _resolve_package(document, report)
        paths[document.package] = document.source.path
    return Api(packages=packages)


def _resolve_package(
    document: Document, report: Callable[[Diagnostic], None]
) -> Package:
    table = TypeTable(Scope(document, report))
    services = ServiceResolver(table)
    return Package(
        name=document.package,
        path=document.source.path,
        version=document.version,
        doc=document.notes.doc,
        types=table.all(),
        errors=services.errors(),
        services=services.services(),
        extensions=document.notes.extensions,
    )


def _report_repeated(
    document: Document, path: str, report: Callable[[Diagnostic], None]
) -> None:
    report(
        Diagnostic(
            code="IDL107",
            message=f"package `{document.package}` is declared by two files",
            span=Span(document.source, 0, 0),
            hint=f"the other is {path}: one file is one package; rename one",
        )
    )
