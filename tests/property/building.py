"""Drawn packages as the tests use them: how many, compiled how, imported from where."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import ModuleType

import hypothesis
from hypothesis import HealthCheck, Phase, event, strategies as st

from idlgen.compiler import Outcome, compile
from idlgen.model import Package
from idlgen.targets import TARGETS, RenderedFile, target_factory
from idlgen.targets.python.names import class_name
from tests.property.drawn import Drawn

ENTRY = PurePosixPath("pkg.yaml")
SEEDS = st.integers(0, 2**32 - 1)
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


def compiled(text: bytes, targets: Sequence[str] = tuple(TARGETS)) -> Outcome:
    """Return what `targets` make of a schema, which must be right but for collisions."""
    made = [target_factory(name)({}) for name in targets]
    outcome = compile([ENTRY], lambda _: text, made)
    codes = {found.code for found in outcome.diagnostics}
    assert codes <= COLLISIONS, outcome.diagnostics
    if codes:
        event("names collide")
    return outcome


def write(
    files: Sequence[RenderedFile], folder: Path, name: str, *, suffix: str = ".py"
) -> None:
    """Write the files of package `pkg` as those of a package `name` in `folder`."""
    for file in files:
        inner = file.path.removeprefix("pkg/")
        if inner != file.path and inner.endswith(suffix):
            path = folder / name / inner
            path.parent.mkdir(exist_ok=True)
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


def imported(name: str, folder: Path) -> ModuleType | None:
    """Import all modules of a written package; return that of its types, if it has any."""
    importlib.invalidate_caches()
    modules = {
        path.stem: importlib.import_module(f"{name}.{path.stem}")
        for path in sorted((folder / name).glob("*.py"))
        if path.stem != "__init__"
    }
    return modules.get("types")


def python_types(module: ModuleType, package: Package) -> dict[str, object]:
    """Return what each declared type is in Python, by its name in the schema."""
    return {
        name: getattr(module, class_name(declared.identifier))
        for name, declared in package.types.items()
    }


class Shelf:
    """A folder in which each drawn package gets a name of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def put(self, drawn: Drawn, text: bytes) -> dict[str, object]:
        """Compile, write and import a package; return its types in Python."""
        files = compiled(text, ["python"]).files
        self.count += 1
        name = f"p{self.count}"
        write(files, self.folder, name)
        module = imported(name, self.folder) if files else None
        return {} if module is None else python_types(module, drawn.package)
