"""Drawn Apis as the tests use them: how many, compiled how, imported from where."""

from __future__ import annotations

import importlib
import itertools
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, event

from idlgen.compiler import Outcome, compile
from idlgen.diagnostics import Severity
from idlgen.model import Api, NamedType
from idlgen.targets import TARGETS, RenderedFile, target_factory
from idlgen.targets.python.names import module_path, type_name
from tests.property.schema_printer import Schemas

# Two names that a target cannot tell apart: rare here, and not what these tests are about.
COLLISIONS = {"IDL401", "IDL402", "IDL118"}


def examples(count: int) -> hypothesis.settings:
    """Return settings for `count` examples in the suite, and fifty times that in a soak.

    What fails is shown as it was drawn: to shrink a package takes minutes, and its
    schema, which the tests note, is read without that.
    """
    current = hypothesis.settings.default
    assert current is not None
    return hypothesis.settings(
        max_examples=count * current.max_examples // 100,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def compiled(schemas: Schemas, targets: Sequence[str] = tuple(TARGETS)) -> Outcome:
    """Return what `targets` make of schemas, which must be right but for collisions."""
    made = [target_factory(name)({}) for name in targets]
    outcome = compile(schemas.entries, schemas.files.get, made)
    faults = {
        found.code for found in outcome.diagnostics if found.severity is Severity.ERROR
    }
    assert faults <= COLLISIONS, outcome.diagnostics
    if faults:
        event("names collide")
    return outcome


def write(
    files: Sequence[RenderedFile], folder: Path, name: str, *, suffix: str = ".py"
) -> None:
    """Write the files of one build into `folder`, as those of a package `name`."""
    for file in files:
        if file.path.endswith(suffix):
            path = folder / name / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.body, encoding="utf-8")


@contextmanager
def importing(folder: Path) -> Iterator[None]:
    """Let packages of `folder` be imported, and forget them."""
    known = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            if re.match(r"p\d+\b", name):
                del sys.modules[name]


NUMBERS = itertools.count(1)
"""Of packages: a process has one `sys.modules`, however many shelves there are."""


class Shelf:
    """A folder in which each drawn Api gets a name of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = ""
        """That of the package that was put last."""

    def put(
        self, api: Api, schemas: Schemas, modules: str = "types"
    ) -> Mapping[NamedType, object]:
        """Compile and write schemas, import the `modules`; return each type in Python."""
        files = compiled(schemas, ["python"]).files
        if not files:
            return {}
        name = self.name = f"p{next(NUMBERS)}"
        write(files, self.folder, name)
        importlib.invalidate_caches()
        for path in sorted((self.folder / name).rglob(f"{modules}.py")):
            parts = path.relative_to(self.folder).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
        return dict(_types(api, name))


def _types(api: Api, root: str) -> Iterator[tuple[NamedType, object]]:
    for package in api.packages.values():
        if not package.types:
            continue
        path = module_path(package.name).replace("/", ".")
        module = sys.modules[f"{root}.{path}.types"]
        for name, declared in package.types.items():
            found = getattr(module, type_name(declared.identifier))
            yield NamedType(package.name, name), found
