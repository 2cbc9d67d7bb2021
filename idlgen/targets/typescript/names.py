"""What generated classes, their methods and params are called."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct as Record

from idlgen.emit.typescript_text import property_name
from idlgen.model import Field, Method, Presence, Service
from idlgen.targets.tsdoc.names import RESERVED, param_names
from idlgen.targets.tsdoc.scope import free_among

# What makes an object a constructor or a promise.
_OF_CLIENTS = frozenset(["constructor", "then"])
_OF_CALLS = RESERVED | {"options"}


class ParamNames(Record, frozen=True):
    """What the params of a method are called, by their names in the schema.

    `required` are those of the signature, `optional` the members of the one param
    `others`, which stands for all that a caller may leave out.
    """

    required: Mapping[str, str]
    optional: Mapping[str, str]
    others: str

    def shown(self) -> Mapping[str, str]:
        """Return what comments call each param."""
        members = {name: f"{self.others}.{own}" for name, own in self.optional.items()}
        return {**self.required, **members}


def client_name(service: Service) -> str:
    """Return the name of the class whose methods call the service.

    No other declaration of the package is called so: see the rule `generated_names`.
    """
    return f"{service.identifier}Client"


def method_names(service: Service) -> Mapping[str, str]:
    """Return what the client calls each method, by its name in the schema."""
    names: dict[str, str] = {}
    taken = _OF_CLIENTS.union(method.identifier for method in service.methods)
    for method in service.methods:
        name = method.identifier
        if name in _OF_CLIENTS or name in names.values():
            name = free_among(name, taken.union(names.values()))
        names[method.name] = name
    return names


def iterator_names(service: Service) -> Mapping[str, str]:
    """Return what the client calls each iterator over pages, by its method's name.

    It is called `iter` and the method's name, as in Python: `iterListUsers`.
    """
    names: dict[str, str] = {}
    taken = {*method_names(service).values()}
    for method in service.methods:
        if method.pagination is not None:
            names[method.name] = free_among(_iterator_name(method.identifier), taken)
            taken.add(names[method.name])
    return names


def _iterator_name(method: str) -> str:
    if "_" in method:
        return f"iter_{method}"
    return f"iter{method[0].upper()}{method[1:]}"


def params_of(method: Method) -> ParamNames:
    """Return what the params of `method` are called."""
    required = param_names([p for p in method.params if is_required(p)], _OF_CALLS)
    optional = param_names([p for p in method.params if not is_required(p)], ())
    others = free_among("optional", required.values())
    return ParamNames(required, optional, others)


def is_required(param: Field) -> bool:
    """Whether a caller must give the param."""
    return param.presence is Presence.REQUIRED


def value_key(key: str) -> str:
    """Return `key` as that of a member in an object that is written out.

    There `__proto__` would give the object another prototype.
    """
    return '["__proto__"]' if key == "__proto__" else property_name(key)
