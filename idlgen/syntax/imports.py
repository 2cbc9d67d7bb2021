"""The paths that `imports` may name, and the files that they mean."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from unicodedata import category

from msgspec import Struct as Record

MAX_LENGTH = 1_000
"""Code points of the longest path of an import."""

RELATIVE = "the path of an import is relative to the file that it stands in"
"""The hint at what is most often wrong with one."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_DRIVE = re.compile(r"[A-Za-z]:")


class PathFault(Record, frozen=True):
    """Why a text is not the path of an import, and what to write instead."""

    message: str
    hint: str


def imported_path(importer: PurePosixPath | str, written: str) -> PurePosixPath | None:
    """Return the path of the file that `written` means in the schema `importer`.

    The path is normal: `.` and `..` are taken out as they are written, whatever is on
    the disk, so that a file has one path however it is spelt; where it leaves the
    folder that `importer` is relative to, it begins with `..`. None is returned where
    `path_fault` finds a fault in `written`.
    """
    if path_fault(written) is not None:
        return None
    parts: list[str] = []
    for part in (*PurePosixPath(importer).parent.parts, *written.split("/")):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return PurePosixPath(*parts)


def path_between(importer: PurePosixPath | str, imported: PurePosixPath) -> str:
    """Return what `importer` must write to import `imported`: `imported_path` undone.

    Both are normal paths that do not begin with `..`.
    """
    folder, up = PurePosixPath(importer).parent, ""
    while not imported.is_relative_to(folder):
        folder, up = folder.parent, f"{up}../"
    return f"{up}{imported.relative_to(folder)}"


def path_fault(written: str) -> PathFault | None:
    """Return why `written` cannot be the path of an import, or None if it can."""
    if not written:
        return PathFault("the path of an import is empty", RELATIVE)
    if len(written) > MAX_LENGTH:
        message = f"the path of an import has {len(written):,} characters"
        return PathFault(message, f"the limit is {MAX_LENGTH:,}")
    if any(category(character) in ("Cc", "Cs") for character in written):
        message = "the path of an import holds a control character or half a character"
        return PathFault(message, "rename the file")
    if "\\" in written:
        message = f"the path of an import has a backslash: `{written}`"
        return PathFault(message, "write `/` between folders, on Windows too")
    if _URL.match(written):
        message = f"a URL cannot be imported: `{written}`"
        return PathFault(message, "copy the file into the project and import the copy")
    if written.startswith("/") or _DRIVE.match(written):
        return PathFault(f"the path of an import is absolute: `{written}`", RELATIVE)
    if written.rpartition("/")[2] in ("", ".", ".."):
        message = f"the path of an import names a folder: `{written}`"
        return PathFault(message, "import a file in it")
    return None
