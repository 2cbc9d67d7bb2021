"""Methods whose results are pages: how a client goes from one to the next."""

from __future__ import annotations

from collections.abc import Iterable

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Field, ListType, Method, NamedType, Pagination, TypeRef


def pagination_of(api: Api, method: Method, pagination: Pagination) -> str:
    """Return the object that tells the runtime how one page leads to the next."""
    page = _page(api, method)
    entries = (
        f"param: {_wire_name(pagination.param, method.params)}",
        f"next: {_wire_name(pagination.next, page)}",
        f"items: {_wire_name(pagination.items, page)}",
    )
    return f"{{ {', '.join(entries)} }}"


def item_type(api: Api, method: Method, pagination: Pagination) -> TypeRef:
    """Return the type of what is on the pages."""
    listed = api.unaliased(_named(pagination.items, _page(api, method)).type)
    assert isinstance(listed, ListType)
    return listed.element


def _page(api: Api, method: Method) -> tuple[Field, ...]:
    assert method.returns is not None
    ref = api.unaliased(method.returns)
    assert isinstance(ref, NamedType)
    return api.fields(ref)


def _wire_name(name: str, fields: Iterable[Field]) -> str:
    return string_literal(_named(name, fields).wire_name)


def _named(name: str, fields: Iterable[Field]) -> Field:
    return next(field for field in fields if field.name == name)
