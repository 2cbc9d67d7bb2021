"""What is called how in the file of one package: its own names, and those of others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, NamedType, Package, Struct
from idlgen.targets.tsdoc.names import free_name, made_names, type_name

_GLOBALS = ("AsyncIterable", "Promise", "Record")


class Scope:
    """The names that one file declares, and the packages that it turns out to need.

    `module(package)` is the path by which the file imports another package's types.
    `taken` are names that it has beside those of the package's declarations.
    """

    def __init__(
        self,
        api: Api,
        package: Package,
        module: Callable[[str], str],
        taken: Iterable[str] = (),
    ) -> None:
        self._api = api
        self._package = package
        self._module = module
        self._taken = {name for name, _ in made_names(package)}.union(taken)
        self._imports: dict[str, str] = {}
        self._own: set[str] = set()
        self.async_iterable, self.promise, self.record = map(self._standard, _GLOBALS)
        self.key = free_among("key", self._taken)
        self._params = self._param_names()

    def _standard(self, name: str) -> str:
        """Return how to name TypeScript's own type where the schema may have one too."""
        return f"globalThis.{name}" if name in self._taken else name

    def _param_names(self) -> dict[str, str]:
        """Return what type params are called, each the same in the whole file.

        Within its struct a param hides what has its name, so it is called like nothing
        that the file may use there.
        """
        params = dict.fromkeys(
            param
            for declared in self._package.types.values()
            if isinstance(declared, Struct)
            for param in declared.params
        )
        hidden = self._taken.union(_GLOBALS)
        taken = hidden.union(params)
        names = {}
        for param in params:
            names[param] = free_among(param, taken) if param in hidden else param
            taken.add(names[param])
        return names

    def type_param(self, name: str) -> str:
        """Return what a type param is called."""
        return self._params[name]

    def declared(self, ref: NamedType) -> str:
        """Return what a type or an error is called, by way of its import if need be."""
        package = self._api.packages[ref.package]
        name = type_name(package.types.get(ref.name) or package.errors[ref.name])
        if package.name == self._package.name:
            self._own.add(name)
            return name
        return f"{self._import(package.name)}.{name}"

    def free(self, name: str) -> str:
        """Return `name`, or one like it, as the name of something else in the file."""
        name = free_among(name, self._taken)
        self._taken.add(name)
        return name

    def _import(self, package: str) -> str:
        known = self._imports.get(package)
        if known is None:
            known = self.free(free_name(package.replace(".", "_")))
            self._imports[package] = known
        return known

    def imports(self) -> list[str]:
        """Return the statements that import what `declared` was asked for, sorted."""
        return [
            f"import type * as {name} from {path};" for name, path in self.foreign()
        ]

    def foreign(self) -> list[tuple[str, str]]:
        """Return the names of other packages here, each with its module as a literal."""
        return [
            (name, string_literal(self._module(package)))
            for package, name in sorted(self._imports.items())
        ]

    def own(self) -> list[str]:
        """Return what `declared` was asked for of the file's own package, sorted."""
        return sorted(self._own)


def free_among(name: str, taken: Collection[str]) -> str:
    """Return `name` with underscores until nothing else is called so."""
    while name in taken:
        name += "_"
    return name
