"""How a file on the disk relates to what its schema gives: the table behind `check`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct as Record

from idlgen.workspace.output_tree import Existing, OutputTree
from idlgen.workspace.stamping import GeneratedFile
from idlgen.workspace.stamps import Digests, Stamped, normal, parse


class State(StrEnum):
    """What became of a generated file; the values are what messages say."""

    CLEAN = "clean"
    HAND_WRITTEN = "hand-written"
    MISSING = "missing"
    NOT_OURS = "not ours"
    EDITED = "edited by hand"
    SCHEMA = "schema changed"
    TARGET = "generator or template changed"
    BOTH = "schema changed, generator or template changed"
    UNEXPLAINED = "differs"
    ORPHANED = "orphaned"
    ORPHANED_EDITED = "orphaned, edited by hand"

    @property
    def is_drift(self) -> bool:
        """Whether `check` complains of it."""
        return self not in (State.CLEAN, State.HAND_WRITTEN)


class Compared(Record, frozen=True):
    """A file that belongs into the output, what stands there, and the verdict."""

    file: GeneratedFile
    existing: Existing
    state: State

    @property
    def differs(self) -> bool:
        """Whether a build would change bytes, line ends apart."""
        data = self.existing.data
        return data is None or normal(data) != self.file.data

    @property
    def body_differs(self) -> bool:
        """Whether more than the header would change."""
        stamped = None if self.existing.data is None else parse(self.existing.data)
        return stamped is None or stamped.body != normal(self.file.body)


def compare(files: Iterable[GeneratedFile], tree: OutputTree) -> list[Compared]:
    """Return each of `files` beside what `tree` holds in its place."""
    compared = []
    for file in files:
        existing = tree.read(file.path)
        compared.append(Compared(file, existing, judge(file, existing.data)))
    return compared


def judge(file: GeneratedFile, data: bytes | None) -> State:
    """Return what the bytes `data` are to the file that belongs in their place."""
    if data is None:
        return State.MISSING
    stamped = parse(data)
    if stamped is None:
        return State.HAND_WRITTEN if file.shared else State.NOT_OURS
    if stamped.is_edited:
        return State.EDITED
    if stamped.body == normal(file.body):
        return State.CLEAN
    return _cause(stamped, file.stamp.digests)


def _cause(stamped: Stamped, now: Digests | None) -> State:
    then = stamped.stamp.digests
    assert then is not None
    assert now is not None
    match (then.schema != now.schema, then.target != now.target):
        case (True, True):
            return State.BOTH
        case (True, False):
            return State.SCHEMA
        case (False, True):
            return State.TARGET
        case _:
            return State.UNEXPLAINED
