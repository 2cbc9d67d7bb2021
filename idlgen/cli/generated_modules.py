"""Generated Python that is imported from memory: no file of it is ever on the disk."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.resources.abc import TraversableResources
from importlib.util import spec_from_loader
from io import BytesIO
from itertools import count
from pathlib import PurePosixPath
from types import ModuleType
from zipfile import Path as ZipPath, ZipFile

from idlgen.targets import Comment, RenderedFile

_NUMBERS = count(1)


class GeneratedModules(MetaPathFinder):
    """Finds the modules of one build, below a package whose name nobody else has.

    Files that are no modules are found by `importlib.resources`, as beside modules on
    the disk.
    """

    def __init__(self, files: Iterable[RenderedFile]) -> None:
        self._root = f"_idlgen_generated_{next(_NUMBERS)}"
        # Folders above packages are made once a package.
        bodies = {file.path: _body(file) for file in files}
        self._archive = ZipFile(_zipped(bodies))
        self._paths = frozenset(bodies)
        sys.meta_path.append(self)

    def module(self, path: str) -> ModuleType | None:
        """Import the module whose file is `path`, such as `user/client.py`, if it is one."""
        if path not in self._paths:
            return None
        parts = PurePosixPath(path).with_suffix("").parts
        name = ".".join((self._root, *parts))
        return import_module(name.removesuffix(".__init__"))

    def forget(self) -> None:
        """Let the modules go: nothing is found any more."""
        sys.meta_path.remove(self)
        for name in [it for it in sys.modules if it.split(".")[0] == self._root]:
            del sys.modules[name]

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return how the module is loaded, if it is one of these."""
        del path, target  # the name says all
        root, *parts = fullname.split(".")
        if root != self._root:
            return None
        folder = "".join(f"{part}/" for part in parts)
        for file in (f"{folder}__init__.py", f"{'/'.join(parts)}.py"):
            if file in self._paths:
                loader = _Loader(self._archive, folder, file)
                return spec_from_loader(fullname, loader, origin=file)
        return None


class _Loader(ExecutionLoader):
    """Loads one module; `folder` is where its resources are."""

    def __init__(self, archive: ZipFile, folder: str, file: str) -> None:
        self._archive = archive
        self._folder = folder
        self._file = file

    def is_package(self, fullname: str) -> bool:
        del fullname  # a loader has one module
        return self._file.endswith("__init__.py")

    def get_filename(self, fullname: str) -> str:
        del fullname  # a loader has one module
        return f"<{self._file}>"

    def get_source(self, fullname: str) -> str:
        del fullname  # a loader has one module
        return self._archive.read(self._file).decode()

    def get_resource_reader(self, fullname: str) -> TraversableResources:
        del fullname  # a loader has one module
        return _Resources(ZipPath(self._archive, self._folder))


class _Resources(TraversableResources):
    def __init__(self, folder: ZipPath) -> None:
        self._folder = folder

    def files(self) -> ZipPath:
        return self._folder


def _body(file: RenderedFile) -> str:
    # The header that begins the object is for drift, which nobody looks for here.
    return f"{{\n{file.body}" if file.comment is Comment.JSON else file.body


def _zipped(bodies: Mapping[str, str]) -> BytesIO:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for path, body in bodies.items():
            archive.writestr(path, body)
    return buffer
