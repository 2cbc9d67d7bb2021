"""Changing several files at once: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from msgspec import Struct as Record

TEMPORARY = ".idlgen"
"""How the names of files end that exist only while others are written."""


class Write(Record, frozen=True):
    """New bytes for the file `path`; `mode` is that of the file it replaces, if any."""

    path: Path
    data: bytes
    mode: int | None


class Transaction:
    """Writes and removes files inside the folder `root`.

    Every new file is first written beside its place and then renamed into it; what it
    replaces stays under another name until the last rename is done. `at` is the path
    that is being worked on, for the message if it fails.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        # Not the process's number: in a container that is the same at each start.
        self._suffix = f".{os.urandom(4).hex()}{TEMPORARY}"
        self.at = root

    def run(self, writes: Sequence[Write], removals: Sequence[Path]) -> None:
        """Change the files.

        Raises:
            OSError: something could not be done; the tree is as it was.
        """
        replaced: list[Path] = []
        with ExitStack() as undo:
            staged = [(write, self._stage(write, undo)) for write in writes]
            for write, staged_file in staged:
                self.at = write.path
                if write.mode is not None:
                    replaced.append(self._keep(write.path, undo))
                else:
                    undo.callback(write.path.unlink, missing_ok=True)
                staged_file.replace(write.path)
            for path in removals:
                self.at = path
                replaced.append(self._set_aside(path, undo))
            undo.pop_all()
        for path in replaced:
            with suppress(OSError):
                path.unlink()
        for path in removals:
            self._drop_empty(path.parent)

    def _stage(self, write: Write, undo: ExitStack) -> Path:
        self.at = write.path
        self._make_folder(write.path.parent, undo)
        staged = self._beside(write.path, "new")
        undo.callback(staged.unlink, missing_ok=True)
        with staged.open("xb") as stream:
            stream.write(write.data)
        if write.mode is not None and staged.stat().st_mode & 0o7777 != write.mode:
            staged.chmod(write.mode)
        return staged

    def _make_folder(self, folder: Path, undo: ExitStack) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent, undo)
        folder.mkdir()
        undo.callback(folder.rmdir)

    def _keep(self, path: Path, undo: ExitStack) -> Path:
        """Give the file a second name, so that its own is never without a file."""
        kept = self._beside(path, "old")
        try:
            kept.hardlink_to(path)
        except OSError:  # a file system without links
            return self._set_aside(path, undo)
        undo.callback(self._bring_back, kept, path)
        return kept

    def _set_aside(self, path: Path, undo: ExitStack) -> Path:
        kept = self._beside(path, "old")
        path.rename(kept)
        undo.callback(kept.replace, path)
        return kept

    def _bring_back(self, kept: Path, path: Path) -> None:
        kept.replace(path)
        # Renaming one name of a file to another of its names does nothing at all.
        kept.unlink(missing_ok=True)

    def _beside(self, path: Path, role: str) -> Path:
        return path.with_name(f".{path.name}.{role}{self._suffix}")

    def _drop_empty(self, folder: Path) -> None:
        with suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent
