"""What types are called in `components`: `user.User`, and `user.UserPage` of instances.

The package stands in each name, so that documents of several packages fit together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Error,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    TypeDeclaration,
    TypeRef,
)


class ComponentNames:
    """The keys of types and errors, unique in a document, and their titles."""

    def __init__(self, api: Api, named: Iterable[NamedType]) -> None:
        self._api = api
        self._keys = _keys(api, list(named))
        titles = {key: self._own_title(ref) for ref, key in self._keys.items()}
        self._shared = Counter(titles.values())

    def key(self, ref: NamedType) -> str:
        """Return the key of the component that `ref` names."""
        return self._keys[ref]

    def title(self, ref: NamedType) -> str:
        """Return what programs call it that make names of titles: `User`."""
        title = self._own_title(ref)
        return title if self._shared[title] == 1 else self._keys[ref]

    def _own_title(self, ref: NamedType) -> str:
        return _short_name(ref) if ref.args else declared(self._api, ref).identifier


def declared(api: Api, ref: NamedType) -> TypeDeclaration | Error:
    """Return the type or the error that `ref` names."""
    package = api.packages[ref.package]
    return package.types.get(ref.name) or package.errors[ref.name]


def named_instance(api: Api, ref: NamedType) -> NamedType | None:
    """Return the instance that `ref` is but a name of, which it is called by itself.

    That is `UserPage: Page<User>`.
    """
    alias = api.packages[ref.package].types.get(ref.name)
    if not isinstance(alias, Alias) or alias.constraints != NO_CONSTRAINTS:
        return None
    instance = alias.type
    if not isinstance(instance, NamedType) or not instance.args:
        return None
    same = (instance.package, _short_name(instance)) == (ref.package, ref.name)
    return instance if same else None


def _keys(api: Api, named: list[NamedType]) -> Mapping[NamedType, str]:
    short = {ref: f"{ref.package}.{_short_name(ref)}" for ref in named}
    claims = Counter(key for ref, key in short.items() if ref.args)
    return {
        ref: key if not ref.args or _is_free(api, ref, claims[key]) else _spelled(ref)
        for ref, key in short.items()
    }


def _is_free(api: Api, instance: NamedType, claims: int) -> bool:
    """Whether no other instance and no declaration is called as `instance` is."""
    package = api.packages[instance.package]
    name = _short_name(instance)
    if name in package.types:
        ref = NamedType(instance.package, name)
        return claims == 1 and named_instance(api, ref) == instance
    return claims == 1 and name not in package.errors


def _short_name(ref: NamedType) -> str:
    return "".join([*map(_word, ref.args), ref.name])


def _word(ref: TypeRef) -> str:
    match ref:
        case ScalarType(scalar):
            return scalar.value.capitalize()
        case NamedType():
            return _short_name(ref)
        case ListType(element):
            return f"{_word(element)}List"
        case SetType(element):
            return f"{_word(element)}Set"
        case MapType(ScalarType(Scalar.STRING), value):
            return f"{_word(value)}Map"
        case MapType(key, value):
            return f"{_word(key)}{_word(value)}Map"
        case NullableType(inner):
            return f"Nullable{_word(inner)}"
        case _:
            raise AssertionError(ref)


def _spelled(ref: TypeRef) -> str:
    """Return a name that no other type has: what takes arguments stands before them."""
    match ref:
        case ScalarType(scalar):
            return scalar.value
        case NamedType(package, name, args):
            return "-".join([f"{package}.{name}", *map(_spelled, args)])
        case ListType(element):
            return f"list-{_spelled(element)}"
        case SetType(element):
            return f"set-{_spelled(element)}"
        case MapType(key, value):
            return f"map-{_spelled(key)}-{_spelled(value)}"
        case NullableType(inner):
            return f"null-{_spelled(inner)}"
        case _:
            raise AssertionError(ref)
