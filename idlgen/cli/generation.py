"""From the words of the command line to the files that belong on the disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct as Record
from msgspec.structs import replace

from idlgen import compiler
from idlgen.cli.places import with_paths
from idlgen.diagnostics import Diagnostic, Severity
from idlgen.model import Api
from idlgen.workspace.project import Project
from idlgen.workspace.schema_reader import SchemaReader
from idlgen.workspace.stamping import GeneratedFile, stamped, target_digest

_CANNOT_RUN = ("IDL00", "IDL46", "IDL5")
"""How the codes begin of what keeps a command from running at all."""


class Generated(Record, frozen=True, kw_only=True):
    """What the schemas of a project give; an error among the diagnostics forbids it.

    `labels` are what headers call the schemas that were read, imported ones too;
    `targets` holds the digest of each target by name.
    """

    files: Sequence[GeneratedFile]
    labels: Collection[str]
    targets: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def generate(project: Project) -> Generated:
    """Compile the schemas of `project` and stamp what its targets make of them."""
    reader = SchemaReader(project)
    outcome = compiler.compile(
        reader.entries, reader.read, [chosen.target for chosen in project.targets]
    )
    found = outcome.diagnostics
    files: Sequence[GeneratedFile] = ()
    targets: Mapping[str, str] = {}
    if not has_error(found):
        targets = {
            chosen.name: target_digest(chosen.name, chosen.options, chosen.templates)
            for chosen in project.targets
        }
        labelled = _labelled(outcome.api, reader.labels)
        files, doubled = stamped(outcome.files, labelled, targets)
        found += tuple(doubled)
    names = reader.names
    return Generated(
        files=files,
        labels=frozenset(reader.labels.values()),
        targets=targets,
        diagnostics=with_paths(found, lambda path: names.get(path, path)),
    )


def _labelled(api: Api, labels: Mapping[str, str]) -> Api:
    """Return `api` with the paths that headers show."""
    packages = {
        name: replace(package, path=labels[package.path])
        for name, package in api.packages.items()
    }
    return Api(packages=packages)


def has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them is more than a warning."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """Return 0 if there is no error, 2 if one kept the command from running, else 1."""
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    if any(found.code.startswith(_CANNOT_RUN) for found in errors):
        return 2
    return 1 if errors else 0
