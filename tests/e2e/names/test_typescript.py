"""TypeScript clients of every name compile, and make a call."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.names.member_schemas import FIELD_VALUES
from tests.e2e.names.refused import REFUSED
from tests.e2e.names.schemas import COUNT
from tests.e2e.names.scopes import (
    PACKAGE_NAMES,
    SCOPES,
    SERVED,
    TYPE_NAMES,
    renaming,
)
from tests.e2e.names.table import NAMES
from tests.e2e.names.type_schemas import BOX_VALUE, NO_TAG, TYPE_VALUES

SETTINGS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitOverride": True,
    "verbatimModuleSyntax": True,
    "isolatedModules": True,
    "erasableSyntaxOnly": True,
    "skipLibCheck": False,
    "target": "es2022",
    "module": "nodenext",
    "lib": ["es2022", "dom"],
    "types": [],
    "rootDir": "every_name",
    "outDir": "compiled",
}


class Made(NamedTuple):
    """A call, and what comes of it: its value, or an error's name and fields."""

    service: str
    method: str
    args: Sequence[object]
    value: object = None
    error: Mapping[str, object] | None = None

    def call(self) -> Mapping[str, object]:
        """What `tests/node/calls.mjs` reads."""
        package, _, service = self.service.rpartition(".")
        if package == "position.services" and service in REFUSED["services"]:
            service = renaming(service)
        module = f"{package.replace('.', '/')}/index.js"
        call = {"client": f"{service}Client", "method": self.method, "args": self.args}
        return {"module": module, **call}

    def outcome(self) -> Mapping[str, object]:
        return {"value": self.value} if self.error is None else {"error": self.error}


def called(position: str, name: str) -> str:
    """Return what the client calls a method."""
    if name in REFUSED.get(position, {}):
        return renaming(name)
    # They would make the client a promise, or hide its class.
    return f"{name}_" if name in ("constructor", "then") else name


def members() -> Iterator[Made]:
    values = dict(zip(NAMES, cycle(FIELD_VALUES.values()), strict=False))
    for scope, names in SCOPES.items():
        document = {name: values[name] for name in names}
        for verb in ("echo", "patch"):
            name = "position.fields.Service"
            yield Made(name, f"{verb}{scope}", [document], document)
        numbers = [*range(len(names))]
        yield Made("position.params.Service", f"all{scope}", numbers, numbers)
        for number, name in enumerate(names):
            service = f"position.methods.{scope}"
            yield Made(service, called("methods", name), [number], number)
            for kind in ("open", "closed"):
                yield Made("position.values.Service", f"{kind}{scope}", [name], name)
        defaults = {f"f{number}": name for number, name in enumerate(names)}
        service = "position.values.Service"
        yield Made(service, f"defaults{scope}", [defaults], defaults)


def errors() -> Iterator[Made]:
    service = "position.errors.Caller"
    for which, name in enumerate(TYPE_NAMES):
        error = {"name": name, "declared": f"position.errors.{name}"}
        yield Made(service, "fail", [which], error={**error, "fields": {"number": 1}})
    service = "position.error_fields.Service"
    for which, (scope, names) in enumerate(SCOPES.items()):
        error = {"name": scope, "declared": f"position.error_fields.{scope}"}
        fields = {name: number for number, name in enumerate(names, 1)}
        yield Made(service, "fail", [which], error={**error, "fields": fields})


def types() -> Iterator[Made]:
    for kind, value in TYPE_VALUES.items():
        for number in range(len(TYPE_NAMES)):
            yield Made(f"position.{kind}.Caller", f"echo{number}", [value], value)
    names = [f"position.services.{name}" for name in TYPE_NAMES]
    names += [f"{name}.Service" for name in SERVED]
    for number, name in enumerate(names):
        yield Made(name, "go", [number], number)


def unions_and_generics() -> Iterator[Made]:
    for scope, names in SCOPES.items():
        for number, tag in enumerate(names):
            opened = {"type": tag, "value": number}
            service = "position.variants.Echoing"
            yield Made(service, f"open{scope}", [opened], opened)
            flat = {"type": tag, "number": number} if number % 2 else {"type": tag}
            yield Made(service, f"flat{scope}", [flat], flat)
    tags = {}
    for number, tag in enumerate(NAMES):
        is_flat = tag == NO_TAG or number % 2
        tags[f"u{number}"] = {tag: "a", "number" if is_flat else "value": number}
    yield Made("position.tags.Echoing", "everything", [tags], tags)
    boxes = {f"b{number}": BOX_VALUE for number in range(len(TYPE_NAMES))}
    yield Made("position.type_params.Echoing", "everything", [boxes], boxes)


def imports() -> Iterator[Made]:
    document = {f"f{n}": {"amount": n} for n in range(len(PACKAGE_NAMES))}
    for position in ("import_names", "imports"):
        name = f"position.{position}.Echoing"
        yield Made(name, "everything", [document], document)
    for which, package in enumerate(PACKAGE_NAMES):
        error = {"name": "Bad", "declared": f"{package}.Bad", "fields": {"number": 1}}
        yield Made("position.imports.Echoing", "fail", [which], error=error)


CALLS = {
    "members": members,
    "errors": errors,
    "types": types,
    "unions and generics": unions_and_generics,
    "imports": imports,
}


@pytest.fixture(scope="module")
def project(folder: Path) -> Path:
    """The folder of a project that holds every TypeScript module and no declaration."""
    assert len([*(folder / "every_name").rglob("index.ts")]) == COUNT + 1
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    include = {"include": ["every_name"], "exclude": ["**/*.d.ts"]}
    settings = json.dumps({"compilerOptions": SETTINGS, **include})
    # `tsconfig.json` would be in the way of compilers that are given files.
    (folder / "clients.json").write_text(settings, "utf-8")
    return folder


def test_both_compilers_find_nothing(project: Path, node: str, each_tsc: str) -> None:
    compiled(project, node, each_tsc, "--noEmit")


def compiled(project: Path, node: str, tsc: str, *options: str) -> None:
    command = [node, tsc, "--project", str(project / "clients.json"), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:5000]


@pytest.fixture(scope="module")
def folder_of_calls(project: Path, node: str, tsc: str) -> Path:
    compiled(project, node, tsc)
    return project / "compiled"


@pytest.mark.parametrize("kind", CALLS)
def test_every_name_makes_a_call(
    kind: str, folder_of_calls: Path, url: str, root: Path, node: str
) -> None:
    made = [*CALLS[kind]()]
    calls = [each.call() for each in made]
    asked = {"folder": str(folder_of_calls), "url": url, "calls": calls}
    done = subprocess.run(
        [node, root / "tests/node/calls.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for each, outcome in zip(made, json.loads(done.stdout), strict=True):
        assert outcome == each.outcome(), each
