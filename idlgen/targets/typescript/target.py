"""The target `typescript`: which files a package makes, and of which templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, cast

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates
from idlgen.emit.templates import Templates
from idlgen.model import Api, Package
from idlgen.targets import Comment, OptionError, RenderedFile
from idlgen.targets.tsdoc.names import colliding_types
from idlgen.targets.tsdoc.scope import free_among
from idlgen.targets.typescript.client_view import clients_view
from idlgen.targets.typescript.descriptors_view import descriptors_view, shapes_view
from idlgen.targets.typescript.errors_view import errors_view
from idlgen.targets.typescript.filters import FILTERS
from idlgen.targets.typescript.index_view import index_view
from idlgen.targets.typescript.modules import module_stem, runtime_module
from idlgen.targets.typescript.runtime_files import runtime_files
from idlgen.targets.typescript.shapes import Shapes
from idlgen.targets.typescript.types_view import types_view
from idlgen.targets.typescript.validation_view import EXPORTED, validation_view

_PACKAGE = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")
_RUNTIME = "idl"
# Who wants it imports it by itself: others load nothing of it.
_APART = "validation"


class TypeScriptTarget:
    """Renders a package as an ES-module client for browsers and node.

    The option `runtime` names the npm package that holds the runtime; without it the
    runtime is written to the output folder.
    """

    OPTIONS: ClassVar[Mapping[str, type]] = {"runtime": str}
    name = "typescript"

    def __init__(
        self, options: Mapping[str, object], templates: OwnTemplates | None = None
    ) -> None:
        self._runtime = cast(str | None, options.get("runtime"))
        if self._runtime is not None and not _PACKAGE.fullmatch(self._runtime):
            raise OptionError(
                "runtime", "must be the name of an npm package, such as `@acme/idlgen`"
            )
        self._templates = Templates(self.name, FILTERS, templates)

    def check(self, api: Api, package: Package) -> Iterator[Diagnostic]:
        """Yield each name that TypeScript cannot tell from another."""
        del api
        yield from colliding_types(package)

    def render(self, api: Api, package: Package) -> Iterator[RenderedFile]:
        """Yield the package's modules, those that would hold something.

        The runtime belongs to no package.
        """
        if self._runtime is None:
            for path, text in runtime_files():
                yield self._file(path, f"\n{text}", package=None)
        shown = []
        for name, view in self._views(api, package):
            if not name.startswith("_") and name != _APART:
                shown.append(name)
            yield self._module(package, name, view)
        yield self._module(package, "index", index_view(package, shown))

    def _views(self, api: Api, package: Package) -> Iterator[tuple[str, Record]]:
        runtime = self._runtime or runtime_module(package.name)
        shapes = Shapes(api, _free([_RUNTIME]))
        if package.types:
            yield "types", types_view(api, package)
        if package.errors:
            yield "errors", errors_view(api, package, shapes, runtime)
        if package.services:
            yield "_service", descriptors_view(api, package, shapes, runtime)
            yield "client", clients_view(api, package, runtime)
            free = _free([_RUNTIME, EXPORTED])
            yield _APART, validation_view(api, package, free, _RUNTIME, runtime)
        if shapes.views():
            yield "_shapes", shapes_view(package, shapes.views(), _RUNTIME, runtime)

    def _module(self, package: Package, name: str, view: Record) -> RenderedFile:
        body = self._templates.render(f"{name}.ts.j2", view)
        path = f"{module_stem(package.name, name)}.ts"
        return self._file(path, body, package=package.name)

    def _file(self, path: str, body: str, *, package: str | None) -> RenderedFile:
        return RenderedFile(
            path=path,
            body=body,
            comment=Comment.SLASHES,
            target=self.name,
            package=package,
        )


def _free(names: Iterable[str]) -> Callable[[str], str]:
    """Return what makes names that no other has in a module with these `names`."""
    taken = {*names}

    def free(name: str) -> str:
        name = free_among(name, taken)
        taken.add(name)
        return name

    return free
