"""The views of _service.ts and _shapes.ts: what a transport needs of the methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Auth, Method, Package, Service
from idlgen.targets.tsdoc.comments import comment
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.typescript.imports import module_import, named_import
from idlgen.targets.typescript.layout import bracketed
from idlgen.targets.typescript.modules import module_of, own_module
from idlgen.targets.typescript.names import value_key
from idlgen.targets.typescript.pages import pagination_of
from idlgen.targets.typescript.shapes import Reach, Shapes, ShapeView, is_exact
from idlgen.wire.jsonrpc import method_name


class MethodDescriptorView(Record, frozen=True):
    """What is told of one method, `entries` each with its comma."""

    key: str
    entries: Sequence[str]
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ServiceDescriptorView(Record, frozen=True):
    """The methods of one service."""

    name: str
    methods: Sequence[MethodDescriptorView]
    extensions: Mapping[str, object]


class DescriptorsView(Record, frozen=True):
    """All of _service.ts; `runtime` is what it calls the runtime."""

    comment: str
    imports: Sequence[str]
    runtime: str
    services: Sequence[ServiceDescriptorView]
    extensions: Mapping[str, object]


class ShapesView(Record, frozen=True):
    """All of _shapes.ts; `runtime` is what it calls the runtime."""

    comment: str
    imports: Sequence[str]
    runtime: str
    shapes: Sequence[ShapeView]
    extensions: Mapping[str, object]


def descriptors_view(
    api: Api, package: Package, shapes: Shapes, runtime_module: str
) -> DescriptorsView:
    """Return the view of _service.ts for a package that declares services."""
    scope = Scope(api, package, partial(module_of, package.name, name="errors"))
    runtime, module = scope.free("idl"), scope.free("_shapes")
    writer = _DescriptorsWriter(api, package, scope, shapes, f"{module}.")
    services = [writer.service(service) for service in package.services.values()]
    imports = [module_import(runtime, string_literal(runtime_module), "type ")]
    if writer.uses_shapes:
        path = own_module(package.name, "_shapes")
        imports.append(module_import(module, path))
    imports += [module_import(name, path) for name, path in scope.foreign()]
    imports += named_import(scope.own(), own_module(package.name, "errors"), "")
    told = f"What a transport needs to know of the services of package {package.name}."
    return DescriptorsView(
        comment=comment("", told),
        imports=imports,
        runtime=runtime,
        services=services,
        extensions=package.extensions,
    )


def shapes_view(
    package: Package, views: Sequence[ShapeView], runtime: str, runtime_module: str
) -> ShapesView:
    """Return the view of _shapes.ts for a package that needs shapes."""
    told = (
        f"Where values of package {package.name} hold integers of 64 bits, maps, and "
        "what is of any kind."
    )
    return ShapesView(
        comment=comment("", told),
        imports=[module_import(runtime, string_literal(runtime_module), "type ")],
        runtime=runtime,
        shapes=views,
        extensions=package.extensions,
    )


class _DescriptorsWriter:
    def __init__(
        self, api: Api, package: Package, scope: Scope, shapes: Shapes, module: str
    ) -> None:
        self._api = api
        self._package = package
        self._scope = scope
        self._shapes = shapes
        self._module = module
        self._exact = Reach(api, is_exact)
        self.uses_shapes = False

    def service(self, service: Service) -> ServiceDescriptorView:
        """Return the descriptors of a service's methods."""
        methods = [
            MethodDescriptorView(
                value_key(method.name),
                [*self._entries(service, method)],
                method.extensions,
                method.part_extensions,
            )
            for method in service.methods
        ]
        return ServiceDescriptorView(type_name(service), methods, service.extensions)

    def _entries(self, service: Service, method: Method) -> Iterator[str]:
        yield f"name: {string_literal(method_name(self._package, service, method))},"
        if method.errors:
            yield self._errors(method)
        if method.timeout is not None:
            yield f"timeout: {method.timeout * 1000:.15g},"
        if method.readonly or method.idempotent:
            yield "idempotent: true,"
        if method.auth is not Auth.NONE:
            yield f"auth: {string_literal(method.auth.value)},"
        if method.pagination is not None:
            yield f"pages: {pagination_of(self._api, method, method.pagination)},"
        if any(self._exact.holds(param.type) for param in method.params):
            yield "exact: true,"
        shape = self._shapes.of(method.returns, self._module)
        if shape is not None:
            self.uses_shapes = self.uses_shapes or self._module in shape
            yield f"result: {shape},"

    def _errors(self, method: Method) -> str:
        errors = [self._scope.declared(error) for error in method.errors]
        return bracketed("errors: [", errors, "],", around=4, indent="    ")
