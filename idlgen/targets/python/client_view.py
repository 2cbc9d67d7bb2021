"""The view of client.py: each service's methods twice, sync and async."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring
from idlgen.model import Api, Method, Package, StreamType
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import PARAM_NAMES
from idlgen.targets.python.pagination import result_of_iterator
from idlgen.targets.python.params import keywords_of_caller, params, positional
from idlgen.targets.python.prose import for_caller, for_iterator, introduced
from idlgen.targets.python.service_names import MethodNames, ServiceNames
from idlgen.targets.python.streams import (
    channel_method,
    result_of_call,
    streams_to_send,
)


class ClientMethodView(Record, frozen=True):
    """A method: its signature, and what it hands to which method of the channel.

    `streamed` is the param that is a stream, where one is.
    """

    signature: str
    docstring: str | None
    call: str
    descriptor: str
    params: str
    streamed: str | None
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ClientView(Record, frozen=True):
    """A client class."""

    header: str
    docstring: str
    methods: Sequence[ClientMethodView]
    extensions: Mapping[str, object]


class ClientsView(Record, frozen=True):
    """All of client.py."""

    docstring: str
    imports: str
    clients: Sequence[ClientView]
    extensions: Mapping[str, object]


def clients_view(
    api: Api, package: Package, services: Sequence[ServiceNames], layout: Layout
) -> ClientsView:
    """Return the view of client.py for a package that declares services."""
    classes = [
        name for names in services for name in (names.client, names.async_client)
    ]
    imports = Imports(ForeignModules(api, package.name), frozenset(classes))
    scope = Scope(package.name, imports, types="types")
    title = f"Clients of package ``{package.name}``, sync and async."
    clients = [
        client
        for names in services
        for client in _ServiceWriter(api, scope, layout, names).clients()
    ]
    return ClientsView(
        docstring=docstring(title, 0, layout.line_length),
        imports=imports.lines(layout),
        clients=clients,
        extensions=package.extensions,
    )


class _ServiceWriter:
    def __init__(
        self, api: Api, scope: Scope, layout: Layout, names: ServiceNames
    ) -> None:
        self._api = api
        self._layout = layout
        self._names = names
        self._scope = scope.within(names.members_of_client)
        self._annotations = Annotations(api, self._scope, at_runtime=False)

    def clients(self) -> list[ClientView]:
        """Return the sync and the async client."""
        service, layout, use = self._names.service, self._layout, self._scope.use
        title = f"Client of service ``{self._names.full}``."
        text = introduced(title, service.doc, service.deprecated, service.since)
        doc = docstring(text, 1, layout.line_length)
        methods = [
            pair for method in self._names.methods for pair in self._methods(method)
        ]
        classes = (
            (self._names.client, "ServiceClient"),
            (self._names.async_client, "AsyncServiceClient"),
        )
        return [
            ClientView(
                layout.statement(f"class {name}({use(base)}):"),
                doc,
                [pair[position] for pair in methods],
                service.extensions,
            )
            for position, (name, base) in enumerate(classes)
        ]

    def _methods(
        self, names: MethodNames
    ) -> Iterator[tuple[ClientMethodView, ClientMethodView]]:
        yield self._method(names, is_async=False), self._method(names, is_async=True)
        if names.iterator is not None:
            yield (
                self._iterator(names, names.iterator, is_async=False),
                self._iterator(names, names.iterator, is_async=True),
            )

    def _method(self, names: MethodNames, *, is_async: bool) -> ClientMethodView:
        result = result_of_call(self._annotations, names.method, is_async=is_async)
        awaited = _awaited(names.method) if is_async else ""
        opening = f"{'async def' if awaited else 'def'} {names.handler}("
        signature = self._signature(names, opening, result, is_async=is_async)
        text = for_caller(self._api, names)
        call = f"{awaited}self._idl_channel.{channel_method(names.method)}"
        return self._view(names, signature, text, call)

    def _iterator(
        self, names: MethodNames, name: str, *, is_async: bool
    ) -> ClientMethodView:
        result = result_of_iterator(
            self._api, self._annotations, names.method, is_async=is_async
        )
        signature = self._signature(names, f"def {name}(", result, is_async=is_async)
        text = for_iterator(self._api, names)
        return self._view(names, signature, text, "self._idl_channel.paged")

    def _view(
        self, names: MethodNames, signature: str, text: str | None, call: str
    ) -> ClientMethodView:
        service = self._scope.use("_service")
        params_class = f"{service}.{names.params_class}("
        return ClientMethodView(
            signature,
            text and docstring(text, 2, self._layout.line_length),
            call,
            f"{service}.{names.constant}",
            self._layout.call(params_class, names.arguments, "),", 3),
            names.streamed,
            names.method.extensions,
            names.method.part_extensions,
        )

    def _signature(
        self, names: MethodNames, opening: str, result: str, *, is_async: bool
    ) -> str:
        use = self._scope.use
        streams = partial(streams_to_send, use, is_async=is_async)
        taken = params(
            self._api, self._annotations, names.method.params, PARAM_NAMES, streams
        )
        parameters = [
            "self",
            *positional(taken),
            "*",
            *keywords_of_caller(self._scope, taken),
            f"options: {use('CallOptions')} | None = None",
        ]
        return self._layout.definition(opening, parameters, f") -> {result}:")


def _awaited(method: Method) -> str:
    """Return what stands before an async call: a stream is entered, not awaited."""
    return "" if isinstance(method.returns, StreamType) else "await "
