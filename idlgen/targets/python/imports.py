"""What a generated module imports."""

from __future__ import annotations

from collections.abc import Mapping

from idlgen.model import Declaration
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import class_name

_HOMES = {
    "builtins": "bool bytes dict float frozenset int list str",
    "collections.abc": "Awaitable",
    "datetime": "date datetime time timedelta",
    "decimal": "Decimal",
    "enum": "StrEnum",
    "typing": "TYPE_CHECKING Annotated ClassVar NewType Optional Protocol TypeAlias",
    "uuid": "UUID",
    "idlgen.runtime": (
        "Aborted AlreadyExists AsyncServiceClient CallOptions Cancelled DataLoss "
        "DeadlineExceeded FailedPrecondition FiniteDecimal Float32 Int32 Int53 Int64 "
        "Internal InvalidArgument JsonValue Method NotFound OpenEnum OutOfRange "
        "PermissionDenied ResourceExhausted Service ServiceClient UInt32 UInt64 "
        "Unauthenticated Unavailable Unimplemented UnknownError require_contract serves"
    ),
    "idlgen.runtime.testing": "CannedCall FakeService in_process",
    "msgspec": "UNSET Meta Struct UnsetType field",
    ".": "_service errors types",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


class Imports:
    """Collects what a module uses; its own names go before imported ones."""

    def __init__(self, own_names: frozenset[str] = frozenset()) -> None:
        self._own_names = own_names
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

    def lines(self, layout: Layout) -> str:
        """Return the import statements, sorted and parted as isort and ruff do it."""
        sections: dict[int, list[str]] = {}
        for home in sorted(self._used, key=_home_order):
            names = sorted(self._used[home].values(), key=_name_order)
            line = layout.imports(home, names)
            sections.setdefault(_section(home), []).append(line)
        return "\n\n".join("\n".join(lines) for lines in sections.values())


def class_names(declarations: Mapping[str, Declaration]) -> frozenset[str]:
    """Return the names of the classes that the declarations make in their module."""
    return frozenset([class_name(each.identifier) for each in declarations.values()])


def _section(home: str) -> int:
    if home.startswith("."):
        return 2
    return 1 if home.startswith(("idlgen", "msgspec")) else 0


def _home_order(home: str) -> tuple[int, str]:
    return _section(home), home


def _name_order(name: str) -> tuple[int, str, str]:
    # Constants, classes, the rest: isort's order of kinds.
    plain = name.partition(" ")[0]
    if len(plain) > 1 and plain.isupper():
        return 0, plain.lower(), name
    return (1 if plain[:1].isupper() else 2), plain.lower(), name
