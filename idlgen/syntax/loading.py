"""Reads the schemas of a build and all that they import, each file once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec.structs import replace

from idlgen.diagnostics import Diagnostic, Span
from idlgen.syntax.imports import RELATIVE, imported_path, path_between, path_fault
from idlgen.syntax.nodes import Document, ImportDecl
from idlgen.syntax.parser import parse

MAX_IMPORTED = 1_000
"""How many files, links among them, imports may add to those that a build was given."""

MAX_IMPORTED_BYTES = 32 * 1024 * 1024
"""How many bytes these files may have together."""

MAX_IMPORTED_VALUES = 1_000_000
"""How many YAML values they may hold together, as many as one file alone."""

Read: TypeAlias = Callable[[PurePosixPath], bytes | None]
"""Returns the bytes of a file, or None if there is no such file.

Raises:
    ReadFault: the file cannot be had, for a reason.
    Moved: the file is known by another path, as where a link leads to it.
"""

Report: TypeAlias = Callable[[Diagnostic], None]


class ReadFault(Exception):
    """Why a file cannot be read.

    A diagnostic that names no `path` is shown at every import of the file.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Moved(Exception):
    """The one path, of all that lead to a file, that the file is known by."""

    def __init__(self, path: PurePosixPath) -> None:
        super().__init__(str(path))
        self.path = path


def load(
    entries: Iterable[PurePosixPath], read: Read, report: Report
) -> list[Document]:
    """Return the Documents of `entries` and of what they import, entries first.

    Files may import each other. A file that cannot be read is reported where it is
    imported, and what is wrong inside a file in that file; neither has a Document.
    """
    loading = _Loading(read, report)
    for entry in entries:
        loading.add_entry(entry)
    return loading.with_imports()


class _Loading:
    """Files that were asked for, and the Documents whose imports wait to be followed."""

    def __init__(self, read: Read, report: Report) -> None:
        self._read = read
        self._report = report
        self._waiting: deque[Document] = deque()
        self._seen: set[PurePosixPath] = set()
        self._moved: dict[PurePosixPath, PurePosixPath] = {}
        # Told anew wherever the file is imported.
        self._faults: dict[PurePosixPath, Diagnostic] = {}
        self._imported = 0
        self._imported_bytes = 0
        self._imported_values = 0
        self._is_full = False

    def add_entry(self, path: PurePosixPath) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        found = self._content(path)
        if isinstance(found, bytes):
            self._parse(path, found)
        elif found.path is None:
            self._report(replace(found, code="IDL001", path=str(path)))
        else:
            self._report(found)

    def with_imports(self) -> list[Document]:
        documents = []
        while self._waiting:
            documents.append(self._followed(self._waiting.popleft()))
        return documents

    def _followed(self, document: Document) -> Document:
        """Return `document`, its imports loaded.

        An import that goes through a link is written anew without it, so that later
        stages know each file by one path.
        """
        imports = [self._follow(document, import_) for import_ in document.imports]
        return replace(document, imports=imports)

    def _follow(self, document: Document, import_: ImportDecl) -> ImportDecl:
        importer, written = document.source.path, import_.path.text
        place = document.place(import_.path)
        path = imported_path(importer, written)
        if path is None:
            self._report(_no_path(written, place))
            return import_
        known = self._import(path, place)
        if known == path:
            return import_
        direct = path_between(importer, known)
        if path_fault(direct) is not None:
            self._report(_no_path(direct, place))
        return replace(import_, path=replace(import_.path, text=direct))

    def _import(self, path: PurePosixPath, place: Span) -> PurePosixPath:
        """Load the file `path` if it is new; return the path that it is known by."""
        path = self._moved.get(path, path)
        if path not in self._seen and not self._is_full:
            try:
                self._load(path, place)
            except Moved as moved:
                self._moved[path] = moved.path
                return self._import(moved.path, place)
        if path in self._faults:
            self._report(replace(self._faults[path], span=place))
        return path

    def _load(self, path: PurePosixPath, place: Span) -> None:
        self._imported += 1
        if self._imported > MAX_IMPORTED:
            self._stop(f"more than {MAX_IMPORTED:,} files are imported", place)
            return
        found = self._content(path)
        self._seen.add(path)
        if isinstance(found, bytes):
            self._load_content(path, found, place)
        elif found.path is None:
            self._faults[path] = found
        else:
            self._report(found)

    def _load_content(self, path: PurePosixPath, content: bytes, place: Span) -> None:
        self._imported_bytes += len(content)
        if self._imported_bytes > MAX_IMPORTED_BYTES:
            self._stop(f"more than {MAX_IMPORTED_BYTES:,} bytes are imported", place)
            return
        self._parse(path, content, self._count)
        if self._imported_values > MAX_IMPORTED_VALUES:
            self._stop(f"more than {MAX_IMPORTED_VALUES:,} values are imported", place)

    def _count(self, values: int) -> None:
        self._imported_values += values

    def _content(self, path: PurePosixPath) -> bytes | Diagnostic:
        try:
            content = self._read(path)
        except ReadFault as fault:
            return fault.diagnostic
        return _no_such_file(path) if content is None else content

    def _parse(
        self,
        path: PurePosixPath,
        content: bytes,
        count: Callable[[int], None] | None = None,
    ) -> None:
        document = parse(str(path), content, self._report, count)
        if document is not None:
            self._waiting.append(document)

    def _stop(self, message: str, place: Span) -> None:
        self._is_full = True
        self._report(
            Diagnostic(
                code="IDL030",
                message=message,
                span=place,
                hint="import fewer, or name schemas to the command: those do not count",
            )
        )


def _no_path(written: str, place: Span) -> Diagnostic:
    fault = path_fault(written)
    assert fault is not None
    return Diagnostic(code="IDL027", message=fault.message, span=place, hint=fault.hint)


def _no_such_file(path: PurePosixPath) -> Diagnostic:
    return Diagnostic(
        code="IDL028",
        message=f"no such file: `{path}`",
        hint=RELATIVE,
    )
