"""Reads a YAML tree into a Document: the shape of the language, and nothing of its meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from idlgen.diagnostics import Diagnostic, Source, Span
from idlgen.syntax import forms
from idlgen.syntax.nodes import Document, ImportDecl
from idlgen.syntax.service_reader import ServiceReader
from idlgen.syntax.shapes import IMPORT_NAME, ShapeReader
from idlgen.syntax.type_reader import TypeReader
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    as_int,
    is_null,
)

NEWEST_EDITION = 1

_PACKAGE_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def read_document(
    source: Source, root: Node, report: Callable[[Diagnostic], None]
) -> Document:
    """Return what `root`, the tree of `source`, declares; faults of shape are reported.

    What is faulty is left out or stands with None for its type, so that the rest of
    the file is still checked.
    """
    return _Reader(source, report).document(root)


class _Reader(ShapeReader):
    """The outermost map."""

    def document(self, root: Node) -> Document:
        entries = self.entries(root, forms.DOCUMENT)
        self.edition(entries.get("edition"))
        notes = self.notes(entries)
        types = TypeReader(self.source, self.emit)
        services = ServiceReader(self.source, self.emit)
        return Document(
            source=self.source,
            complete=isinstance(root, MappingNode) and root.complete,
            package=self.package(entries.get("package")),
            version=self.version(entries.get("version")),
            notes=notes,
            imports=[*self.imports(entries.get("imports"))],
            types=[*types.types(entries.get("types"))],
            errors=[*services.errors(entries.get("errors"))],
            services=[*services.services(entries.get("services"))],
        )

    def edition(self, entry: Entry | None) -> None:
        if entry is None or isinstance(entry.value, ErrorNode):
            return
        if as_int(entry.value) != NEWEST_EDITION:
            self.report(
                "IDL024",
                entry.value,
                "the edition of the language is not known",
                f"this version of idlgen knows edition {NEWEST_EDITION}",
            )

    def package(self, entry: Entry | None) -> str:
        if entry is not None:
            name = self.text(entry)
            if name is not None and not _PACKAGE_NAME.fullmatch(name):
                self.report(
                    "IDL101",
                    entry.value,
                    f"`{name}` is not a package name",
                    "write dotted lower_snake words, such as `acme.user_accounts`",
                )
            return name or "_"
        stem = PurePosixPath(self.source.path).stem
        if not _PACKAGE_NAME.fullmatch(stem):
            self.emit(
                Diagnostic(
                    code="IDL101",
                    message=f"the file's name gives no package name: `{stem}`",
                    span=Span(self.source, 0, 0),
                    hint="add `package:` with a dotted lower_snake name",
                )
            )
        return stem

    def imports(self, entry: Entry | None) -> Iterator[ImportDecl]:
        for name, value in self.named(entry, "imports", IMPORT_NAME):
            if isinstance(value, ScalarNode) and not is_null(value):
                yield ImportDecl(name, value)
            else:
                self.shape(value, f"import `{name.text}`", "the path of a schema")
