"""From the words of the command line to the files that belong on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct as Record
from msgspec.structs import replace

from idlgen import compiler
from idlgen.diagnostics import Diagnostic, Severity, Source, Span
from idlgen.workspace.project import Project
from idlgen.workspace.schemas import SchemaFile, read_schemas
from idlgen.workspace.stamping import GeneratedFile, stamped, target_digest

_CANNOT_RUN = ("IDL00", "IDL46", "IDL5")
"""How the codes begin of what keeps a command from running at all."""


class Generated(Record, frozen=True, kw_only=True):
    """What the schemas of a project give; an error among the diagnostics forbids it.

    `targets` holds the digest of each target by name.
    """

    files: Sequence[GeneratedFile]
    targets: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def generate(project: Project) -> Generated:
    """Compile the schemas of `project` and stamp what its targets make of them."""
    contents = read_schemas(project.schemas)
    outcome = compiler.compile(
        [label for label in project.labels if label in contents.data],
        contents.read,
        [chosen.target for chosen in project.targets],
    )
    found = (*contents.diagnostics, *outcome.diagnostics)
    files: Sequence[GeneratedFile] = ()
    targets: Mapping[str, str] = {}
    if not has_error(found):
        targets = {
            chosen.name: target_digest(chosen.name, chosen.options, chosen.templates)
            for chosen in project.targets
        }
        files, doubled = stamped(outcome.files, outcome.api, targets)
        found += tuple(doubled)
    shown = () if project.configured else project.schemas
    return Generated(
        files=files, targets=targets, diagnostics=tuple(_relocated(found, shown))
    )


def has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them is more than a warning."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """Return 0 if there is no error, 2 if one kept the command from running, else 1."""
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    if any(found.code.startswith(_CANNOT_RUN) for found in errors):
        return 2
    return 1 if errors else 0


def _relocated(
    diagnostics: Iterable[Diagnostic], schemas: Sequence[SchemaFile]
) -> Iterator[Diagnostic]:
    """Yield the diagnostics with each schema called as `shown` instead of its label.

    Without a configuration labels are bare names, which editors cannot follow.
    """
    sources: dict[str, Source] = {}
    names = {str(file.label): file.shown for file in schemas}

    def moved(span: Span) -> Span:
        path = span.source.path
        source = sources.setdefault(
            path, Source(names.get(path, path), span.source.text)
        )
        return Span(source, span.start, span.end)

    for found in diagnostics:
        yield replace(
            found,
            span=found.span and moved(found.span),
            path=found.path and names.get(found.path, found.path),
            labels=tuple(replace(it, span=moved(it.span)) for it in found.labels),
        )
