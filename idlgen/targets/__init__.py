"""The targets that can be generated, by name, and what a target is.

A target turns the resolved Api into files. It is one folder here (its view-models and
its entry), one folder of the same name in `templates/`, and one line in `TARGETS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates
from idlgen.model import Api, Package


class Comment(StrEnum):
    """How a file's header is written: what stands before its text.

    JSON has no comments: there the header is the first members of the file's object,
    and the body is the rest of it.
    """

    HASH = "#"
    SLASHES = "//"
    XML = "<!--"
    JSON = "{"


class RenderedFile(Record, frozen=True, kw_only=True):
    """One generated file without its header.

    `path` is relative to the output folder, with slashes. `package` is the name of the
    package it was made from and `target` that of the target that made it. Several
    packages may make the same shared file (an `__init__.py` of a folder above them);
    then the bodies are equal and `package` is None.
    """

    path: str
    body: str
    comment: Comment
    target: str
    package: str | None


class Target(Protocol):
    """Renders one package at a time."""

    name: str

    def check(self, api: Api, package: Package) -> Iterator[Diagnostic]:
        """Yield what this target cannot express, such as names that collide in it."""
        ...

    def render(self, api: Api, package: Package) -> Iterator[RenderedFile]:
        """Yield the files of `package`; called only if no error was found."""
        ...


TARGETS: Mapping[str, str] = {
    "python": "idlgen.targets.python.target:PythonTarget",
    "docs": "idlgen.targets.docs.target:DocsTarget",
    "openrpc": "idlgen.targets.openrpc.target:OpenRpcTarget",
    "typescript": "idlgen.targets.typescript.target:TypeScriptTarget",
}


_SHARED_VIEWS: Mapping[str, str] = {"docs": "tsdoc", "typescript": "tsdoc"}
"""The folder here of the view-models that a target shares with others."""


class OptionError(ValueError):
    """A value of the right type that the target cannot work with.

    The text goes on after the option's name: `must be at least 20`.
    """

    def __init__(self, option: str, text: str) -> None:
        super().__init__(f"`{option}` {text}")
        self.option = option


class TargetFactory(Protocol):
    """What an entry of `TARGETS` names.

    `options` is the target's table in the configuration, already checked against the
    class attribute `OPTIONS` (option name to its type, for instance `{"line_length": int}`).

    `templates` are those of the project's own, by name.

    Raises:
        OptionError: the value of an option makes no sense.
    """

    OPTIONS: Mapping[str, type]

    def __call__(
        self, options: Mapping[str, object], templates: OwnTemplates | None = None
    ) -> Target: ...


def target_factory(name: str) -> TargetFactory:
    """Return the factory of the target `name`, a key of `TARGETS`."""
    module, _, attribute = TARGETS[name].partition(":")
    return cast(TargetFactory, getattr(import_module(module), attribute))


def target_sources(name: str) -> Iterator[Path]:
    """Yield the files whose text decides what the target writes, for its digest."""
    from idlgen.emit.templates import templates_root

    package = Path(__file__).parent
    yield from sorted((package / name).rglob("*.py"))
    if name in _SHARED_VIEWS:
        yield from sorted((package / _SHARED_VIEWS[name]).rglob("*.py"))
    for shared in ("emit", "wire"):
        yield from sorted((package.parent / shared).rglob("*.py"))
    for suffix in ("j2", "ts"):
        yield from sorted((templates_root() / name).rglob(f"*.{suffix}"))
