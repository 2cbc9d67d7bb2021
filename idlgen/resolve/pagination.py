"""Pages: which param takes the cursor, and which fields of the result hold what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from idlgen.diagnostics import Diagnostic, Label
from idlgen.diagnostics.suggest import did_you_mean, nearest
from idlgen.model import (
    Alias,
    ErrorType,
    Field,
    ListType,
    NamedType,
    NullableType,
    Pagination,
    Presence,
    StreamType,
    Struct,
    TypeDeclaration,
    TypeRef,
    instance_fields,
)
from idlgen.resolve.scope import Scope
from idlgen.syntax.nodes import PaginationDecl
from idlgen.syntax.yaml_tree import ScalarNode

Fields: TypeAlias = tuple[Field, ...]
Declaration: TypeAlias = Callable[[NamedType], TypeDeclaration]

_ALWAYS = (Presence.REQUIRED, Presence.DEFAULTED)


class _Page(NamedTuple):
    """The struct that a method returns."""

    name: str
    fields: Fields

    def names(self) -> list[str]:
        return [field.name for field in self.fields]


class PaginationResolver:
    """Resolves what `paginate:` says; `declaration` returns types with all their fields."""

    def __init__(self, scope: Scope, declaration: Declaration) -> None:
        self.scope = scope
        self.declaration = declaration

    def resolve(
        self, declared: PaginationDecl, params: Fields, returns: TypeRef | None
    ) -> Pagination | None:
        """Return how the pages of a method follow one another, None where they cannot.

        Each fault is reported, but none that comes of a type that was refused.
        """
        types = [returns, *(param.type for param in params)]
        if any(isinstance(type_, StreamType) for type_ in types):
            self._report(
                declared.param,
                "a method with a stream has no pages",
                "leave `paginate` out: a stream goes on until it ends",
            )
            return None
        param = self._param(declared.param, params)
        page = self._page(declared.param, returns)
        if page is None:
            return None
        following = self._next(declared, page)
        items = self._items(declared, page)
        if param is None or following is None or items is None:
            return None
        self._check_types(declared, param, following)
        return Pagination(
            param=param.name,
            next=following.name,
            items=items.name,
            extensions=declared.extensions,
        )

    def _param(self, node: ScalarNode, params: Fields) -> Field | None:
        found = _named(node.text, params)
        if found is None:
            self._report(
                node,
                f"the method has no param `{node.text}` to take the cursor",
                did_you_mean(node.text, [param.name for param in params])
                or "add one, such as `cursor: string?`, and name it here",
            )
        elif found.presence is Presence.REQUIRED and not self._is_nullable(found):
            self._report(
                node,
                f"`{found.name}` must be optional: the first page has no cursor",
                "write `?` after its type, or give it a default",
                found,
            )
        return found

    def _page(self, node: ScalarNode, returns: TypeRef | None) -> _Page | None:
        type_ = None if returns is None else self._behind_aliases(returns)
        if isinstance(type_, ErrorType):
            return None
        if isinstance(type_, NamedType):
            struct = self.declaration(type_)
            if isinstance(struct, Struct):
                return _Page(struct.name, instance_fields(struct, type_.args))
        self._report(
            node,
            "only a struct can be a page, and the method does not return one",
            "return a struct with the page's items and the next page's cursor, "
            "such as `{items: list<User>, next: string?}`",
        )
        return None

    def _next(self, declared: PaginationDecl, page: _Page) -> Field | None:
        node = declared.next or declared.param
        name = "next" if declared.next is None else node.text
        found = _named(name, page.fields)
        if found is None:
            self._report(
                node,
                f"`{page.name}` has no field `{name}` for the next page's cursor",
                _next_hint(declared, page),
            )
        elif found.presence in _ALWAYS and not self._is_nullable(found):
            self._report(
                node,
                f"`{found.name}` must be optional: the last page has no next one",
                "write `?` or `| null` after its type",
                found,
            )
        return found

    def _items(self, declared: PaginationDecl, page: _Page) -> Field | None:
        found = self._items_field(declared, page)
        if found is None or self._is_refused(found):
            return None
        if (
            self._is_list(found)
            and found.presence in _ALWAYS
            and not self._is_nullable(found)
        ):
            return found
        self._report(
            declared.items or declared.param,
            f"`{found.name}` is not a list that is always there",
            "a page's items are a `list<T>` without `?` and `| null`",
            found,
        )
        return None

    def _items_field(self, declared: PaginationDecl, page: _Page) -> Field | None:
        if declared.items is None:
            return self._only_list(declared.param, page)
        name = declared.items.text
        found = _named(name, page.fields)
        if found is None:
            self._report(
                declared.items,
                f"`{page.name}` has no field `{name}` for the page's items",
                did_you_mean(name, page.names()) or "name one of its lists",
            )
        return found

    def _only_list(self, param: ScalarNode, page: _Page) -> Field | None:
        lists = [field for field in page.fields if self._is_list(field)]
        if len(lists) == 1:
            return lists[0]
        if lists:
            names = ", ".join(f"`{field.name}`" for field in lists)
            long_form = f"{{param: {param.text}, items: {lists[0].name}}}"
            self._report(
                param,
                f"`{page.name}` has {len(lists)} lists: {names}",
                f"say which one holds the items, as in `paginate: {long_form}`",
            )
        elif not any(map(self._is_refused, page.fields)):
            self._report(
                param,
                f"`{page.name}` has no list for the page's items",
                "give it one, such as `items: list<User>`",
            )
        return None

    def _check_types(
        self, declared: PaginationDecl, param: Field, following: Field
    ) -> None:
        types = self._plain(param.type), self._plain(following.type)
        if types[0] != types[1] and ErrorType() not in types:
            self._report(
                declared.next or declared.param,
                f"`{following.name}` cannot be given as `{param.name}`: "
                "it has another type",
                "give both the same type",
                following,
                param,
            )

    def _is_list(self, field: Field) -> bool:
        return isinstance(self._plain(field.type), ListType)

    def _is_refused(self, field: Field) -> bool:
        return isinstance(self._plain(field.type), ErrorType)

    def _is_nullable(self, field: Field) -> bool:
        return isinstance(self._behind_aliases(field.type), NullableType)

    def _plain(self, type_: TypeRef) -> TypeRef:
        """Return what a type comes to through aliases and `| null`."""
        found = self._behind_aliases(type_)
        while isinstance(found, NullableType):
            found = self._behind_aliases(found.inner)
        return found

    def _behind_aliases(self, type_: TypeRef) -> TypeRef:
        seen: set[NamedType] = set()
        while isinstance(type_, NamedType):
            declared = self.declaration(type_)
            if not isinstance(declared, Alias):
                break
            if type_ in seen:
                # The cycle has been reported.
                return ErrorType()
            seen.add(type_)
            type_ = declared.type
        return type_

    def _report(
        self, node: ScalarNode, message: str, hint: str | None, *fields: Field
    ) -> None:
        labels = [Label(field.span, f"`{field.name}` is here") for field in fields]
        self.scope.report(
            Diagnostic(
                code="IDL131",
                message=message,
                span=self.scope.document.place(node),
                labels=tuple(labels),
                hint=hint,
            )
        )


def _named(name: str, fields: Fields) -> Field | None:
    return next((field for field in fields if field.name == name), None)


def _next_hint(declared: PaginationDecl, page: _Page) -> str:
    if declared.next is not None:
        found = nearest(declared.next.text, page.names())
        return f"did you mean `{found}`?" if found else "name an optional field"
    other = nearest("next", page.names()) or "..."
    long_form = f"{{param: {declared.param.text}, next: {other}}}"
    return f"add `next: string?`, or say which it is: `paginate: {long_form}`"
