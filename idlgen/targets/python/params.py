"""Params in signatures: what is required comes first, the rest by keyword."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct as Record

from idlgen.model import Api, Field, Presence, StreamType
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.names import value_name
from idlgen.targets.python.values import Values


class Param(Record, frozen=True):
    """A param: its name and annotation, and its default where a signature can hold it.

    `is_deferred` tells a default that no signature can hold, since it must be made anew
    each time: that of a list, say.
    """

    name: str
    annotation: str
    default: str | None = None
    is_deferred: bool = False

    @property
    def is_required(self) -> bool:
        """Whether it may be given by position."""
        return self.default is None and not self.is_deferred

    @property
    def declaration(self) -> str:
        """The parameter, with its default if it has one."""
        if self.default is None:
            return f"{self.name}: {self.annotation}"
        return f"{self.name}: {self.annotation} = {self.default}"


def _no_stream(item: str) -> str:
    raise ValueError(f"{item} cannot be streamed: only params of methods are")


def params(
    api: Api,
    annotations: Annotations,
    fields: Sequence[Field],
    reserved: frozenset[str],
    stream: Callable[[str], str] = _no_stream,
) -> list[Param]:
    """Return the params that `fields` are; no name is one of `reserved`.

    `stream` gives the annotation of a stream whose items have the annotation given.
    """
    return [
        _param(api, annotations, field, value_name(field.identifier, reserved), stream)
        for field in fields
    ]


def _param(
    api: Api,
    annotations: Annotations,
    field: Field,
    name: str,
    stream: Callable[[str], str],
) -> Param:
    if isinstance(field.type, StreamType):
        return Param(name, stream(annotations.type(field.type.item)))
    annotation = annotations.member(field)
    match field.presence:
        case Presence.REQUIRED:
            return Param(name, annotation)
        case Presence.OPTIONAL:
            return Param(name, annotation, "None")
        case Presence.PATCH:
            return Param(name, annotation, annotations.scope.use("UNSET"))
        case Presence.DEFAULTED:
            values = Values(api, annotations.scope)
            if values.is_plain(field.type, field.default):
                return Param(
                    name, annotation, values.expression(field.type, field.default)
                )
            return Param(name, annotation, is_deferred=True)


def positional(params: Sequence[Param]) -> list[str]:
    """Return the parameters that may be given by position."""
    return [param.declaration for param in params if param.is_required]


def keywords_of_caller(scope: Scope, params: Sequence[Param]) -> list[str]:
    """Return the parameters that a caller may leave out; a deferred one is UNSET then."""
    return [
        (
            f"{param.name}: {param.annotation} | {scope.use('UnsetType')}"
            f" = {scope.use('UNSET')}"
            if param.is_deferred
            else param.declaration
        )
        for param in params
        if not param.is_required
    ]


def keywords_of_handler(params: Sequence[Param]) -> list[str]:
    """Return the same for who is called: a deferred one has been filled in."""
    return [param.declaration for param in params if not param.is_required]
