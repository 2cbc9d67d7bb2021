"""Whose schema a generated file belongs to, and whether that schema still makes it."""

from __future__ import annotations

import os
from collections.abc import Collection
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath

from idlgen.workspace.output_tree import PASSED_OVER
from idlgen.workspace.paths import as_path, as_text
from idlgen.workspace.project import Project


class Fate(StrEnum):
    """What is to become of a generated file that this run does not make."""

    LEFT = "left"
    REMOVED = "removed"
    REPORTED = "reported"
    """Its schema seems gone, but only by its name: `build` must not remove it."""


class Owners:
    """Judges files by the schema that their header names.

    `labels` are those of all schemas of the run, imported ones too; `made` are the
    paths of the files that it makes.

    An output folder inside the configuration's folder is the project's own, and labels
    are paths: a label that names no file means that the schema went. Elsewhere another
    project may write beside this one, with labels of its own that look the same; there
    only the folders that this run writes to are judged. Without a configuration labels
    are bare names, looked for beneath the working folder.
    """

    def __init__(
        self, project: Project, labels: Collection[str], made: Collection[str]
    ) -> None:
        self._project = project
        self._labels = labels
        self._folders = {PurePosixPath(path).parent for path in made}
        self._exclusive = project.configured and project.out.is_relative_to(
            project.root
        )

    def fate(self, path: str, label: str) -> Fate:
        """Return what becomes of the file `path` made from `label`, not made now."""
        ours = label in self._labels
        if self._exclusive:
            gone = ours or not self.exists(label)
            return Fate.REMOVED if gone else Fate.LEFT
        if ours and PurePosixPath(path).parent in self._folders:
            return Fate.REMOVED
        if self._project.configured or not self._sees_schemas:
            return Fate.LEFT
        if ours:
            alone = self._names.count(label) == 1
            return Fate.REMOVED if alone else Fate.LEFT
        return Fate.LEFT if label in self._names else Fate.REPORTED

    def is_foreign(self, label: str) -> bool:
        """Whether another schema, which still exists, is the owner of `label`'s files."""
        if label in self._labels:
            return False
        bare = not self._project.configured and self._sees_schemas
        return self.exists(label) or (bare and label in self._names)

    def exists(self, label: str) -> bool:
        """Whether the schema called `label` is there."""
        return os.path.lexists(self._project.root / as_path(label))

    @property
    def _sees_schemas(self) -> bool:
        cwd = self._project.cwd
        return all(file.path.is_relative_to(cwd) for file in self._project.schemas)

    @cached_property
    def _names(self) -> list[str]:
        """The names of all files beneath the working folder."""
        names: list[str] = []
        for _, folders, files in os.walk(self._project.cwd):
            folders[:] = [name for name in folders if name not in PASSED_OVER]
            names += (as_text(as_path(name)) for name in files)
        return names
