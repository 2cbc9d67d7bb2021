"""The view of client.ts: a class for each service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Auth, Package, Service
from idlgen.targets.tsdoc.comments import code, comment, deprecation, schema_name
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.imports import module_import, named_import
from idlgen.targets.typescript.layout import bracketed
from idlgen.targets.typescript.methods_view import MethodsWriter, MethodView, Modules
from idlgen.targets.typescript.modules import module_of, own_module
from idlgen.targets.typescript.names import client_name, params_of

_CREDENTIALS = {Auth.BEARER: "TokenOptions", Auth.API_KEY: "ApiKeyOptions"}


class ClientView(Record, frozen=True):
    """The class that calls one service.

    `constructor` is the signature of its constructor, `calls` what it calls by.
    """

    comment: str
    name: str
    constructor: str
    calls: str
    methods: Sequence[MethodView]
    extensions: Mapping[str, object]


class ClientsView(Record, frozen=True):
    """All of client.ts; `runtime` is what it calls the runtime."""

    comment: str
    imports: Sequence[str]
    runtime: str
    clients: Sequence[ClientView]
    extensions: Mapping[str, object]


def clients_view(api: Api, package: Package, runtime_module: str) -> ClientsView:
    """Return the view of client.ts for a package that declares services."""
    services = package.services.values()
    taken = [client_name(service) for service in services]
    for service in services:
        for method in service.methods:
            params = params_of(method)
            taken += [*params.required.values(), params.others]
    scope = Scope(api, package, partial(module_of, package.name, name="types"), taken)
    runtime, descriptors = scope.free("idl"), scope.free("_service")
    types = TypeScriptTypes(api, package.name, scope)
    writer = _ClientsWriter(api, types, Modules(runtime, descriptors))
    clients = [writer.client(service) for service in services]
    imports = [
        module_import(runtime, string_literal(runtime_module)),
        module_import(descriptors, own_module(package.name, "_service")),
    ]
    imports += scope.imports()
    imports += named_import(scope.own(), own_module(package.name, "types"))
    return ClientsView(
        comment=comment("", f"Clients of package {package.name}."),
        imports=imports,
        runtime=runtime,
        clients=clients,
        extensions=package.extensions,
    )


class _ClientsWriter:
    def __init__(self, api: Api, types: TypeScriptTypes, modules: Modules) -> None:
        self._methods = MethodsWriter(api, types, modules)
        self._runtime = modules.runtime

    def client(self, service: Service) -> ClientView:
        """Return the class of a service."""
        name = client_name(service)
        return ClientView(
            comment=comment(
                "",
                service.doc,
                schema_name(type_name(service), service.name),
                deprecation(service.deprecated),
                note=since_fact(service.since, code),
            ),
            name=name,
            constructor=self._constructor(service),
            calls=self._calls(service),
            methods=[*self._methods.of(service)],
            extensions=service.extensions,
        )

    def _constructor(self, service: Service) -> str:
        options = [f"{self._runtime}.ClientOptions"]
        options += [f"{self._runtime}.{name}" for name in _credentials(service)]
        params = [
            f"transport: {self._runtime}.Transport",
            f"options?: {' & '.join(options)}",
        ]
        around = len("  " + " {")
        return bracketed("constructor(", params, ")", around=around, indent="  ")

    def _calls(self, service: Service) -> str:
        transport = "transport"
        if _credentials(service):
            transport = f"{self._runtime}.withCredentials(transport, options)"
        return f"new {self._runtime}.Calls({transport}, options)"


def _credentials(service: Service) -> list[str]:
    """Return the options of a client whose methods ask who calls."""
    asked = {method.auth for method in service.methods}
    return [name for auth, name in _CREDENTIALS.items() if auth in asked]
