"""The view of _service.py: descriptors of methods, and structs of their params."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring, literal
from idlgen.model import (
    Api,
    Auth,
    Field,
    ListType,
    MapType,
    Method,
    NullableType,
    Package,
    Presence,
    Scalar,
    ScalarType,
    StreamType,
    TypeRef,
)
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.imports import Imports
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import PARAM_NAMES, value_name
from idlgen.targets.python.pagination import pagination_of
from idlgen.targets.python.service_names import MethodNames, ServiceNames
from idlgen.targets.python.streams import sent_at_once
from idlgen.targets.python.structs import StructView, StructWriter
from idlgen.targets.python.values import Values


class MethodDescriptorView(Record, frozen=True):
    """A `Method`: the line that opens it, and its arguments, each with its comma."""

    opening: str
    arguments: Sequence[str]
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ServiceDescriptorView(Record, frozen=True):
    """A `Service`: the line that opens it, and its arguments, each with its comma."""

    opening: str
    arguments: Sequence[str]
    extensions: Mapping[str, object]


class DescriptorsView(Record, frozen=True):
    """All of _service.py."""

    docstring: str
    imports: str
    require_contract: str
    params: Sequence[StructView]
    methods: Sequence[MethodDescriptorView]
    services: Sequence[ServiceDescriptorView]
    extensions: Mapping[str, object]


def descriptors_view(
    api: Api, package: Package, services: Sequence[ServiceNames], layout: Layout
) -> DescriptorsView:
    """Return the view of _service.py for a package that declares services."""
    methods = [method for service in services for method in service.methods]
    own_names = [
        *(service.constant for service in services),
        *(name for m in methods for name in (m.constant, m.params_class)),
    ]
    imports = Imports(ForeignModules(api, package.name), frozenset(own_names))
    scope = Scope(package.name, imports, types="types")
    writer = _DescriptorsWriter(api, scope, layout)
    title = (
        f"What a channel needs to know of the services of package ``{package.name}``."
    )
    params = [writer.params(method) for method in methods]
    method_views = [writer.method(method) for method in methods]
    service_views = [writer.service(service) for service in services]
    return DescriptorsView(
        docstring=docstring(title, 0, layout.line_length),
        require_contract=imports.use("require_contract"),
        params=params,
        methods=method_views,
        services=service_views,
        imports=imports.lines(layout),
        extensions=package.extensions,
    )


class _DescriptorsWriter:
    def __init__(self, api: Api, scope: Scope, layout: Layout) -> None:
        self._api = api
        self._layout = layout
        self._scope = scope
        self._use = scope.use
        self._static = Annotations(api, scope, at_runtime=False)
        self._runtime = Annotations(api, scope, at_runtime=True)
        self._values = Values(api, scope)
        self._structs = StructWriter(
            api, self._runtime, layout, reserved=PARAM_NAMES, of_params=True
        )

    def params(self, names: MethodNames) -> StructView:
        """Return the struct of the method's params."""
        return self._structs.struct(names.params_class, sent_at_once(names.method))

    def method(self, names: MethodNames) -> MethodDescriptorView:
        """Return the descriptor of the method."""
        method = names.method
        returns = method.returns
        if isinstance(returns, StreamType):
            returns = returns.item
        static = runtime = "None"
        if returns is not None:
            static = self._static.type(returns)
            runtime = self._evaluated(returns)
        arguments = [
            f"{literal(names.full)},",
            f'handler="{names.handler}",',
            f"params={names.params_class},",
            self._layout.item(f"returns={runtime},", 1),
            *self._errors(method),
            *self._defaults(method),
        ]
        if method.readonly:
            arguments.append("readonly=True,")
        if method.idempotent:
            arguments.append("idempotent=True,")
        if method.timeout is not None:
            arguments.append(f"timeout={method.timeout!r},")
        arguments += self._access(method)
        arguments += self._streams(names)
        if method.pagination is not None:
            pages = pagination_of(self._api, self._use, method, method.pagination)
            arguments.append(self._layout.item(f"pagination={pages},", 1))
        opening = f"{names.constant} = {self._use('Method')}[{static}]("
        return MethodDescriptorView(
            self._layout.opening(opening),
            arguments,
            method.extensions,
            method.part_extensions,
        )

    def service(self, names: ServiceNames) -> ServiceDescriptorView:
        """Return the descriptor of the service."""
        methods = [method.constant for method in names.methods]
        return ServiceDescriptorView(
            f"{names.constant} = {self._use('Service')}(",
            [f"{literal(names.full)},", self._tuple("methods", methods)],
            names.service.extensions,
        )

    def _access(self, method: Method) -> Iterator[str]:
        if method.auth is Auth.NONE:
            return
        yield f'auth="{method.auth}",'
        if method.scopes:
            yield self._tuple("scopes", [literal(scope) for scope in method.scopes])

    def _streams(self, names: MethodNames) -> Iterator[str]:
        param = names.method.streamed_param
        if param is not None and isinstance(param.type, StreamType):
            item = self._evaluated(param.type.item)
            stream = f'{self._use("StreamParam")}("{names.streamed}", {item})'
            yield self._layout.item(f"stream_param={stream},", 1)
        if isinstance(names.method.returns, StreamType):
            yield "stream_result=True,"

    def _evaluated(self, returns: TypeRef) -> str:
        """Return the annotation as an expression, which here is no annotation."""
        if isinstance(returns, NullableType):
            inner = self._runtime.type(returns.inner)
            # Checkers know `|` of types, but not of this special form.
            if inner.startswith("Annotated["):
                return f"{self._use('Optional')}[{inner}]"
        return self._runtime.type(returns)

    def _errors(self, method: Method) -> list[str]:
        errors = [self._scope.error(ref, self._api.error(ref)) for ref in method.errors]
        return [self._tuple("errors", errors)] if errors else []

    def _tuple(self, keyword: str, items: Sequence[str]) -> str:
        if len(items) == 1:
            return self._layout.item(f"{keyword}=({items[0]},),", 1)
        return self._layout.call(f"{keyword}=(", items, "),", 1)

    def _defaults(self, method: Method) -> list[str]:
        entries = []
        for param in method.params:
            if param.presence is not Presence.DEFAULTED:
                continue
            if not self._values.is_plain(param.type, param.default):
                name = value_name(param.identifier, PARAM_NAMES)
                entries.append(f'"{name}": lambda: {self._made(param)}')
        if not entries:
            return []
        return [self._layout.item(f"defaults={{{', '.join(entries)}}},", 1)]

    def _made(self, param: Field) -> str:
        """Return the default as an expression whose type checkers know by itself."""
        made = self._values.expression(param.type, param.default)
        if not _holds_empty(param.default):
            return made
        ref = self._api.unaliased(param.type)
        if isinstance(ref, NullableType):
            ref = self._api.unaliased(ref.inner)
        if ref == ScalarType(Scalar.ANY):
            is_list = isinstance(param.default, list)
            ref = ListType(ref) if is_list else MapType(ScalarType(Scalar.STRING), ref)
        if isinstance(ref, ListType | MapType):
            return f"{self._static.type(ref)}({made})"
        return made


def _holds_empty(value: object) -> bool:
    """Whether there is an empty list or object in `value`: of what, it cannot tell."""
    inner: Iterable[object] = ()
    if isinstance(value, list):
        inner = cast(Iterable[object], value)
    elif isinstance(value, dict):
        inner = cast(Mapping[str, object], value).values()
    return any(item in ([], {}) or _holds_empty(item) for item in inner)
