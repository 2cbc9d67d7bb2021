"""The pipeline on one page: parse, resolve, check, render. Pure: it reads through `read`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.model import Api
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
    entries: Sequence[PurePosixPath],
    read: Callable[[PurePosixPath], bytes | None],
    targets: Sequence[Target],
) -> Outcome:
    """Compile the schemas `entries` for `targets`.

    `read` returns the bytes of a file, or None if there is no such file; the paths
    given to it are the entries' own, which also stand in diagnostics and headers.
    """
    raise NotImplementedError
