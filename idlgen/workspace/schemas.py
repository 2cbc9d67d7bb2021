"""The schema files that a run is given: which they are, and what they are called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.workspace.paths import as_path, as_text, placed, real, relative, shown

_MAGIC = re.compile(r"[*?\[]")


class SchemaFile(Record, frozen=True):
    """One schema.

    - `label`: what headers call it.
    - `place`: where it lies, absolute and without links.
    - `path`: what opens it.
    - `shown`: what messages call it.
    """

    label: PurePosixPath
    place: Path
    path: Path
    shown: str


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
        place = real(path) if by_name else placed(path, root)
        called = PurePosixPath(
            as_text(Path(place.name)) if by_name else relative(place, root)
        )
        file = SchemaFile(called, place, path, shown(path, base))
        known = files.setdefault(called, file)
        if known.place != place:
            diagnostics.append(same_name(called, known.path, path))
    return list(files.values()), diagnostics


def same_name(called: PurePosixPath, first: Path, second: Path) -> Diagnostic:
    """Return the complaint about two files that headers would call the same."""
    return Diagnostic(
        code="IDL508",
        message=f"two schemas are called `{called}`: `{as_text(first)}` and "
        f"`{as_text(second)}`",
        hint="headers name schemas relative to a configuration file: add an "
        "`idlgen.toml` to a folder above both",
    )
