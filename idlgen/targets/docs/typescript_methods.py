"""Services as interfaces: the signatures of their methods, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.typescript_text import property_name
from idlgen.model import Api, Field, Method, Presence, Service
from idlgen.targets.docs.durations import duration_text
from idlgen.targets.docs.facts import access_fact, pages_fact, since_fact
from idlgen.targets.docs.typescript_comments import (
    WIDTH,
    called,
    code,
    comment,
    deprecation,
    example_tag,
    one_line,
    param_tag,
    schema_name,
)
from idlgen.targets.docs.typescript_names import param_names, type_name
from idlgen.targets.docs.typescript_scope import Scope
from idlgen.targets.docs.typescript_types import TypeScriptTypes


class MethodView(NamedTuple):
    """One method; `spaced` asks for an empty line above it."""

    spaced: bool
    comment: str
    signature: str
    extensions: Mapping[str, object]


class ServiceView(NamedTuple):
    """A service as an interface."""

    comment: str
    name: str
    methods: Sequence[MethodView]
    extensions: Mapping[str, object]


def service_view(
    api: Api, scope: Scope, types: TypeScriptTypes, service: Service
) -> ServiceView:
    """Return `service` as its file shows it."""
    methods: list[MethodView] = []
    spaced = any(method.doc for method in service.methods)
    for method in service.methods:
        names = param_names(method.params)
        facts = _behaviour(api, method, names)
        tags = [*_tags(api, scope, types, method, names)]
        said = comment("  ", method.doc, facts, tags)
        signature = _signature(types, method, names)
        spaces = spaced and bool(methods)
        methods.append(MethodView(spaces, said, signature, method.extensions))
    name = type_name(service)
    said = comment(
        "",
        service.doc,
        schema_name(name, service.name),
        deprecation(service.deprecated),
        note=since_fact(service.since, code),
    )
    return ServiceView(said, name, methods, service.extensions)


def _signature(types: TypeScriptTypes, method: Method, names: Mapping[str, str]) -> str:
    # `new(...)` would be a constructor's signature.
    name = '"new"' if method.name == "new" else property_name(method.name)
    params = _params(types, method.params, names)
    end = f"): {types.result(method.returns)}"
    line = f"{name}({', '.join(params)}{end}"
    if len(line) + len("  ;") <= WIDTH or not params:
        return line
    exploded = ",\n    ".join(params)
    return f"{name}(\n    {exploded},\n  {end}"


def _params(
    types: TypeScriptTypes, params: Sequence[Field], names: Mapping[str, str]
) -> list[str]:
    """Return the params, required ones first: TypeScript wants them in front."""
    required, others = [], []
    for param in params:
        if param.presence is Presence.REQUIRED:
            required.append(f"{names[param.name]}: {types.text(param.type)}")
        else:
            others.append(f"{names[param.name]}?: {types.text(param.type)}")
    return required + others


def _tags(
    api: Api,
    scope: Scope,
    types: TypeScriptTypes,
    method: Method,
    names: Mapping[str, str],
) -> Iterator[str]:
    for param in method.params:
        if tag := param_tag(names[param.name], param, types.member_note(param)):
            yield tag
    if method.returns is not None and (told := types.note(method.returns)):
        yield f"@returns {told}"
    for ref in method.errors:
        doc = one_line(api.error(ref).doc)
        yield f"@throws {{@link {scope.declared(ref)}}} {doc}".rstrip()
    yield from deprecation(method.deprecated)
    for example in method.examples:
        yield example_tag("  ", method, example)


def _behaviour(api: Api, method: Method, names: Mapping[str, str]) -> Sequence[str]:
    facts = []
    if method.readonly:
        facts.append("Read-only.")
    if method.idempotent:
        facts.append("Idempotent.")
    if method.timeout is not None:
        facts.append(f"Timeout: {duration_text(method.timeout)}.")
    if access := access_fact(method, code):
        facts.append(f"{access}.")
    if since := since_fact(method.since, code):
        facts.append(since)
    if method.identifier != method.name:
        facts.append(called(method.identifier))
    paragraphs = [" ".join(facts)]
    if method.pagination is not None:
        param = f"`{names[method.pagination.param]}`"
        paragraphs.append(pages_fact(api, method, param, code))
    return [paragraph for paragraph in paragraphs if paragraph]
