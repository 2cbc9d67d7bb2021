"""The pipeline on one page: load, resolve, check, render. Pure: it reads through `read`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct as Record

from idlgen.checks import check
from idlgen.diagnostics import Diagnostic, Severity
from idlgen.emit.own_templates import TemplateFault
from idlgen.model import Api
from idlgen.resolve import resolve
from idlgen.syntax.loading import Read, load
from idlgen.targets import RenderedFile, Target


class Outcome(Record, frozen=True, kw_only=True):
    """What a compilation gave.

    `files` is empty when `diagnostics` holds an error; `api` holds what could be
    resolved, with `ErrorType` where a diagnostic was.
    """

    api: Api
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[RenderedFile, ...]


def compile(
    entries: Sequence[PurePosixPath], read: Read, targets: Sequence[Target]
) -> Outcome:
    """Compile the schemas `entries`, and all that they import, for `targets`.

    `read` is given the paths of the entries and those that lead from them to what they
    import; these paths also stand in diagnostics and packages.
    """
    found: list[Diagnostic] = []
    documents = load(entries, read, found.append)
    api = resolve(documents, found.append)
    if not _has_error(found):
        found.extend(check(api))
    if not _has_error(found):
        found.extend(_fit(api, targets))
    files = () if _has_error(found) else _rendered(api, targets, found.append)
    # Fields that a struct copies from another are looked at, and reported, again.
    unique = sorted(dict.fromkeys(found), key=_place)
    return Outcome(api=api, diagnostics=tuple(unique), files=files)


def _fit(api: Api, targets: Sequence[Target]) -> Iterator[Diagnostic]:
    for target in targets:
        for package in api.packages.values():
            yield from target.check(api, package)


def _rendered(
    api: Api, targets: Sequence[Target], report: Callable[[Diagnostic], None]
) -> tuple[RenderedFile, ...]:
    try:
        return tuple(_render(api, targets))
    except TemplateFault as fault:
        report(fault.diagnostic)
        return ()


def _render(api: Api, targets: Sequence[Target]) -> Iterator[RenderedFile]:
    for target in targets:
        for package in api.packages.values():
            yield from target.render(api, package)


def _has_error(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(found.severity is Severity.ERROR for found in diagnostics)


def _place(diagnostic: Diagnostic) -> tuple[str, int, str]:
    span = diagnostic.span
    if span is None:
        return diagnostic.path or "", -1, diagnostic.code
    return span.source.path, span.start, diagnostic.code
