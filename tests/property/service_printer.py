"""Writes errors and services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from idlgen.model import (
    Auth,
    Error,
    Example,
    ListType,
    Method,
    NamedType,
    Service,
)
from tests.property.declaration_printer import DeclarationPrinter
from tests.property.references import fields_of, plain, struct_behind
from tests.property.service_drawing import TIMEOUTS
from tests.property.yaml_printer import Text, Tree

Access: TypeAlias = tuple[Auth, tuple[str, ...]]

_ANYBODY: Access = (Auth.NONE, ())


class ServicePrinter(DeclarationPrinter):
    """The sections `errors` and `services`."""

    def error(self, error: Error) -> Tree:
        fields = self.members(error.fields)
        return self.shuffled(
            {
                "status": Text(error.status),
                "message": self.text(error.message),
                "fields": fields if fields or self.chance(0.2) else None,
                **self.notes(error),
            }
        )

    def service(self, service: Service) -> Tree:
        shared = self._shared_errors(service) if self.chance(0.5) else ()
        access = _ANYBODY
        if service.methods and self.chance(0.7):
            method = self.random.choice(service.methods)
            access = (method.auth, method.scopes)
        methods = {
            method.name: self._method(method, len(shared), access)
            for method in service.methods
        }
        return self.shuffled(
            {
                "methods": methods,
                "errors": self._errors(shared) or None,
                **self._access(access, _ANYBODY),
                **self.notes(service),
            }
        )

    def _errors(self, errors: Sequence[NamedType]) -> list[Text]:
        return [Text(self.name(error)) for error in errors]

    def _shared_errors(self, service: Service) -> tuple[NamedType, ...]:
        """Return the errors with which the list of every method ends."""
        listed = [method.errors for method in service.methods]
        for count in range(min(map(len, listed), default=0), 0, -1):
            if len({errors[-count:] for errors in listed}) == 1:
                return listed[0][-count:]
        return ()

    def _access(self, own: Access, inherited: Access) -> dict[str, Tree | None]:
        auth: Tree | None = None
        scopes: Tree | None = None
        if own[0] is not inherited[0] or self.chance(0.2):
            auth = Text(own[0])
        if own[0] is not Auth.NONE and (own[1] != inherited[1] or self.chance(0.2)):
            scopes = [Text(scope) for scope in own[1]]
        return {"auth": auth, "scopes": scopes}

    def _method(self, method: Method, shared: int, access: Access) -> Tree:
        params = self.members(method.params)
        errors = self._errors(method.errors[: len(method.errors) - shared])
        examples = {
            example.name: self._example(example, method) for example in method.examples
        }
        timeout = None
        if method.timeout is not None:
            timeout = Text(self.random.choice(TIMEOUTS[method.timeout]))
        returns = method.returns
        tree = self.shuffled(
            {
                "params": params if params or self.chance(0.2) else None,
                "returns": None if returns is None else self.result(returns),
                "errors": errors if errors or self.chance(0.1) else None,
                "readonly": self.flag(is_set=method.readonly),
                "idempotent": self.flag(is_set=method.idempotent),
                "timeout": timeout,
                "paginate": self._pagination(method),
                "examples": examples if examples or self.chance(0.1) else None,
                **self._access((method.auth, method.scopes), access),
                **self.notes(method),
            }
        )
        return tree if tree or self.chance(0.5) else self.null()

    def _pagination(self, method: Method) -> Tree | None:
        pages, page = method.pagination, method.returns
        if pages is None or page is None:
            return None
        struct = struct_behind(page, self.types)
        assert struct is not None
        lists = [
            field
            for field in fields_of(struct, self.types)
            if isinstance(plain(field.type, self.types), ListType)
        ]
        has_next = pages.next != "next" or self.chance(0.2)
        has_items = len(lists) > 1 or self.chance(0.2)
        if not has_next and not has_items and self.chance(0.8):
            return Text(pages.param)
        return self.shuffled(
            {
                "param": Text(pages.param),
                "next": Text(pages.next) if has_next else None,
                "items": Text(pages.items) if has_items else None,
            }
        )

    def _example(self, example: Example, method: Method) -> Tree:
        params = self.struct_value(example.params, method.params)
        returns: Tree | None = None
        if method.returns is not None:
            returns = self.value(example.returns, method.returns)
        return self.shuffled(
            {
                "params": params if params or self.chance(0.5) else None,
                "returns": returns,
                "doc": self.text(example.doc),
            }
        )
