"""The view of errors.ts: a class for each declared error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct as Record, structs

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Error, Package
from idlgen.targets.tsdoc.comments import code, comment, deprecation, schema_name
from idlgen.targets.tsdoc.declarations import Declarations, MemberView
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.imports import module_import, named_import
from idlgen.targets.typescript.modules import module_of, own_module
from idlgen.targets.typescript.shapes import Shapes
from idlgen.wire.error_classes import ERROR_CLASSES
from idlgen.wire.jsonrpc import message_template


class ErrorView(Record, frozen=True):
    """An error class; `declared` and `message` are literals.

    `base` is the class of its status, `shape` that of its fields or empty.
    """

    comment: str
    name: str
    base: str
    declared: str
    shape: str
    members: Sequence[MemberView]
    message: str
    extensions: Mapping[str, object]


class ErrorsView(Record, frozen=True):
    """All of errors.ts; `runtime` is what it calls the runtime."""

    comment: str
    imports: Sequence[str]
    runtime: str
    errors: Sequence[ErrorView]
    extensions: Mapping[str, object]


def errors_view(
    api: Api, package: Package, shapes: Shapes, runtime_module: str
) -> ErrorsView:
    """Return the view of errors.ts for a package that declares errors."""
    scope = Scope(api, package, partial(module_of, package.name, name="types"))
    runtime, module = scope.free("idl"), scope.free("_shapes")
    writer = _ErrorsWriter(
        Declarations(package, scope, TypeScriptTypes(api, package.name, scope)),
        shapes,
        (runtime, module),
    )
    errors = [writer.error(error) for error in package.errors.values()]
    imports = [module_import(runtime, string_literal(runtime_module))]
    if any(error.shape for error in errors):
        path = own_module(package.name, "_shapes")
        imports.append(module_import(module, path))
    imports += scope.imports()
    imports += named_import(scope.own(), own_module(package.name, "types"))
    return ErrorsView(
        comment=comment("", f"Errors of package {package.name}."),
        imports=imports,
        runtime=runtime,
        errors=errors,
        extensions=package.extensions,
    )


class _ErrorsWriter:
    def __init__(
        self, declarations: Declarations, shapes: Shapes, modules: tuple[str, str]
    ) -> None:
        self._declarations = declarations
        self._shapes = shapes
        self._runtime, self._shapes_module = modules

    def error(self, error: Error) -> ErrorView:
        name = type_name(error)
        shape = self._shapes.of_fields(name, error.fields)
        words = message_template(structs.replace(error, message=None))
        return ErrorView(
            comment=comment(
                "",
                error.doc,
                schema_name(name, error.name),
                deprecation(error.deprecated),
                note=since_fact(error.since, code),
            ),
            name=name,
            base=f"{self._runtime}.{ERROR_CLASSES[error.status]}",
            declared=self._declarations.identity(error),
            shape=f"{self._shapes_module}.{shape}" if shape else "",
            members=self._declarations.members(error.fields, "    "),
            message=string_literal(words),
            extensions=error.extensions,
        )
