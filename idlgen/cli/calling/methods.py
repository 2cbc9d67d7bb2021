"""Which method the command line names, and what generated code knows of it."""

from __future__ import annotations

from collections.abc import Iterator

import click
from msgspec import Struct as Record

from idlgen.cli.compiled import Compiled
from idlgen.diagnostics.suggest import nearest
from idlgen.emit.invisible import visible
from idlgen.model import Api, Auth, Package
from idlgen.runtime.descriptors import Method
from idlgen.targets.python.names import module_path
from idlgen.targets.python.service_names import MethodNames, service_names

MAX_LISTED = 12


class Found(Record, frozen=True):
    """A method: its descriptor in the generated code, and how it wants credentials."""

    descriptor: Method[object]
    auth: Auth


def find_method(compiled: Compiled, name: str) -> Found:
    """Return the method that is called `name` in full, without package, or by itself.

    Raises:
        click.UsageError: there is none, or several without their package or service.
    """
    methods = {method.full: (package, method) for package, method in _all(compiled.api)}
    package, names = methods[_full_name(list(methods), name)]
    module = compiled.modules().module(f"{module_path(package.name)}/_service.py")
    descriptor: object = getattr(module, names.constant)
    assert isinstance(descriptor, Method)
    return Found(descriptor, names.method.auth)


def _all(api: Api) -> Iterator[tuple[Package, MethodNames]]:
    for package in api.packages.values():
        for service in package.services.values():
            for method in service_names(package, service).methods:
                yield package, method


def _full_name(known: list[str], name: str) -> str:
    """Return the one of `known`, full names, that `name` means."""
    found = [full for full in known if full == name or full.endswith(f".{name}")]
    if name in found:
        return name
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(
            f"'{visible(name)}' could be {' and '.join(map(visible, sorted(found)))}."
        )
    raise click.UsageError(f"No method '{visible(name)}'.{_suggestion(known, name)}")


def _suggestion(known: list[str], name: str) -> str:
    """Return the half of a message that leads to what was probably meant."""
    # What was written may be wrong in one part, or in how many it has.
    for parts in (name.count(".") + 1, 1):
        forms = [_last(full, parts) for full in known]
        near = nearest(_last(name, parts), forms)
        # A package and a service that are right say nothing of the method.
        if near is not None and nearest(_last(name, 1), [_last(near, 1)]):
            meant = near if forms.count(near) == 1 else known[forms.index(near)]
            return f" Did you mean '{meant}'?"
    if not known:
        return " The schemas have no methods."
    if len(known) > MAX_LISTED:
        return ""
    return f" Methods are {', '.join(sorted(known))}."


def _last(name: str, parts: int) -> str:
    return ".".join(name.split(".")[-parts:])
