"""The schema files of a run: which they are, what they are called, what they hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.workspace.paths import as_path, as_text, label, real, shown

_MISSING = "name a schema that exists, or run `idlgen init` to begin a project"
_MAGIC = re.compile(r"[*?\[]")


class SchemaFile(Record, frozen=True):
    """One schema: what headers call it, where it lies, and what messages call it."""

    label: PurePosixPath
    path: Path
    shown: str


class Contents(Record, frozen=True):
    """The bytes of the schemas that could be read, by label."""

    data: Mapping[PurePosixPath, bytes]
    diagnostics: tuple[Diagnostic, ...]

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the bytes of the schema `path`, as the compiler asks for them."""
        return self.data.get(path)


def expand(
    patterns: Iterable[str], folder: Path
) -> tuple[list[Path], list[Diagnostic]]:
    """Return the files that paths and globs relative to `folder` name, sorted a glob.

    A path without `*`, `?` or `[` is returned whether it exists or not.
    """
    paths: list[Path] = []
    diagnostics = []
    for pattern in patterns:
        path = folder / as_path(pattern)
        if not _MAGIC.search(pattern) or os.path.lexists(path):
            paths.append(path)
            continue
        try:
            found = _glob(pattern, folder)
        except ValueError:  # `**` beside other characters
            found = []
        paths.extend(found)
        if not found:
            diagnostics.append(_no_match(pattern))
    return paths, diagnostics


def _glob(pattern: str, folder: Path) -> list[Path]:
    path = as_path(pattern)
    if path.is_absolute():
        folder, path = Path(path.anchor), path.relative_to(path.anchor)
    # A leading `..` is no part of a glob: step up first.
    parts = path.parts
    while parts[0] == "..":
        folder, parts = folder.parent, parts[1:]
    found = folder.glob(str(Path(*parts)))
    return sorted((file for file in found if file.is_file()), key=as_text)


def _no_match(pattern: str) -> Diagnostic:
    return Diagnostic(
        code="IDL507",
        message=f"`{pattern}` matches no file",
        hint="the globs of a configuration are relative to its folder; `**` must stand "
        "alone between slashes",
    )


def schema_files(
    paths: Sequence[Path], root: Path, base: Path, *, by_name: bool
) -> tuple[list[SchemaFile], list[Diagnostic]]:
    """Return each schema once, called relative to `root`, or by its name if `by_name`.

    Messages about the file itself call it relative to `base`.
    """
    files: dict[PurePosixPath, SchemaFile] = {}
    diagnostics = []
    for path in paths:
        place = real(path)
        text = label(place, place.parent) if by_name else label(path, root)
        called = PurePosixPath(text)
        known = files.setdefault(called, SchemaFile(called, path, shown(path, base)))
        if real(known.path) != place:
            diagnostics.append(_same_name(called, known.path, path))
    return list(files.values()), diagnostics


def _same_name(called: PurePosixPath, first: Path, second: Path) -> Diagnostic:
    return Diagnostic(
        code="IDL508",
        message=f"two schemas are called `{called}`: `{as_text(first)}` and "
        f"`{as_text(second)}`",
        hint="headers name schemas relative to a configuration file: add an "
        "`idlgen.toml` to a folder above both",
    )


def read_schemas(files: Iterable[SchemaFile]) -> Contents:
    """Return what `files` hold and a diagnostic for each that cannot be read."""
    data = {}
    diagnostics = []
    for file in files:
        try:
            data[file.label] = file.path.read_bytes()
        except OSError as error:
            diagnostics.append(_unreadable(file, error))
    return Contents(data, tuple(diagnostics))


def _unreadable(file: SchemaFile, error: OSError) -> Diagnostic:
    path = file.shown
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Diagnostic(
            code="IDL001",
            message=f"no such file: `{path}`",
            path=path,
            hint=_neighbour(file.path),
        )
    if isinstance(error, IsADirectoryError) or file.path.is_dir():
        return Diagnostic(
            code="IDL002",
            message=f"`{path}` is a folder, not a schema",
            path=path,
            hint=f"name the files in it, for instance `{path}/*.yaml`",
        )
    return Diagnostic(
        code="IDL003",
        message=f"cannot read `{path}`: {error.strerror or error}",
        path=path,
        hint="give the user who runs idlgen the right to read it",
    )


def _neighbour(path: Path) -> str:
    """Return a hint at the file in the same folder that was probably meant."""
    from idlgen.diagnostics.suggest import did_you_mean

    try:
        names = sorted(file.name for file in path.parent.iterdir() if file.is_file())
    except OSError:
        return _MISSING
    return did_you_mean(path.name, names) or _MISSING
