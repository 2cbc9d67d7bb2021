"""The view of client.ts: a class for each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct as Record, structs

from idlgen.emit.typescript_text import string_literal
from idlgen.model import (
    Api,
    Auth,
    Method,
    NamedType,
    Package,
    Pagination,
    Service,
)
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
from idlgen.targets.typescript.calls import CALLS, runtime_call
from idlgen.targets.typescript.imports import named_import
from idlgen.targets.typescript.modules import module_of, own_module
from idlgen.targets.typescript.names import (
    client_name,
    iterator_names,
    method_names,
    params_of,
)
from idlgen.targets.typescript.pages import item_type
from idlgen.targets.typescript.params import declared_params, sent_params

_CREDENTIALS = {Auth.BEARER: "TokenOptions", Auth.API_KEY: "ApiKeyOptions"}
_PAGES = (
    "Each page is a call with these params and options, made once an item of it\n"
    "is asked for; `pages()` gives the pages themselves."
)


class MethodView(Record, frozen=True):
    """One method: its signature, and the call in its body without `return`."""

    comment: str
    signature: str
    call: str
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


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
            methods=[*self._methods(service)],
            extensions=service.extensions,
        )

    def _constructor(self, service: Service) -> str:
        options = [f"{self._runtime}.ClientOptions"]
        options += [f"{self._runtime}.{name}" for name in _credentials(service)]
        params = [
            f"transport: {self._runtime}.Transport",
            f"options?: {' & '.join(options)}",
        ]
        return _laid_out("constructor(", params, ")", "  ", " {")

    def _calls(self, service: Service) -> str:
        transport = "transport"
        if _credentials(service):
            transport = f"{self._runtime}.withCredentials(transport, options)"
        return f"new {self._runtime}.Calls({transport}, options)"

    def _methods(self, service: Service) -> Iterator[MethodView]:
        names, iterators = method_names(service), iterator_names(service)
        for method in service.methods:
            name = names[method.name]
            yield self._method(service, method, name)
            if method.pagination is not None:
                called = (iterators[method.name], name)
                yield self._iterator(service, method, method.pagination, called)

    def _method(self, service: Service, method: Method, name: str) -> MethodView:
        function, first = runtime_call(method, self._runtime)
        arguments = [*first, *self._arguments(service, method)]
        if method.streamed_param is not None:
            arguments.append(params_of(method).required[method.streamed_param.name])
        result = self._types.result(method.returns)
        return MethodView(
            comment=self._comment(method, name),
            signature=self._signature(method, name, result, "CallOptions"),
            call=_laid_out(f"{function}(", arguments, ")", "    ", ";", "return "),
            extensions=method.extensions,
            part_extensions=method.part_extensions,
        )

    def _iterator(
        self,
        service: Service,
        method: Method,
        pagination: Pagination,
        called: tuple[str, str],
    ) -> MethodView:
        """Return the iterator over the pages of a method; `called` are both names."""
        assert method.returns is not None
        name, of = called
        item = self._types.text(item_type(self._api, method, pagination))
        result = f"{self._runtime}.Paged<{item}, {self._types.text(method.returns)}>"
        arguments = [CALLS, *self._arguments(service, method)]
        opening = f"new {self._runtime}.Paged("
        return MethodView(
            comment=self._iterator_comment(method, of),
            signature=self._signature(method, name, result, "PageOptions"),
            call=_laid_out(opening, arguments, ")", "    ", ";", "return "),
            extensions=method.extensions,
            part_extensions=method.part_extensions,
        )

    def _signature(self, method: Method, name: str, result: str, options: str) -> str:
        names = params_of(method)
        params = [*declared_params(self._types, method, names, self._runtime)]
        params.append(f"options?: {self._runtime}.{options}")
        return _laid_out(f"{name}(", params, f"): {result}", "  ", " {")

    def _arguments(self, service: Service, method: Method) -> list[str]:
        """Return the descriptor of a method, its params and its options."""
        descriptor = f"{self._descriptors}.{type_name(service)}.{method.name}"
        return [descriptor, sent_params(method, params_of(method)), "options"]

    def _comment(self, method: Method, name: str) -> str:
        shown = params_of(method).shown()
        naming = f"On the wire: {code(method.name)}." if name != method.name else ""
        facts = behaviour(self._api, method, shown, naming)
        tags = [*method_tags(self._api, self._types, method, shown, self._error)]
        return comment("  ", method.doc, facts, tags)

    def _iterator_comment(self, method: Method, of: str) -> str:
        title = f"Iterate over the items of all pages that {code(of)} returns."
        facts = [_PAGES]
        if since := since_fact(method.since, code):
            facts.append(since)
        shown = params_of(method).shown()
        bare = structs.replace(method, examples=(), returns=None)
        tags = [*method_tags(self._api, self._types, bare, shown, self._error)]
        return comment("  ", None, [title, *facts], tags)

    def _error(self, ref: NamedType) -> str:
        return f"`{type_name(self._api.error(ref))}`"


def _credentials(service: Service) -> list[str]:
    """Return the options of a client whose methods ask who calls."""
    asked = {method.auth for method in service.methods}
    return [name for auth, name in _CREDENTIALS.items() if auth in asked]


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
