"""The methods of clients: what calls each, and the iterators over pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct as Record, structs

from idlgen.model import Api, Method, NamedType, Pagination, Service
from idlgen.targets.tsdoc.comments import code, comment
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.methods import behaviour, method_tags
from idlgen.targets.tsdoc.names import type_name
from idlgen.targets.tsdoc.types import TypeScriptTypes
from idlgen.targets.typescript.calls import CALLS, runtime_call
from idlgen.targets.typescript.layout import bracketed
from idlgen.targets.typescript.names import iterator_names, method_names, params_of
from idlgen.targets.typescript.pages import item_type
from idlgen.targets.typescript.params import declared_params, sent_params

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


class Modules(NamedTuple):
    """What client.ts calls the runtime, and the descriptors of the methods."""

    runtime: str
    descriptors: str


class MethodsWriter:
    """Writes the methods of the clients of one package."""

    def __init__(self, api: Api, types: TypeScriptTypes, modules: Modules) -> None:
        self._api = api
        self._types = types
        self._modules = modules

    def of(self, service: Service) -> Iterator[MethodView]:
        """Yield the methods of a service's client, iterators beside what they go over."""
        names, iterators = method_names(service), iterator_names(service)
        for method in service.methods:
            name = names[method.name]
            yield self._method(service, method, name)
            if method.pagination is not None:
                called = (iterators[method.name], name)
                yield self._iterator(service, method, method.pagination, called)

    def _method(self, service: Service, method: Method, name: str) -> MethodView:
        function, first = runtime_call(method, self._modules.runtime)
        arguments = [*first, *self._arguments(service, method)]
        if method.streamed_param is not None:
            arguments.append(params_of(method).required[method.streamed_param.name])
        result = self._types.result(method.returns)
        return MethodView(
            comment=self._comment(method, name),
            signature=self._signature(method, name, result, "CallOptions"),
            call=_call(function, arguments),
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
        result = (
            f"{self._modules.runtime}.Paged<{item}, {self._types.text(method.returns)}>"
        )
        arguments = [CALLS, *self._arguments(service, method)]
        return MethodView(
            comment=self._iterator_comment(method, of),
            signature=self._signature(method, name, result, "PageOptions"),
            call=_call(f"new {self._modules.runtime}.Paged", arguments),
            extensions=method.extensions,
            part_extensions=method.part_extensions,
        )

    def _signature(self, method: Method, name: str, result: str, options: str) -> str:
        names = params_of(method)
        params = [*declared_params(self._types, method, names, self._modules.runtime)]
        params.append(f"options?: {self._modules.runtime}.{options}")
        around = len("  " + " {")
        opening, closing = f"{name}(", f"): {result}"
        return bracketed(opening, params, closing, around=around, indent="  ")

    def _arguments(self, service: Service, method: Method) -> list[str]:
        """Return the descriptor of a method, its params and its options."""
        descriptor = f"{self._modules.descriptors}.{type_name(service)}.{method.name}"
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


def _call(function: str, arguments: Sequence[str]) -> str:
    around = len("    return ;")
    return bracketed(f"{function}(", arguments, ")", around=around, indent="    ")
