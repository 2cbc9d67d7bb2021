"""What the modules of one package call those of other packages, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.model import Api
from idlgen.targets.python.names import NO_NAMES, module_path

_MODULES = ("types", "errors")


class ForeignModules:
    """The modules of the packages that `package` imports, directly or not.

    They are called `common_types` and `common_errors` after the last words of the
    package's name, as many as tell it from the others. No name that generated code has
    at the top of a module looks like that; members of a class may.
    """

    def __init__(self, api: Api, package: str) -> None:
        self._package = package
        imported = sorted(reachable(api, package) - {package})
        self._stems = dict(_stems(package, imported))
        self.names = NO_NAMES
        if imported:
            self.names = frozenset(
                f"{stem}_{module}"
                for stem in self._stems.values()
                for module in _MODULES
            )

    def name(self, package: str, module: str) -> str:
        """Return what the `module` (`types` or `errors`) of `package` is called."""
        return f"{self._stems[package]}_{module}"

    def home(self, package: str) -> str:
        """Return the folder of `package` as this package's modules import from it."""
        own = module_path(self._package).split("/")
        other = module_path(package).split("/")
        shared = 0
        for ours, theirs in zip(own, other, strict=False):
            if ours != theirs:
                break
            shared += 1
        return "." * (len(own) - shared + 1) + ".".join(other[shared:])


def reachable(api: Api, package: str) -> frozenset[str]:
    """Return the packages that `package` imports, directly or not."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        for imported in api.packages[waiting.pop()].imports:
            if imported not in found:
                found.add(imported)
                waiting.append(imported)
    return frozenset(found)


def _stems(package: str, imported: list[str]) -> Iterator[tuple[str, str]]:
    every = [package, *imported]
    taken: set[str] = set()
    for name in imported:
        words = name.split(".")
        stem = "_".join(words[-_telling(name, every) :])
        while stem in taken:
            # `a.b_c` and `a_b.c`, where other packages end like both.
            stem += "_"
        taken.add(stem)
        yield name, stem


def _telling(name: str, every: list[str]) -> int:
    """Return how many words at the end of `name` no other package ends with."""
    words = name.split(".")
    for count in range(1, len(words)):
        end = "." + ".".join(words[-count:])
        if not any(other != name and f".{other}".endswith(end) for other in every):
            return count
    return len(words)
