"""Diagnostics that call files as those who read them find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from idlgen.diagnostics import Diagnostic, Source, Span


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
