"""The output folder as it stands, read without ever leaving it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.workspace.paths import as_text, shown
from idlgen.workspace.stamps import MARK_LENGTH, may_be_ours
from idlgen.workspace.transaction import TEMPORARY

PASSED_OVER = frozenset({"__pycache__", "node_modules", ".git", ".venv"})
"""Folders that hold no generated files, and no schemas, however many files they hold."""


class Existing(Record, frozen=True):
    """What stands at a path: its bytes and permissions, None if nothing does.

    `problem` tells why nothing can be written there.
    """

    data: bytes | None = None
    mode: int | None = None
    problem: Diagnostic | None = None


class OutputTree:
    """Looks into the real folder `root`; messages are relative to `base`."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root = root
        self._base = base
        self._folders: dict[str, Diagnostic | None] = {}

    def shown(self, path: str) -> str:
        """Return how messages call the file `path` of the tree."""
        return shown(self.root / path, self._base)

    def read(self, path: str) -> Existing:
        """Return what stands at `path`, which is relative and has slashes."""
        pure = PurePosixPath(path)
        if not _stays_inside(path):
            return Existing(problem=self._escaping(path))
        problem = self._folder_problem(pure.parent)
        return Existing(problem=problem) if problem else self._read_file(path)

    def _read_file(self, path: str) -> Existing:
        file = self.root / path
        try:
            status = file.lstat()
            if stat.S_ISREG(status.st_mode):
                return Existing(file.read_bytes(), stat.S_IMODE(status.st_mode))
        except FileNotFoundError:
            return Existing()
        except OSError as error:
            return Existing(problem=self._unreadable(path, error))
        if stat.S_ISLNK(status.st_mode):
            return Existing(problem=self._linked(path))
        return Existing(problem=self._in_the_way(path, "is not a file", "a file"))

    def _folder_problem(self, folder: PurePosixPath) -> Diagnostic | None:
        """Return why files cannot be written into `folder`, looked up once each."""
        key = str(folder)
        if key not in self._folders:
            above = None if key == "." else self._folder_problem(folder.parent)
            self._folders[key] = above or self._look_at_folder(key)
        return self._folders[key]

    def _look_at_folder(self, path: str) -> Diagnostic | None:
        folder = self.root / path
        try:
            status = folder.lstat()
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            return self._in_the_way(path, "lies beneath a file", "a folder")
        except OSError as error:
            return self._unreadable(path, error)
        if stat.S_ISLNK(status.st_mode):
            inside = folder.is_dir() and folder.resolve().is_relative_to(self.root)
            return None if inside else self._linked(path)
        if not stat.S_ISDIR(status.st_mode):
            return self._in_the_way(path, "is a file", "a folder")
        return None

    def carriers(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of every file that may carry our header, sorted.

        Hidden folders, links, the folders of other idlgen projects and what another
        build is writing at the moment are passed over.
        """
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(
                name for name in folders if self._belongs(Path(folder, name))
            )
            for name in sorted(files):
                data = _marked(Path(folder, name))
                if data is not None and not name.endswith(TEMPORARY):
                    path = Path(folder, name).relative_to(self.root)
                    yield as_text(path), data

    def _belongs(self, folder: Path) -> bool:
        if folder.name.startswith(".") or folder.name in PASSED_OVER:
            return False
        if (folder / "idlgen.toml").exists():
            return False
        try:
            return b"[tool.idlgen" not in (folder / "pyproject.toml").read_bytes()
        except OSError:
            return True

    def _escaping(self, path: str) -> Diagnostic:
        return Diagnostic(
            code="IDL463",
            message=f"a target wants to write `{path}`, outside the output folder",
            path=shown(self.root, self._base),
            hint="this is a fault of the target: report it to its authors",
        )

    def _linked(self, path: str) -> Diagnostic:
        return Diagnostic(
            code="IDL462",
            message=f"`{self.shown(path)}` is a link that leads out of the output",
            path=self.shown(path),
            hint="replace the link by what it points to, or choose another `--out`",
        )

    def _in_the_way(self, path: str, fact: str, wanted: str) -> Diagnostic:
        called = self.shown(path)
        return Diagnostic(
            code="IDL460",
            message=f"`{called}` {fact}, where {wanted} must be",
            path=called,
            hint="move it, or choose another output folder with `--out`",
        )

    def _unreadable(self, path: str, error: OSError) -> Diagnostic:
        called = self.shown(path)
        return Diagnostic(
            code="IDL461",
            message=f"cannot read `{called}`: {error.strerror or error}",
            path=called,
            hint="give the user who runs idlgen the right to read it",
        )


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    clean = not any(char in path for char in "\\:\0")
    return clean and not any(part in ("", ".", "..") for part in parts)


def _marked(file: Path) -> bytes | None:
    """Return the bytes of `file` if it begins like a generated one."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        with file.open("rb") as stream:
            head = stream.read(MARK_LENGTH)
            return head + stream.read() if may_be_ours(head) else None
    except OSError:
        return None
