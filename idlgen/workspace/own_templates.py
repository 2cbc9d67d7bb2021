"""The folder of a project's own templates, read and held against the built-in ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.emit.own_loading import references
from idlgen.emit.own_templates import OwnTemplate, OwnTemplates
from idlgen.emit.templates import built_in
from idlgen.targets import TARGETS
from idlgen.workspace.configuration import Configuration
from idlgen.workspace.output_tree import PASSED_OVER
from idlgen.workspace.paths import as_path, as_text, real, shown


class OwnFolder(Record, frozen=True):
    """The templates by target and name, and what is wrong with them."""

    templates: Mapping[str, OwnTemplates]
    diagnostics: tuple[Diagnostic, ...]


def read_own_templates(configuration: Configuration) -> OwnFolder:
    """Return what the folder holds that the key `templates` names.

    In it each target has a folder of its name. A file there stands in the place of the
    built-in template of the same name, or is used by one that does. Hidden files, and
    what beside the targets' folders is no template, are nobody's business.
    """
    assert configuration.templates is not None
    return _Reader(configuration, configuration.templates).read()


class _Reader:
    def __init__(self, configuration: Configuration, folder: str) -> None:
        self._base = configuration.folder
        self._root = real(configuration.folder / as_path(folder))
        self._key = configuration.places.get(("templates",))
        self._diagnostics: list[Diagnostic] = []

    def read(self) -> OwnFolder:
        templates = {}
        for entry in self._entries():
            if entry.name in TARGETS and entry.is_dir():
                templates[entry.name] = self._templates(entry)
            elif entry.is_dir() or entry.suffix == ".j2":
                self._diagnostics.append(_no_target(entry, shown(entry, self._base)))
        return OwnFolder(templates, tuple(self._diagnostics))

    def _entries(self) -> list[Path]:
        try:
            return sorted(filter(_counts, self._root.iterdir()))
        except OSError as error:
            called = shown(self._root, self._base)
            if self._root.exists():
                self._unreadable(called, error.strerror or str(error), self._key)
            else:
                self._unreadable(called, "there is no such folder", self._key)
            return []

    def _templates(self, folder: Path) -> OwnTemplates:
        templates = {}
        for path in _files(folder):
            called = shown(path, self._base)
            try:
                text = path.read_bytes().decode("utf-8-sig")
            except OSError as error:
                self._unreadable(called, error.strerror or str(error))
            except UnicodeDecodeError as error:
                at = f"byte {error.start} is {error.object[error.start]:#04x}"
                self._unreadable(called, f"it is not UTF-8: {at}")
            else:
                name = as_text(path.relative_to(folder))
                templates[name] = OwnTemplate(called, _with_lf(text))
        self._check(folder.name, templates)
        return templates

    def _check(self, target: str, templates: OwnTemplates) -> None:
        known = built_in(target)
        used = set(known)
        for template in templates.values():
            found = references(template)
            if isinstance(found, Diagnostic):
                self._diagnostics.append(found)
            else:
                used |= found
        for name in sorted(templates.keys() - used):
            path = templates[name].path
            self._diagnostics.append(_replaces_nothing(name, path, target, known))

    def _unreadable(self, called: str, reason: str, span: Span | None = None) -> None:
        self._diagnostics.append(
            Diagnostic(
                code="IDL512",
                message=f"cannot read `{called}`: {reason}",
                span=span,
                path=called,
            )
        )


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _counts(path: Path) -> bool:
    return not path.name.startswith(".") and path.name not in PASSED_OVER


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _counts(Path(name)))
        yield from (Path(place, name) for name in sorted(names) if _counts(Path(name)))


def _no_target(entry: Path, called: str) -> Diagnostic:
    fact = "is no target's folder" if entry.is_dir() else "is in no target's folder"
    return Diagnostic(
        code="IDL513",
        message=f"`{called}` {fact}, so it replaces nothing",
        path=called,
        hint=_hint(entry.name, TARGETS, "targets are"),
    )


def _replaces_nothing(
    name: str, path: str, target: str, known: Iterable[str]
) -> Diagnostic:
    return Diagnostic(
        code="IDL513",
        message=f"target `{target}` has no template `{name}`, and no template uses it",
        path=path,
        hint=_hint(PurePosixPath(name).name, known, "it has"),
    )


def _hint(name: str, known: Iterable[str], introduction: str) -> str:
    listed = f"{introduction} " + ", ".join(f"`{it}`" for it in known)
    found = did_you_mean(name, known)
    return f"{found} {listed}" if found else listed
