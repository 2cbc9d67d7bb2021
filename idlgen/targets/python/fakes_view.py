"""The view of testing.py: fakes that answer with the schema's examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct as Record

from idlgen.emit.json_text import json_line
from idlgen.emit.python_text import docstring, literal
from idlgen.model import Api, Example, Package, StreamType
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import PARAM_NAMES
from idlgen.targets.python.params import keywords_of_handler, params, positional
from idlgen.targets.python.service_names import MethodNames, ServiceNames
from idlgen.targets.python.streams import (
    channel_method,
    result_of_fake,
    streams_received,
)


class ExampleView(Record, frozen=True):
    """A canned call; params and result are literals that hold JSON.

    So are the `items` of the param that is a stream, where one is.
    """

    descriptor: str
    name: str
    params: str
    items: str | None
    returns: str
    extensions: Mapping[str, object]


class FakeMethodView(Record, frozen=True):
    """A handler that hands its call to a method of the base.

    `streamed` is the param that is a stream, where one is.
    """

    signature: str
    call: str
    descriptor: str
    params: str
    streamed: str | None
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class FakeView(Record, frozen=True):
    """A fake of a service; `canned_call` is what the class of its examples is called."""

    header: str
    canned_call: str
    examples: Sequence[ExampleView]
    methods: Sequence[FakeMethodView]
    extensions: Mapping[str, object]


class FakesView(Record, frozen=True):
    """All of testing.py."""

    docstring: str
    imports: str
    exported: str
    fakes: Sequence[FakeView]
    extensions: Mapping[str, object]


def fakes_view(
    api: Api, package: Package, services: Sequence[ServiceNames], layout: Layout
) -> FakesView:
    """Return the view of testing.py for a package that declares services."""
    classes = [name for names in services for name in (names.fake, names.interface)]
    imports = Imports(ForeignModules(api, package.name), frozenset(classes))
    scope = Scope(package.name, imports, types="types")
    title = (
        f"Fakes of package ``{package.name}``'s services, and clients without a socket."
    )
    fakes = [
        _FakeWriter(api, scope, imports, layout, names).fake() for names in services
    ]
    exported = sorted([*(names.fake for names in services), imports.use("in_process")])
    return FakesView(
        docstring=docstring(title, 0, layout.line_length),
        imports=imports.lines(layout),
        exported=layout.statement(f"__all__ = [{', '.join(map(literal, exported))}]"),
        fakes=fakes,
        extensions=package.extensions,
    )


class _FakeWriter:
    def __init__(
        self,
        api: Api,
        scope: Scope,
        imports: Imports,
        layout: Layout,
        names: ServiceNames,
    ) -> None:
        self._api = api
        self._imports = imports
        self._layout = layout
        self._names = names
        self._scope = scope.within(names.handlers)
        self._annotations = Annotations(api, self._scope, at_runtime=False)

    def fake(self) -> FakeView:
        """Return the fake of the service."""
        names, use = self._names, self._scope.use
        interface = self._imports.use_from("server", names.interface)
        header = f"class {names.fake}({use('FakeService')}, {interface}):"
        examples = [view for method in names.methods for view in self._examples(method)]
        return FakeView(
            header=self._layout.statement(header),
            canned_call=use("CannedCall") if examples else "",
            examples=examples,
            methods=[self._method(method) for method in names.methods],
            extensions=names.service.extensions,
        )

    def _examples(self, names: MethodNames) -> list[ExampleView]:
        return [self._example(names, example) for example in names.method.examples]

    def _example(self, names: MethodNames, example: Example) -> ExampleView:
        given, items = dict(example.params), None
        streamed = names.method.streamed_param
        if streamed is not None:
            items = literal(json_line(given.pop(streamed.wire_name)))
        return ExampleView(
            descriptor=f"{self._scope.use('_service')}.{names.constant}",
            name=literal(example.name),
            params=literal(json_line(given)),
            items=items,
            returns=literal(json_line(example.returns)),
            extensions=example.extensions,
        )

    def _method(self, names: MethodNames) -> FakeMethodView:
        method, layout, use = names.method, self._layout, self._scope.use
        service = use("_service")
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
        result = result_of_fake(self._annotations, method)
        is_async = names.streamed and not isinstance(method.returns, StreamType)
        opening = "async def" if is_async else "def"
        kind = channel_method(method)
        call = f"self._idl_{'answer' if kind == 'unary' else kind}"
        return FakeMethodView(
            signature=layout.definition(
                f"{opening} {names.handler}(", parameters, f") -> {result}:"
            ),
            call=f"await {call}" if is_async else call,
            descriptor=f"{service}.{names.constant}",
            params=layout.call(
                f"{service}.{names.params_class}(", names.arguments, "),", 3
            ),
            streamed=names.streamed,
            extensions=method.extensions,
            part_extensions=method.part_extensions,
        )
