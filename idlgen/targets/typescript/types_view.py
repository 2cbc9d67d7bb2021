"""The view of types.ts: the types of the docs' declarations, and makers of newtypes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.model import Api, Newtype, Package
from idlgen.targets.tsdoc.comments import WIDTH, comment
from idlgen.targets.tsdoc.declarations import Declarations, MemberView
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.modules import module_of


class TypeView(Record, frozen=True):
    """`interface name { members }`, or `type name = text` where `text` is not empty.

    `name` holds the type params, `text` its leading space or line break. `maker` is a
    function that gives a plain value the type, for newtypes, else empty.
    """

    comment: str
    name: str
    text: str
    members: Sequence[MemberView]
    maker: str
    extensions: Mapping[str, object]


class TypesView(Record, frozen=True):
    """All of types.ts."""

    comment: str
    imports: Sequence[str]
    types: Sequence[TypeView]
    extensions: Mapping[str, object]


def types_view(api: Api, package: Package) -> TypesView:
    """Return the view of types.ts for a package that declares types."""
    scope = Scope(api, package, partial(module_of, package.name, name="types"))
    writer = TypeScriptTypes(api, package.name, scope)
    types = [*_types(Declarations(package, scope, writer), writer, package)]
    return TypesView(
        comment=comment("", f"Types of package {package.name}."),
        imports=scope.imports(),
        types=types,
        extensions=package.extensions,
    )


def _types(
    declarations: Declarations, writer: TypeScriptTypes, package: Package
) -> Iterator[TypeView]:
    for declared in package.types.values():
        maker = _maker(writer, declared) if isinstance(declared, Newtype) else ""
        for view in declarations.type(declared):
            yield TypeView(
                view.comment,
                view.name,
                view.text,
                view.members,
                maker,
                view.extensions,
            )


def _maker(writer: TypeScriptTypes, newtype: Newtype) -> str:
    """Return the function that makes a newtype of a plain value; it checks nothing."""
    name = type_name(newtype)
    opening = f"export const {name} = (value: {writer.text(newtype.type)}): {name} =>"
    line = f"{opening} value as {name};"
    return line if len(line) <= WIDTH else f"{opening}\n  value as {name};"
