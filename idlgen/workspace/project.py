"""What one run of `build` or `check` works on: schemas, targets and the output folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates
from idlgen.workspace.chosen_target import ChosenTarget, choose_target
from idlgen.workspace.configuration import Configuration, Found, find_configuration
from idlgen.workspace.paths import as_path, real
from idlgen.workspace.schemas import SchemaFile, expand, schema_files

DEFAULT_OUT = "generated"
DEFAULT_TARGETS = ("python", "docs")


class Request(Record, frozen=True, kw_only=True):
    """What the command line asks for; empty or None leaves it to the configuration."""

    cwd: Path
    schemas: tuple[str, ...] = ()
    out: str | None = None
    targets: tuple[str, ...] = ()


class Project(Record, frozen=True, kw_only=True):
    """All that a run needs to know of the disk before it reads a schema.

    - `root`: the real folder that labels are relative to; without a configuration the
      folder of the first schema.
    - `base`: the real folder that messages call files relative to.
    - `out`: the real output folder, which need not exist.
    - `all_targets`: whether the targets are all that the project has, not a choice of
      the command line.
    """

    root: Path
    base: Path
    cwd: Path
    configured: bool
    schemas: tuple[SchemaFile, ...]
    out: Path
    targets: tuple[ChosenTarget, ...]
    all_targets: bool


class Opened(Record, frozen=True):
    """A project, or None and why there is none.

    `base` is the real folder that messages call files relative to.
    """

    project: Project | None
    diagnostics: tuple[Diagnostic, ...]
    base: Path


class Located(Record, frozen=True):
    """The configuration of a request.

    `start` is the real folder above which it was looked for first, `cwd` the real
    working folder.
    """

    start: Path
    cwd: Path
    found: Found

    @property
    def base(self) -> Path:
        """The real folder that messages call files relative to."""
        return self.found.folder or self.cwd


def locate(request: Request) -> Located:
    """Return the nearest configuration above the first schema named, else above `cwd`.

    So what is built does not depend on where the command was run.
    """
    cwd = real(request.cwd)
    start = _start(request, cwd)
    found = find_configuration(start)
    if found == Found(None) and start != cwd:
        found = find_configuration(cwd)
    return Located(start, cwd, found)


def _start(request: Request, cwd: Path) -> Path:
    if not request.schemas:
        return cwd
    return real(cwd / as_path(request.schemas[0])).parent


def open_project(request: Request) -> Opened:
    """Return the project that `request` means."""
    located = locate(request)
    if located.found.diagnostics:
        return Opened(None, located.found.diagnostics, located.base)
    return _Opening(request, located).open()


class _Opening:
    """Puts command line and configuration together and collects what is wrong."""

    def __init__(self, request: Request, located: Located) -> None:
        configuration = located.found.configuration
        self._request = request
        self._cwd = located.cwd
        self._configured = configuration is not None
        self._root = configuration.folder if configuration else located.start
        self._base = located.base
        self._configuration = configuration or Configuration(folder=self._root, file="")
        self._diagnostics: list[Diagnostic] = []

    def open(self) -> Opened:
        schemas = self._schemas()
        targets = self._targets()
        if self._diagnostics:
            return Opened(None, tuple(self._diagnostics), self._base)
        project = Project(
            root=self._root,
            base=self._base,
            cwd=self._cwd,
            configured=self._configured,
            schemas=tuple(schemas),
            out=self._out(),
            targets=tuple(targets),
            all_targets=not self._request.targets,
        )
        return Opened(project, (), self._base)

    def _schemas(self) -> list[SchemaFile]:
        patterns: Sequence[str] = self._request.schemas
        folder = self._cwd
        if not patterns:
            patterns, folder = self._configuration.schemas or (), self._root
        if not patterns:
            self._diagnostics.append(self._no_schemas())
        paths, unmatched = expand(patterns, folder)
        files, doubled = schema_files(
            paths, self._root, self._base, by_name=not self._configured
        )
        self._diagnostics += unmatched + doubled
        return files

    def _no_schemas(self) -> Diagnostic:
        if self._configured:
            file = self._configuration.file
            hint = f'set `schemas = ["schemas/*.yaml"]` in {file}'
        else:
            hint = "name a file, or run `idlgen init` to begin a project"
        return Diagnostic(code="IDL506", message="no schema is given", hint=hint)

    def _out(self) -> Path:
        if self._request.out is not None:
            return real(self._cwd / as_path(self._request.out))
        folder = self._root if self._configured else self._cwd
        return real(folder / as_path(self._configuration.out or DEFAULT_OUT))

    def _targets(self) -> list[ChosenTarget]:
        names = self._request.targets or self._configuration.targets or DEFAULT_TARGETS
        own = self._own_templates()
        chosen = []
        for name in dict.fromkeys(names):
            target = choose_target(name, self._configuration, own.get(name, {}))
            if isinstance(target, Diagnostic):
                self._diagnostics.append(target)
            else:
                chosen.append(target)
        return chosen

    def _own_templates(self) -> Mapping[str, OwnTemplates]:
        if self._configuration.templates is None:
            return {}
        from idlgen.workspace.own_templates import read_own_templates

        found = read_own_templates(self._configuration)
        self._diagnostics += found.diagnostics
        return found.templates
