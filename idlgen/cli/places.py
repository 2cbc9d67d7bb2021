"""Diagnostics that call files as those who read them find them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from idlgen.diagnostics import Diagnostic, Source, Span
from idlgen.workspace.paths import as_path, real, relative


def with_paths(
    diagnostics: Iterable[Diagnostic], renamed: Callable[[str], str]
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with each of their paths as `renamed` gives it."""
    sources: dict[str, Source] = {}

    def moved(span: Span) -> Span:
        path = span.source.path
        # Its lines are counted once, however many places are in it.
        source = sources.setdefault(path, Source(renamed(path), span.source.text))
        return Span(source, span.start, span.end)

    return tuple(
        replace(
            found,
            span=found.span and moved(found.span),
            path=found.path and renamed(found.path),
            labels=tuple(replace(it, span=moved(it.span)) for it in found.labels),
        )
        for found in diagnostics
    )


def annotated_path(base: Path, path: str) -> str:
    """Return the path by which GitHub finds the file that is `path` from `base`.

    Annotations are looked up in the checkout, whose folder GITHUB_WORKSPACE names; a
    file elsewhere is called relative to the working folder.
    """
    place = Path(os.path.normpath(Path.cwd() / base / as_path(path)))
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and place.is_relative_to(checkout := real(Path(workspace))):
        return relative(place, checkout)
    return relative(place, Path.cwd())
