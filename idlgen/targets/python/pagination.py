"""Methods whose results are pages: the iterators that clients have for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from idlgen.model import Api, Field, ListType, Method, NamedType, Pagination, TypeRef
from idlgen.targets.python.annotations import Annotations
from idlgen.targets.python.names import (
    FIELD_NAMES,
    PARAM_NAMES,
    snake_case,
    value_name,
)

Use = Callable[[str], str]


def iterator_name(method: Method) -> str | None:
    """Return what the iterator over all pages is called: `iter_list_users`, or None."""
    if method.pagination is None:
        return None
    return f"iter_{snake_case(method.identifier)}"


def result_of_iterator(
    api: Api, annotations: Annotations, method: Method, *, is_async: bool
) -> str:
    """Return the annotation of what the iterator's method gives."""
    assert method.pagination is not None
    assert method.returns is not None
    items = _named(method.pagination.items, _page(api, method.returns))
    listed = api.unaliased(items.type)
    assert isinstance(listed, ListType)
    name = annotations.scope.use("AsyncPaged" if is_async else "Paged")
    item, page = annotations.type(listed.element), annotations.type(method.returns)
    return f"{name}[{item}, {page}]"


def pagination_of(api: Api, use: Use, method: Method, pagination: Pagination) -> str:
    """Return the expression that tells a channel how one page leads to the next."""
    assert method.returns is not None
    page = _page(api, method.returns)
    param = _named(pagination.param, method.params).identifier
    following = _named(pagination.next, page).identifier
    items = _named(pagination.items, page).identifier
    arguments = (
        f'param="{value_name(param, PARAM_NAMES)}"',
        f'next="{value_name(following, FIELD_NAMES)}"',
        f'items="{value_name(items, FIELD_NAMES)}"',
    )
    return f"{use('Pagination')}({', '.join(arguments)})"


def _page(api: Api, returns: TypeRef) -> tuple[Field, ...]:
    ref = api.unaliased(returns)
    assert isinstance(ref, NamedType)
    return api.fields(ref)


def _named(name: str, fields: Iterable[Field]) -> Field:
    return next(field for field in fields if field.name == name)
