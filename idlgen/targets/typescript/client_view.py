"""The view of client.ts: a class for each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Method, NamedType, Package, Service
from idlgen.targets.tsdoc.comments import (
    WIDTH,
    code,
    comment,
    deprecation,
    schema_name,
)
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.methods import behaviour, method_tags
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.calls import runtime_call
from idlgen.targets.typescript.imports import named_import
from idlgen.targets.typescript.modules import module_of, own_module
from idlgen.targets.typescript.names import (
    client_name,
    method_names,
    params_of,
)
from idlgen.targets.typescript.params import declared_params, sent_params


class MethodView(Record, frozen=True):
    """One method: its signature, and the call in its body without `return`."""

    comment: str
    signature: str
    call: str
    extensions: Mapping[str, object]


class ClientView(Record, frozen=True):
    """The class that calls one service."""

    comment: str
    name: str
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
    types = partial(module_of, package.name, name="types")
    scope = Scope(api, package, types, taken)
    runtime, descriptors = scope.free("idl"), scope.free("_service")
    writer = _ClientsWriter(api, package, scope, (runtime, descriptors))
    clients = [writer.client(service) for service in services]
    imports = [
        f"import * as {runtime} from {string_literal(runtime_module)};",
        f"import * as {descriptors} from {own_module(package.name, '_service')};",
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
    def __init__(
        self, api: Api, package: Package, scope: Scope, modules: tuple[str, str]
    ) -> None:
        self._api = api
        self._package = package
        self._types = TypeScriptTypes(api, package.name, scope)
        self._runtime, self._descriptors = modules

    def client(self, service: Service) -> ClientView:
        """Return the class of a service."""
        name = client_name(service)
        names = method_names(service)
        return ClientView(
            comment=comment(
                "",
                service.doc,
                schema_name(type_name(service), service.name),
                deprecation(service.deprecated),
                note=since_fact(service.since, code),
            ),
            name=name,
            methods=[
                self._method(service, method, names[method.name])
                for method in service.methods
            ],
            extensions=service.extensions,
        )

    def _method(self, service: Service, method: Method, name: str) -> MethodView:
        names = params_of(method)
        params = [*declared_params(self._types, method, names, self._runtime)]
        params.append(f"options?: {self._runtime}.CallOptions")
        descriptor = f"{self._descriptors}.{type_name(service)}.{method.name}"
        arguments = [descriptor, sent_params(method, names), "options"]
        if method.streamed_param is not None:
            arguments.append(names.required[method.streamed_param.name])
        opening = f"this.#calls.{runtime_call(method)}("
        result = self._types.result(method.returns)
        return MethodView(
            comment=self._comment(method, name),
            signature=_laid_out(f"{name}(", params, f"): {result}", "  ", " {"),
            call=_laid_out(opening, arguments, ")", "    ", ";", "return "),
            extensions=method.extensions,
        )

    def _comment(self, method: Method, name: str) -> str:
        shown = params_of(method).shown()
        naming = f"On the wire: {code(method.name)}." if name != method.name else ""
        facts = behaviour(self._api, method, shown, naming)
        tags = [*method_tags(self._api, self._types, method, shown, self._error)]
        return comment("  ", method.doc, facts, tags)

    def _error(self, ref: NamedType) -> str:
        return f"`{type_name(self._api.error(ref))}`"


def _laid_out(
    opening: str,
    items: Sequence[str],
    closing: str,
    indent: str,
    after: str,
    before: str = "",
) -> str:
    """Return a list in brackets on one line, or one item a line where it is too long.

    `after` and `before` stand on its lines too, and are the template's to print.
    """
    line = f"{opening}{', '.join(items)}{closing}"
    if "\n" not in line and len(indent) + len(before) + len(line + after) <= WIDTH:
        return line
    inside = "".join(f"\n{indent}  {item}," for item in _indented(items, indent))
    return f"{opening}{inside}\n{indent}{closing}"


def _indented(items: Sequence[str], indent: str) -> Iterator[str]:
    for item in items:
        yield item.replace("\n", f"\n{indent}  ")
