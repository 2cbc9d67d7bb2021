"""What a project says of itself: `[tool.idlgen]` in pyproject.toml, or idlgen.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct as Record
from msgspec.structs import replace

from idlgen.diagnostics import Diagnostic, Span

OWN_FILE = "idlgen.toml"
PYPROJECT = "pyproject.toml"


class Configuration(Record, frozen=True, kw_only=True):
    """What a configuration file says; what it leaves out is None or empty.

    `folder` is the file's real folder, to which its paths are relative; `file` is the
    file itself, for messages. `places` tells where keys are written: `("out",)`,
    `("python", "line_length")`.
    """

    folder: Path
    file: str
    required_version: str | None = None
    schemas: tuple[str, ...] | None = None
    out: str | None = None
    targets: tuple[str, ...] | None = None
    templates: str | None = None
    options: Mapping[str, Mapping[str, object]] = {}
    places: Mapping[tuple[str, ...], Span] = {}


class Found(Record, frozen=True):
    """The configuration of a place, if it has one, and what is wrong with it.

    A faulty configuration holds the keys that could be read; there is none where
    nothing could, or where it is made for another version of idlgen. `folder` is the
    real one that it was found in, to which the paths of the diagnostics are relative.
    """

    configuration: Configuration | None
    diagnostics: tuple[Diagnostic, ...] = ()
    folder: Path | None = None


def find_configuration(start: Path) -> Found:
    """Return the nearest configuration in the real folder `start` or above it.

    A pyproject.toml without `[tool.idlgen]` is passed over.
    """
    for folder in (start, *start.parents):
        own = _read(folder / OWN_FILE)
        pyproject = _read(folder / PYPROJECT)
        if pyproject is not None and b"idlgen" not in pyproject:
            pyproject = None
        if own is None and pyproject is None:
            continue
        # A TOML parser costs milliseconds to load, and many builds need none.
        from idlgen.workspace.configuration_file import read_configuration

        found = read_configuration(folder, own, pyproject)
        if found is not None:
            return replace(found, folder=folder)
    return Found(None)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
