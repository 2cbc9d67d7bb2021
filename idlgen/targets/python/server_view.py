"""The view of server.py: what to implement, and a class that implements nothing yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring, literal
from idlgen.model import Api, Package
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import PARAM_NAMES
from idlgen.targets.python.params import keywords_of_handler, params, positional
from idlgen.targets.python.prose import for_implementer, introduced
from idlgen.targets.python.service_names import MethodNames, ServiceNames
from idlgen.targets.python.streams import result_of_handler, streams_received


class HandlerView(Record, frozen=True):
    """A handler: as the interface declares it, and as it refuses calls."""

    declaration: str
    docstring: str | None
    signature: str
    refusal: str
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ServerView(Record, frozen=True):
    """A service's interface and the class to inherit from."""

    decorator: str
    header: str
    docstring: str
    unimplemented_header: str
    handlers: Sequence[HandlerView]
    extensions: Mapping[str, object]


class ServersView(Record, frozen=True):
    """All of server.py."""

    docstring: str
    imports: str
    servers: Sequence[ServerView]
    extensions: Mapping[str, object]


def servers_view(
    api: Api, package: Package, services: Sequence[ServiceNames], layout: Layout
) -> ServersView:
    """Return the view of server.py for a package that declares services."""
    classes = [
        name for names in services for name in (names.interface, names.unimplemented)
    ]
    imports = Imports(ForeignModules(api, package.name), frozenset(classes))
    scope = Scope(package.name, imports, types="types")
    title = f"What to implement to serve package ``{package.name}``."
    servers = [_ServerWriter(api, scope, layout, names).server() for names in services]
    return ServersView(
        docstring=docstring(title, 0, layout.line_length),
        imports=imports.lines(layout),
        servers=servers,
        extensions=package.extensions,
    )


class _ServerWriter:
    def __init__(
        self, api: Api, scope: Scope, layout: Layout, names: ServiceNames
    ) -> None:
        self._api = api
        self._layout = layout
        self._names = names
        self._scope = scope.within(names.handlers)
        self._annotations = Annotations(api, self._scope, at_runtime=False)

    def server(self) -> ServerView:
        """Return the interface and the class that implements nothing yet."""
        names, layout, use = self._names, self._layout, self._scope.use
        service = names.service
        title = f"What serves ``{names.full}``."
        text = introduced(title, service.doc, service.deprecated, service.since)
        decorator = f"@{use('serves')}({use('_service')}.{names.constant})"
        return ServerView(
            decorator=layout.statement(decorator),
            header=layout.statement(f"class {names.interface}({use('Protocol')}):"),
            docstring=docstring(text, 1, layout.line_length),
            unimplemented_header=layout.statement(
                f"class {names.unimplemented}({names.interface}):"
            ),
            handlers=[self._handler(method) for method in names.methods],
            extensions=names.service.extensions,
        )

    def _handler(self, names: MethodNames) -> HandlerView:
        method, layout, use = names.method, self._layout, self._scope.use
        streams = partial(streams_received, use)
        taken = params(
            self._api, self._annotations, method.params, PARAM_NAMES, streams
        )
        keywords = keywords_of_handler(taken)
        parameters = [
            "self",
            *positional(taken),
            *(["*", *keywords] if keywords else []),
        ]
        tail = f") -> {result_of_handler(self._annotations, method)}:"
        head = f"def {names.handler}("
        signature = layout.definition(head, parameters, tail)
        text = for_implementer(self._api, names)
        declaration = signature
        if text is None:
            declaration = layout.definition(head, parameters, f"{tail} ...")
        message = literal(f"{names.short} is not implemented")
        return HandlerView(
            declaration=declaration,
            docstring=text and docstring(text, 2, layout.line_length),
            signature=signature,
            refusal=layout.statement(f"raise {use('Unimplemented')}({message})", 2),
            extensions=method.extensions,
            part_extensions=method.part_extensions,
        )
