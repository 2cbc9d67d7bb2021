"""The implementations of an endpoint, and which of their handlers a name means."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from idlgen.runtime.descriptors import Method, Service, served_by
from idlgen.runtime.leniency import Leniency
from idlgen.runtime.method_codec import MethodCodec, method_codec
from idlgen.runtime.suggest import nearest_path, shown

Handler = Callable[..., Any]


RESERVED = "rpc."


class Bound(Struct, frozen=True):
    """A method, its codec and the handler that serves it.

    `keywords` are the params that the handler accepts, None for all of them. A call of a
    generator runs none of it yet, whether it `is_async` or not.
    """

    method: Method[Any]
    codec: MethodCodec[Any]
    handler: Handler
    is_async: bool
    is_generator: bool
    keywords: frozenset[str] | None

    def accepted(self, keywords: Mapping[str, object]) -> Mapping[str, object]:
        """Return those of the call's keyword arguments that the handler takes."""
        if self.keywords is None:
            return keywords
        return {name: keywords[name] for name in keywords if name in self.keywords}


class MethodNotFound(LookupError):
    """No handler has the name; the text says which one may have been meant."""


class Registry:
    """Finds handlers by the names of methods; nothing else of an object is reachable.

    `services` are those that are served, each with its generated class.
    """

    def __init__(self, implementations: Iterable[object]) -> None:
        """Bind every method of the services that the objects implement.

        Raises:
            TypeError: an object implements no service, or lacks a method of one, or has
                a handler that cannot be called with the method's params, or yields
                where there is one result; or there are no objects.
            ValueError: two objects implement the same service, or a method has a name
                that JSON-RPC keeps for itself.
        """
        self.services: list[tuple[Service, type]] = []
        self._full: dict[str, Bound] = {}
        self._short: dict[str, list[Bound]] = {}
        self._bare: dict[str, list[Bound]] = {}
        owners: dict[str, object] = {}
        for implementation in implementations:
            for service, interface in _services(implementation):
                if service.name in owners:
                    raise ValueError(
                        f"{service.name} has two implementations, "
                        f"{_named(owners[service.name])} and {_named(implementation)}"
                    )
                owners[service.name] = implementation
                self.services.append((service, interface))
                for bound in _bind(implementation, service, interface):
                    self._add(bound)
        if not owners:
            raise TypeError(
                "there is nothing to serve: give an object whose class derives from a "
                "service's class in the generated `server.py`, such as `MyUsers()`"
            )

    def _add(self, bound: Bound) -> None:
        method = bound.method
        if method.name.startswith(RESERVED) or method.short_name.startswith(RESERVED):
            raise ValueError(
                f"{method.name} cannot be served: names that begin with `{RESERVED}` are "
                "reserved by JSON-RPC (section 8 of its specification)"
            )
        self._full[method.name] = bound
        self._short.setdefault(method.short_name, []).append(bound)
        self._bare.setdefault(method.bare_name, []).append(bound)

    def __iter__(self) -> Iterator[Bound]:
        return iter(self._full.values())

    def named(self, name: str) -> Bound | None:
        """Return the handler whose method has this full name."""
        return self._full.get(name)

    def find(self, name: str, leniency: Leniency) -> Bound:
        """Return the handler that `name` means.

        Raises:
            MethodNotFound: none has the name, or several share the short name.
        """
        found = self.named(name)
        if found is not None:
            return found
        choices = self._short.get(name, [])
        if not choices and leniency.bare_names:
            choices = self._bare.get(name, [])
        if len(choices) == 1:
            return choices[0]
        if choices:
            names = " and ".join(f"`{bound.method.name}`" for bound in choices)
            raise MethodNotFound(f"{shown(name)} could be {names}")
        raise MethodNotFound(f"No method {shown(name)}{self._suggestion(name)}")

    def _suggestion(self, name: str) -> str:
        """Return the full name of the method that is nearest in the form of `name`."""
        forms = (self._bare, self._short)
        dots = name.count(".")
        if dots < len(forms):
            names = {form: found[0].method.name for form, found in forms[dots].items()}
        else:
            names = {full: full for full in self._full}
        near = nearest_path(name, list(names))
        return "" if near is None else f"; did you mean `{names[near]}`?"


def _services(implementation: object) -> list[tuple[Service, type]]:
    if isinstance(implementation, type):
        raise TypeError(
            f"{implementation.__name__} is a class: give an object of it, "
            f"`{implementation.__name__}()`"
        )
    services = served_by(type(implementation))
    if not services:
        raise TypeError(
            f"{_named(implementation)} implements no service: derive its class from "
            "the service's class in the generated `server.py`, such as "
            "`class MyUsers(UserService)`"
        )
    return services


def _bind(implementation: object, service: Service, interface: type) -> Iterator[Bound]:
    missing: list[str] = []
    for method in service.methods:
        handler = getattr(implementation, method.handler, None)
        own = getattr(interface, method.handler, None)
        if handler is None or getattr(handler, "__func__", handler) is own:
            missing.append(method.handler)
        else:
            yield _bound(implementation, method, handler)
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise TypeError(
            f"{_named(implementation)} lacks {names} of {service.name}: define them, or "
            f"derive from `{interface.__name__}Unimplemented`, which answers that they "
            "are not implemented"
        )


def _bound(implementation: object, method: Method[Any], handler: Handler) -> Bound:
    params = frozenset(method.params.__struct_fields__)
    if method.stream_param is not None:
        params |= {method.stream_param.name}
    accepted: set[str] = set()
    takes_all = False
    for parameter in inspect.signature(handler).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            takes_all = True
        elif parameter.kind is parameter.VAR_POSITIONAL:
            continue
        elif (
            parameter.name in params and parameter.kind is not parameter.POSITIONAL_ONLY
        ):
            accepted.add(parameter.name)
        elif parameter.default is parameter.empty:
            known = ", ".join(f"`{name}`" for name in sorted(params)) or "none"
            raise TypeError(
                f"{_named(implementation)}.{method.handler} cannot be called: "
                f"`{parameter.name}` is no keyword that {method.name} passes "
                f"(its params are {known})"
            )
    is_generator = _is_generator(handler)
    if is_generator and not method.stream_result:
        raise TypeError(
            f"{_named(implementation)}.{method.handler} is a generator, and "
            f"{method.name} has one result: `return` it, do not `yield`"
        )
    return Bound(
        method=method,
        codec=method_codec(method),
        handler=handler,
        is_async=inspect.iscoroutinefunction(handler),
        is_generator=is_generator,
        keywords=None if takes_all or accepted == params else frozenset(accepted),
    )


def _is_generator(handler: Handler) -> bool:
    return inspect.isasyncgenfunction(handler) or inspect.isgeneratorfunction(handler)


def _named(implementation: object) -> str:
    return type(implementation).__qualname__
