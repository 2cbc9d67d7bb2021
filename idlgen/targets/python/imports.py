"""What a generated module imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from idlgen.model import Declaration
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import NO_NAMES, class_name

_HOMES = {
    "builtins": "bool bytes dict float frozenset int list str",
    "collections.abc": "AsyncIterable AsyncIterator Awaitable Iterable",
    "datetime": "date datetime time timedelta",
    "decimal": "Decimal",
    "enum": "StrEnum",
    "typing": (
        "TYPE_CHECKING Annotated ClassVar Generic NewType Optional Protocol TypeAlias "
        "TypeVar Union"
    ),
    "uuid": "UUID",
    "idlgen.runtime": (
        "Aborted AlreadyExists AsyncPaged AsyncResultStream AsyncServiceClient CallOptions Cancelled DataLoss "
        "DeadlineExceeded FailedPrecondition FiniteDecimal Float32 Int32 Int53 Int64 "
        "Internal InvalidArgument JsonValue Method NotFound OpenEnum OutOfRange "
        "Paged Pagination ParamStream PermissionDenied ResourceExhausted ResultStream Service "
        "ServiceClient StreamParam UInt32 UInt64 "
        "Unauthenticated Unavailable Unimplemented Unknown UnknownError hides "
        "require_contract serves shows strict"
    ),
    "idlgen.runtime.testing": "CannedCall FakeService in_process",
    "msgspec": "UNSET Meta Struct UnsetType field",
    ".": "_service errors types",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


class Imports:
    """Collects what a module uses; its own names go before imported ones.

    Packages in `late` are imported in the middle of the module, for they import it too.
    """

    def __init__(
        self,
        foreign: ForeignModules,
        own_names: frozenset[str] = NO_NAMES,
        late: frozenset[str] = NO_NAMES,
    ) -> None:
        self.foreign = foreign
        self.late = late
        self._own_names = own_names
        self._late_homes = frozenset(map(foreign.home, late))
        self._used: dict[str, dict[str, str]] = {}

    def use(self, name: str) -> str:
        """Return what `name`, of the table above, is called in this module."""
        if name in self._own_names:
            return self.use_privately(name)
        home = _HOME_OF[name]
        if home != "builtins":
            self._used.setdefault(home, {})[name] = name
        return name

    def use_privately(self, name: str) -> str:
        """Return a name for `name` that nothing in the module can shadow."""
        private = f"_idl_{name.lstrip('_')}"
        self._used.setdefault(_HOME_OF[name], {})[private] = f"{name} as {private}"
        return private

    def use_from(self, module: str, name: str) -> str:
        """Return `name` of the package's own `module`; it must be an own name here."""
        self._used.setdefault(f".{module}", {})[name] = name
        return name

    def use_module(self, package: str, module: str, shadowed: frozenset[str]) -> str:
        """Return what the `module` of another package is called here.

        Where it is `shadowed` it is called by a name that nothing can shadow.
        """
        name = self.foreign.name(package, module)
        if name in shadowed:
            name = f"_idl_{name}"
        home = self.foreign.home(package)
        self._used.setdefault(home, {})[name] = f"{module} as {name}"
        return name

    def lines(self, layout: Layout) -> str:
        """Return the import statements, sorted and parted as ruff does it."""
        return self._lines(layout, [*self._used.keys() - self._late_homes])

    def late_lines(self, layout: Layout) -> str:
        """Return those that stand in the middle of the module, or nothing."""
        return self._lines(layout, [*self._used.keys() & self._late_homes])

    def _lines(self, layout: Layout, homes: Sequence[str]) -> str:
        sections: dict[int, list[str]] = {}
        for home in sorted(homes, key=_home_order):
            lines = sections.setdefault(_section(home), [])
            for names in _statements(self._used[home].values()):
                lines.append(layout.imports(home, names))
        return "\n\n".join("\n".join(lines) for lines in sections.values())


def class_names(declarations: Mapping[str, Declaration]) -> frozenset[str]:
    """Return the names of the classes that the declarations make in their module."""
    return frozenset([class_name(each.identifier) for each in declarations.values()])


def _section(home: str) -> int:
    if home.startswith("."):
        return 2
    return 1 if home.startswith(("idlgen", "msgspec")) else 0


def _home_order(home: str) -> tuple[int, int, str]:
    # Of relative ones the farthest goes first.
    dots = len(home) - len(home.lstrip("."))
    return _section(home), -dots, home


def _statements(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield the names of each statement: what has another name here is on its own."""
    plain = sorted([name for name in names if " " not in name], key=_name_order)
    renamed = [[name] for name in names if " " in name]
    yield from sorted(
        [*([plain] if plain else []), *renamed],
        key=lambda statement: _name_order(statement[0]),
    )


def _name_order(name: str) -> tuple[int, str, str]:
    # Constants, classes, the rest: isort's order of kinds.
    plain = name.partition(" ")[0]
    if len(plain) > 1 and plain.isupper():
        return 0, plain.lower(), name
    return (1 if plain[:1].isupper() else 2), plain.lower(), name
