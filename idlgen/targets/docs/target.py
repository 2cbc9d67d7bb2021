"""The target `docs`: `user.d.ts` and `user.md` of package `user`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates
from idlgen.emit.templates import Templates
from idlgen.model import Api, Package
from idlgen.targets import Comment, RenderedFile
from idlgen.targets.docs.filters import FILTERS
from idlgen.targets.docs.markdown_view import markdown_view
from idlgen.targets.docs.paths import stem
from idlgen.targets.docs.typescript_view import typescript_view
from idlgen.targets.tsdoc.names import colliding_types


class DocsTarget:
    """Renders a package for those who read it, whatever language they call it from."""

    OPTIONS: ClassVar[Mapping[str, type]] = {}
    name = "docs"

    def __init__(
        self, options: Mapping[str, object], templates: OwnTemplates | None = None
    ) -> None:
        del options  # there are none
        # Built-in templates need none: what they print went through `emit` in the views.
        self._templates = Templates(self.name, FILTERS, templates)

    def check(self, api: Api, package: Package) -> Iterator[Diagnostic]:
        """Yield the types that `name:` calls as others are called.

        Every name that a schema admits has its place in both files.
        """
        del api
        yield from colliding_types(package)

    def render(self, api: Api, package: Package) -> Iterator[RenderedFile]:
        """Yield `acme/user/user.d.ts` and `acme/user/user.md` for `acme.user`."""
        path = stem(package.name)
        yield RenderedFile(
            path=f"{path}.d.ts",
            body=self._templates.render(
                "package.d.ts.j2", typescript_view(api, package)
            ),
            comment=Comment.SLASHES,
            target=self.name,
            package=package.name,
        )
        yield RenderedFile(
            path=f"{path}.md",
            body=self._templates.render("package.md.j2", markdown_view(api, package)),
            comment=Comment.XML,
            target=self.name,
            package=package.name,
        )
