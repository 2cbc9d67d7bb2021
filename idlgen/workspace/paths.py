"""Paths: as text that is the same on every machine, and as this file system takes them."""

from __future__ import annotations

import os
from pathlib import Path


def as_text(path: Path) -> str:
    """Return `path` with slashes, read as UTF-8 whatever the locale says.

    Under `LC_ALL=C` Python decodes file names as ASCII; headers must not differ for it.
    """
    text = path.as_posix()
    if text.isascii():
        return text
    return os.fsencode(text).decode("utf-8", "surrogateescape")


def as_path(text: str) -> Path:
    """Return the path that `text` means, as `open` takes it here: `as_text` undone."""
    if text.isascii():
        return Path(text)
    return Path(os.fsdecode(text.encode("utf-8", "surrogateescape")))


def real(path: Path) -> Path:
    """Return `path` absolute and without links; a loop of links is left as it is."""
    return Path(os.path.realpath(path))


def placed(file: Path, root: Path) -> Path:
    """Return where `file` counts as lying, seen from the real folder `root`.

    Links are followed, so that every way to the file gives the same place; only a
    link inside `root` that leads out of it keeps its own.
    """
    place = real(file)
    if not place.is_relative_to(root):
        own = real(file.parent) / file.name
        place = own if own.is_relative_to(root) else place
    return place


def relative(place: Path, folder: Path) -> str:
    """Return the text that leads from `folder` to `place`, both absolute and normal."""
    return as_text(Path(os.path.relpath(place, folder)))


def shown(path: Path, base: Path) -> str:
    """Return `path` for a message: relative to `base` if it lies beneath it."""
    return as_text(path.relative_to(base) if path.is_relative_to(base) else path)
