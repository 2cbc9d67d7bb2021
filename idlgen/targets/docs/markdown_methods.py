"""Services and their methods as sections of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from idlgen.emit.json_text import json_line
from idlgen.emit.markdown_text import (
    cell,
    code,
    fenced_json,
    paragraphs,
    without_template_tags,
)
from idlgen.model import Api, Example, Field, Method, Package, Presence, Service
from idlgen.targets.docs.durations import duration_text
from idlgen.targets.docs.examples import written_params
from idlgen.targets.docs.markdown_members import MemberView, code_name, members, prose
from idlgen.targets.docs.markdown_types import MarkdownTypes
from idlgen.targets.docs.notation import member_notation, notation

_WIDTH = 88


class ExampleView(NamedTuple):
    """A call: what goes over the wire and what comes back, as fenced JSON."""

    title: str
    doc: str
    request: str
    answer: str


class MethodView(NamedTuple):
    """One method; `behaviour`, `errors` and `examples` may be empty."""

    heading: str
    prose: str
    signature: str
    behaviour: str
    params: Sequence[MemberView]
    returns: str
    errors: Sequence[str]
    examples: Sequence[ExampleView]


class ServiceView(NamedTuple):
    """One service; `wire_name` is what the wire calls its first method."""

    heading: str
    prose: str
    wire_name: str
    methods: Sequence[MethodView]


def service_view(
    api: Api, package: Package, types: MarkdownTypes, service: Service
) -> ServiceView:
    """Return `service` as the page shows it."""
    prefix = f"{package.name}.{service.name}."
    return ServiceView(
        heading=paragraphs(service.name),
        prose=prose(service.doc, code_name(service), service.deprecated),
        wire_name=code(f"{prefix}{service.methods[0].name}") if service.methods else "",
        methods=[_method(api, types, prefix, each) for each in service.methods],
    )


def _method(api: Api, types: MarkdownTypes, prefix: str, method: Method) -> MethodView:
    return MethodView(
        heading=paragraphs(method.name),
        prose=prose(method.doc, code_name(method), method.deprecated),
        signature=_signature(method),
        behaviour=_behaviour(method),
        params=members(types, method.params),
        returns="nothing" if method.returns is None else types.prose(method.returns),
        errors=[_error(api, types, ref.package, ref.name) for ref in method.errors],
        examples=[_example(prefix, method, each) for each in method.examples],
    )


def _signature(method: Method) -> str:
    params = [_param(param) for param in method.params]
    end = f"): {notation(method.returns)}" if method.returns else ")"
    line = f"{method.name}({', '.join(params)}{end}"
    if len(line) <= _WIDTH or not params:
        return line
    exploded = ",\n  ".join(params)
    return f"{method.name}(\n  {exploded},\n{end}"


def _param(param: Field) -> str:
    text = f"{param.name}: {member_notation(param)}"
    if param.presence is Presence.DEFAULTED:
        text += f" = {without_template_tags(json_line(param.default))}"
    return text


def _behaviour(method: Method) -> str:
    words = []
    if method.readonly:
        words.append("Read-only")
    if method.idempotent:
        words.append("Idempotent")
    if method.timeout is not None:
        words.append(f"Timeout {duration_text(method.timeout)}")
    return " · ".join(words)


def _error(api: Api, types: MarkdownTypes, package: str, name: str) -> str:
    error = api.packages[package].errors[name]
    return f"{types.link(name)}: {cell(error.doc)}" if error.doc else types.link(name)


def _example(prefix: str, method: Method, example: Example) -> ExampleView:
    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": f"{prefix}{method.name}",
        "params": written_params(method, example),
    }
    answer = {"jsonrpc": "2.0", "id": 1, "result": example.returns}
    return ExampleView(
        title=code(example.name),
        doc=paragraphs(example.doc) if example.doc else "",
        request=fenced_json(request, _WIDTH),
        answer=fenced_json(answer, _WIDTH),
    )
