"""Services and their methods as sections of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.json_text import json_line
from idlgen.emit.markdown_text import (
    cell,
    code,
    fenced_json,
    paragraphs,
    without_template_tags,
)
from idlgen.model import (
    Api,
    Example,
    Field,
    Method,
    NamedType,
    Package,
    Presence,
    Service,
    StreamType,
)
from idlgen.targets.docs.markdown_members import (
    MemberView,
    called,
    common_facts,
    members,
    prose,
)
from idlgen.targets.docs.markdown_types import MarkdownTypes
from idlgen.targets.tsdoc.durations import duration_text
from idlgen.targets.tsdoc.facts import access_fact, pages_fact, since_fact
from idlgen.targets.tsdoc.notation import member_notation, notation
from idlgen.wire.jsonrpc import written_params

_WIDTH = 88


class ExampleView(NamedTuple):
    """A call: what is sent and what comes back, as fenced JSON with a line above each.

    Of a method with a stream it is the params and the result, else what the wire carries.
    """

    title: str
    doc: str
    request_title: str
    request: str
    answer_title: str
    answer: str
    extensions: Mapping[str, object]


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
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ServiceView(NamedTuple):
    """One service; `wire_name` is what the wire calls its first method."""

    heading: str
    prose: str
    wire_name: str
    methods: Sequence[MethodView]
    extensions: Mapping[str, object]


def service_view(
    api: Api, package: Package, types: MarkdownTypes, service: Service
) -> ServiceView:
    """Return `service` as the page shows it."""
    prefix = f"{package.name}.{service.name}."
    return ServiceView(
        heading=paragraphs(service.name),
        prose=prose(service.doc, common_facts(service), service.deprecated),
        wire_name=code(f"{prefix}{service.methods[0].name}") if service.methods else "",
        methods=[
            _method(api, types, package, prefix, each) for each in service.methods
        ],
        extensions=service.extensions,
    )


def _method(
    api: Api, types: MarkdownTypes, package: Package, prefix: str, method: Method
) -> MethodView:
    name = (called(method.code_name),) if method.code_name else ()
    return MethodView(
        heading=paragraphs(method.name),
        prose=prose(method.doc, name, method.deprecated),
        signature=_signature(method, package.name),
        behaviour=_behaviour(api, method),
        params=members(types, method.params),
        returns="nothing" if method.returns is None else types.prose(method.returns),
        errors=[_error(api, types, ref) for ref in method.errors],
        examples=[_example(prefix, method, each) for each in method.examples],
        extensions=method.extensions,
        part_extensions=method.part_extensions,
    )


def _signature(method: Method, home: str) -> str:
    params = [_param(param, home) for param in method.params]
    end = f"): {notation(method.returns, home)}" if method.returns else ")"
    line = f"{method.name}({', '.join(params)}{end}"
    if len(line) <= _WIDTH or not params:
        return line
    exploded = ",\n  ".join(params)
    return f"{method.name}(\n  {exploded},\n{end}"


def _param(param: Field, home: str) -> str:
    text = f"{param.name}: {member_notation(param, home)}"
    if param.presence is Presence.DEFAULTED:
        text += f" = {without_template_tags(json_line(param.default))}"
    return text


def _behaviour(api: Api, method: Method) -> str:
    words = []
    if method.readonly:
        words.append("Read-only")
    if method.idempotent:
        words.append("Idempotent")
    if method.timeout is not None:
        words.append(f"Timeout {duration_text(method.timeout)}")
    words.append(access_fact(method, code))
    words.append(since_fact(method.since, code).removesuffix("."))
    paragraphs = [" · ".join([word for word in words if word])]
    if method.pagination is not None:
        wire_names = {param.name: param.wire_name for param in method.params}
        param = code(wire_names[method.pagination.param])
        paragraphs.append(pages_fact(api, method, param, code))
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph])


def _error(api: Api, types: MarkdownTypes, ref: NamedType) -> str:
    doc = api.error(ref).doc
    return f"{types.link(ref)}: {cell(doc)}" if doc else types.link(ref)


def _example(prefix: str, method: Method, example: Example) -> ExampleView:
    params = written_params(method, example)
    answer_title = "The answer:"
    if isinstance(method.returns, StreamType):
        answer_title = "The items of the answer:"
    request_title = ""
    request: object = params
    answer = example.returns
    if method.streamed_param:
        request_title = "The params, with the items of the stream as a list:"
    elif not isinstance(method.returns, StreamType):
        call = {"jsonrpc": "2.0", "id": 1}
        request = {**call, "method": f"{prefix}{method.name}", "params": params}
        answer = {**call, "result": answer}
    else:
        request_title = "The params:"
    return ExampleView(
        title=code(example.name),
        doc=paragraphs(example.doc) if example.doc else "",
        request_title=request_title,
        request=fenced_json(request, _WIDTH),
        answer_title=answer_title,
        answer=fenced_json(answer, _WIDTH),
        extensions=example.extensions,
    )
