"""Reads the schemas of a project, and what they import from inside it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NoReturn

from idlgen.diagnostics import Diagnostic
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.syntax.imports import RELATIVE
from idlgen.syntax.loading import Moved, ReadFault
from idlgen.syntax.parser import too_large
from idlgen.syntax.yaml_reader import MAX_BYTES
from idlgen.workspace.paths import as_path, as_text, real, relative
from idlgen.workspace.project import Project
from idlgen.workspace.schemas import SchemaFile, same_name

MAX_SUGGESTIONS = 20
"""Missing files of a run for which the nearest name is sought, which takes time."""

_MISSING = "name a schema that exists, or run `idlgen init` to begin a project"
_RIGHTS = "give the user who runs idlgen the right to read it"
_SCHEMAS = "import the schema files themselves"


class SchemaReader:
    """Gives the compiler the bytes of schemas by their paths.

    The paths are relative to the folder that holds all that may be read: the project
    and the schemas that the command names, wherever these lie. So none begins with
    `..`, and each file has one.

    What schemas import must lie in the folder of the configuration, or without one in
    that of a schema which the command names.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        folders = {file.place.parent for file in project.schemas}
        self._roots = {project.root} if project.configured else folders
        self._base = Path(os.path.commonpath([*self._roots, *folders]))
        self._files = {self._path_of(file.place): file for file in project.schemas}
        self.entries = tuple(self._files)
        self._suggestions = 0

    def read(self, path: PurePosixPath) -> bytes:
        """Return the bytes of the file `path`, an entry or an imported one.

        Raises:
            ReadFault: it cannot be had; nothing outside the project was read.
            Moved: links lead to a file inside the project.
        """
        if path in self._files:
            return self._read_entry(path, self._files[path])
        place = self._base / as_path(str(path))
        if ".." in path.parts or not self._holds(place):
            self._refuse(place, "`{}` lies outside the project")
        followed = real(place)
        if not self._holds(followed):
            self._refuse(place, "`{}` leads out of the project through a link")
        if followed != place:
            raise Moved(self._path_of(followed))
        file = self._imported(place)
        data = self._read_import(path, file)
        self._files[path] = file
        return data

    @property
    def labels(self) -> Mapping[str, str]:
        """What headers call the files that were read, by path."""
        return {str(path): str(file.label) for path, file in self._files.items()}

    @property
    def names(self) -> Mapping[str, str]:
        """What messages call the files, by path."""
        if self._project.configured:
            return self.labels
        return {str(path): file.shown for path, file in self._files.items()}

    @property
    def places(self) -> tuple[Path, ...]:
        """Where the files that were read lie, absolute and without links."""
        return tuple(file.place for file in self._files.values())

    def _path_of(self, place: Path) -> PurePosixPath:
        return PurePosixPath(as_text(place.relative_to(self._base)))

    def _holds(self, place: Path) -> bool:
        return any(place.is_relative_to(root) for root in self._roots)

    def _called(self, place: Path) -> str:
        return relative(Path(os.path.normpath(place)), self._project.base)

    def _refuse(self, place: Path, message: str) -> NoReturn:
        hint = (
            "only what lies in the folder of the configuration can be imported"
            if self._project.configured
            else "add an `idlgen.toml` to a folder above both"
        )
        message = message.format(self._called(place))
        raise ReadFault(Diagnostic(code="IDL029", message=message, hint=hint))

    def _imported(self, place: Path) -> SchemaFile:
        """Return the file that is imported, if headers can tell it from the others.

        Raises:
            ReadFault: another file of the run has its label.
        """
        root = self._project.root
        bare = not self._project.configured
        label = as_text(Path(place.name)) if bare else relative(place, root)
        file = SchemaFile(PurePosixPath(label), place, place, self._called(place))
        for other in self._files.values():
            if other.label == file.label:
                raise ReadFault(same_name(file.label, other.place, place))
        return file

    def _read_entry(self, path: PurePosixPath, file: SchemaFile) -> bytes:
        try:
            return file.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            message = f"no such file: `{file.shown}`"
            hint = self._neighbour(file.path) or _MISSING
            raise _entry_fault("IDL001", message, path, hint) from error
        except OSError as error:
            raise _unreadable_entry(path, file, error) from error

    def _read_import(self, path: PurePosixPath, file: SchemaFile) -> bytes:
        try:
            status = file.path.stat()
            # Reading a pipe waits for ever, and a device may never end.
            if not stat.S_ISREG(status.st_mode):
                what = "a folder" if stat.S_ISDIR(status.st_mode) else "no file"
                raise _import_fault(f"`{file.shown}` is {what}, not a schema", _SCHEMAS)
            if status.st_size > MAX_BYTES:
                raise ReadFault(too_large(str(path), status.st_size))
            return file.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            hint = self._neighbour(file.path) or RELATIVE
            raise _import_fault(f"no such file: `{file.shown}`", hint) from error
        except OSError as error:
            message = f"cannot read `{file.shown}`: {error.strerror or error}"
            raise _import_fault(message, _RIGHTS) from error

    def _neighbour(self, path: Path) -> str | None:
        """Return a hint at the file in the same folder that was probably meant."""
        self._suggestions += 1
        if self._suggestions > MAX_SUGGESTIONS:
            return None
        try:
            with os.scandir(path.parent) as entries:
                files = (it for it in entries if not it.is_dir(follow_symlinks=False))
                names = sorted(as_text(Path(file.name)) for file in files)
        except OSError:
            return None
        return did_you_mean(as_text(Path(path.name)), names)


def _unreadable_entry(
    path: PurePosixPath, file: SchemaFile, error: OSError
) -> ReadFault:
    if isinstance(error, IsADirectoryError) or file.path.is_dir():
        message = f"`{file.shown}` is a folder, not a schema"
        hint = f"name the files in it, for instance `{file.shown}/*.yaml`"
        return _entry_fault("IDL002", message, path, hint)
    message = f"cannot read `{file.shown}`: {error.strerror or error}"
    return _entry_fault("IDL003", message, path, _RIGHTS)


def _entry_fault(code: str, message: str, path: PurePosixPath, hint: str) -> ReadFault:
    return ReadFault(Diagnostic(code=code, message=message, path=str(path), hint=hint))


def _import_fault(message: str, hint: str) -> ReadFault:
    return ReadFault(Diagnostic(code="IDL028", message=message, hint=hint))
