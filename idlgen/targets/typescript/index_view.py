"""The view of index.ts: all that users of a package import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct as Record

from idlgen.model import Package
from idlgen.targets.tsdoc.comments import comment, one_line
from idlgen.targets.typescript.modules import own_module


class IndexView(Record, frozen=True):
    """All of index.ts; `modules` are literals."""

    comment: str
    modules: Sequence[str]
    extensions: Mapping[str, object]


def index_view(package: Package, modules: Sequence[str]) -> IndexView:
    """Return the view of index.ts for a package that has the `modules`."""
    version = f"Version {one_line(package.version)}." if package.version else ""
    return IndexView(
        comment=comment(
            "",
            package.doc or f"Client of package {package.name}.",
            (version,) if version else (),
            ("@packageDocumentation",),
        ),
        modules=[own_module(package.name, name) for name in modules],
        extensions=package.extensions,
    )
