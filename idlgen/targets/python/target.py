"""The target `python`: which files a package makes, and of which templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates
from idlgen.emit.templates import Templates
from idlgen.model import Api, Package
from idlgen.targets import Comment, OptionError, RenderedFile
from idlgen.targets.python.client_view import clients_view
from idlgen.targets.python.collisions import collisions
from idlgen.targets.python.descriptors_view import descriptors_view
from idlgen.targets.python.errors_view import errors_view
from idlgen.targets.python.fakes_view import fakes_view
from idlgen.targets.python.filters import FILTERS
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import module_path
from idlgen.targets.python.server_view import servers_view
from idlgen.targets.python.service_names import service_names
from idlgen.targets.python.types_view import types_view
from idlgen.targets.python.wire_names import unusable_wire_names

DEFAULT_LINE_LENGTH = 88
MIN_LINE_LENGTH = 20


class PythonTarget:
    """Renders a package as typed Python.

    The option `line_length` is the columns that lines may take; names and strings that
    are longer than that stay on lines of their own.
    """

    OPTIONS: ClassVar[Mapping[str, type]] = {"line_length": int}
    name = "python"

    def __init__(
        self, options: Mapping[str, object], templates: OwnTemplates | None = None
    ) -> None:
        line_length = cast(int, options.get("line_length", DEFAULT_LINE_LENGTH))
        if line_length < MIN_LINE_LENGTH:
            raise OptionError("line_length", f"must be at least {MIN_LINE_LENGTH}")
        self._layout = Layout(line_length)
        self._templates = Templates(self.name, FILTERS, templates, line_length)

    def check(self, api: Api, package: Package) -> Iterator[Diagnostic]:
        """Yield each name that Python cannot tell from another or cannot have."""
        yield from collisions(api, package)
        yield from unusable_wire_names(package)

    def render(self, api: Api, package: Package) -> Iterator[RenderedFile]:
        """Yield the package's modules, those that would hold something.

        The folders above the package get an `__init__.py` that belongs to no package,
        unless they are packages of this build themselves.
        """
        folder = module_path(package.name)
        for path in _folders_above(api, package):
            yield self._file(path, "", package=None)
        for name, view in self._views(api, package):
            body = self._templates.render(f"{name}.j2", view)
            yield self._file(f"{folder}/{name}", body, package=package.name)
        for name in ("__init__.py", "py.typed"):
            yield self._file(f"{folder}/{name}", "", package=package.name)

    def _views(self, api: Api, package: Package) -> Iterator[tuple[str, Record]]:
        layout = self._layout
        if package.types:
            yield "types.py", types_view(api, package, layout)
        if package.errors:
            yield "errors.py", errors_view(api, package, layout)
        if package.services:
            services = [service_names(package, s) for s in package.services.values()]
            yield "_service.py", descriptors_view(api, package, services, layout)
            yield "client.py", clients_view(api, package, services, layout)
            yield "server.py", servers_view(api, package, services, layout)
            yield "testing.py", fakes_view(api, package, services, layout)

    def _file(self, path: str, body: str, *, package: str | None) -> RenderedFile:
        return RenderedFile(
            path=path,
            body=body,
            comment=Comment.HASH,
            target=self.name,
            package=package,
        )


def _folders_above(api: Api, package: Package) -> Iterator[str]:
    yield "__init__.py"
    parts = package.name.split(".")
    for count in range(1, len(parts)):
        above = ".".join(parts[:count])
        if above not in api.packages:
            yield f"{module_path(above)}/__init__.py"
