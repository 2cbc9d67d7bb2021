"""What `user.d.ts` shows of a package, as strings that need no more than printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from idlgen.model import Api, Package
from idlgen.targets.docs.paths import module
from idlgen.targets.docs.typescript_methods import ServiceView, service_view
from idlgen.targets.tsdoc.comments import comment, one_line
from idlgen.targets.tsdoc.declarations import (
    Declarations,
    ErrorView,
    TypeView,
)
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes


class TypeScriptView(NamedTuple):
    """All of the file; `is_empty` where it would declare nothing."""

    comment: str
    imports: Sequence[str]
    types: Sequence[TypeView]
    errors: Sequence[ErrorView]
    services: Sequence[ServiceView]
    is_empty: bool
    extensions: Mapping[str, object]


def typescript_view(api: Api, package: Package) -> TypeScriptView:
    """Return what the declarations of `package` look like in TypeScript."""
    scope = Scope(api, package, partial(module, package.name))
    writer = TypeScriptTypes(api, package.name, scope)
    declarations = Declarations(package, scope, writer)
    types = [
        view for each in package.types.values() for view in declarations.type(each)
    ]
    errors = [declarations.error(each) for each in package.errors.values()]
    services = [
        service_view(api, scope, writer, each) for each in package.services.values()
    ]
    return TypeScriptView(
        comment=_package_comment(package),
        imports=scope.imports(),
        types=types,
        errors=errors,
        services=services,
        is_empty=not (types or errors or services),
        extensions=package.extensions,
    )


def _package_comment(package: Package) -> str:
    version = f"Version {one_line(package.version)}." if package.version else ""
    return comment(
        "",
        package.doc or f"Interface of package {package.name}.",
        (version,) if version else (),
        ("@packageDocumentation",),
    )
