"""Services as interfaces: the signatures of their methods, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from idlgen.emit.typescript_text import property_name
from idlgen.model import Api, Field, Method, NamedType, Presence, Service
from idlgen.targets.tsdoc.comments import (
    WIDTH,
    called,
    code,
    comment,
    deprecation,
    schema_name,
)
from idlgen.targets.tsdoc.facts import since_fact
from idlgen.targets.tsdoc.methods import behaviour, method_tags
from idlgen.targets.tsdoc.names import param_names, type_name
from idlgen.targets.tsdoc.scope import Scope
from idlgen.targets.tsdoc.types import TypeScriptTypes


class MethodView(NamedTuple):
    """One method; `spaced` asks for an empty line above it."""

    spaced: bool
    comment: str
    signature: str
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


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

    def link(error: NamedType) -> str:
        return f"{{@link {scope.declared(error)}}}"

    methods: list[MethodView] = []
    spaced = any(method.doc for method in service.methods)
    for method in service.methods:
        names = param_names(method.params)
        renamed = method.identifier != method.name
        naming = called(method.identifier) if renamed else ""
        facts = behaviour(api, method, names, naming)
        tags = [*method_tags(api, types, method, names, link)]
        said = comment("  ", method.doc, facts, tags)
        signature = _signature(types, method, names)
        spaces = spaced and bool(methods)
        methods.append(
            MethodView(
                spaces, said, signature, method.extensions, method.part_extensions
            )
        )
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
