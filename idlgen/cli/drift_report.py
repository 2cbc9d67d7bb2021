"""The files that `check` complains of, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct as Record

from idlgen.cli.survey import Survey
from idlgen.diagnostics import Diagnostic
from idlgen.workspace.drift import Compared, State
from idlgen.workspace.orphans import Orphan
from idlgen.workspace.output_tree import OutputTree

_CODES = {
    State.MISSING: "IDL451",
    State.NOT_OURS: "IDL452",
    State.EDITED: "IDL453",
    State.SCHEMA: "IDL454",
    State.TARGET: "IDL455",
    State.BOTH: "IDL456",
    State.ORPHANED: "IDL457",
    State.ORPHANED_EDITED: "IDL457",
    State.UNEXPLAINED: "IDL458",
}
_REASONS = {
    State.MISSING: "{schema} makes it, and it is not there",
    State.NOT_OURS: "it has no header of idlgen and stands where {schema} makes a file",
    State.EDITED: "it is not as idlgen wrote it",
    State.SCHEMA: "it was made from another state of {schema}, or of what that imports",
    State.TARGET: "another generator, template or option made it from {schema}",
    State.BOTH: "another generator made it from another state of {schema}",
    State.ORPHANED: "{schema} no longer makes it, or is gone",
    State.ORPHANED_EDITED: "{schema} no longer makes it, or is gone",
    State.UNEXPLAINED: "{schema} gives other text, though neither it nor the generator "
    "changed",
}


class Drifted(Record, frozen=True, kw_only=True):
    """A file that is not as it should be: bytes on the disk, bytes that belong there.

    `way_out` says what mends it where `idlgen build` does not; `needs_force` whether
    `--force` does.
    """

    path: str
    state: State
    schema: str
    old: bytes | None
    new: bytes | None
    way_out: str | None = None

    @property
    def code(self) -> str:
        """The code of the finding."""
        return _CODES[self.state]

    @property
    def reason(self) -> str:
        """What happened, in a sentence."""
        return _REASONS[self.state].format(schema=f"`{self.schema}`")

    @property
    def needs_force(self) -> bool:
        """Whether a build would refuse to touch it without `--force`."""
        return self.state in (State.EDITED, State.ORPHANED_EDITED)

    def diagnostic(self, mend: str) -> Diagnostic:
        """Return the finding; `mend` is the command that makes it right."""
        return Diagnostic(
            code=self.code,
            message=f"{self.state}: `{self.path}`: {self.reason}",
            path=self.path,
            hint=self.way_out or f"run `{mend}`",
        )


def drifted(seen: Survey) -> Iterator[Drifted]:
    """Yield what is wrong in the output folder, file by file."""
    for entry in seen.compared:
        if entry.state.is_drift:
            yield _of_compared(entry, seen.tree)
    for orphan in seen.orphans:
        yield _of_orphan(orphan, seen.tree)


def _of_compared(entry: Compared, tree: OutputTree) -> Drifted:
    path = tree.shown(entry.file.path)
    foreign = entry.state is State.NOT_OURS
    return Drifted(
        path=path,
        state=entry.state,
        schema=entry.file.stamp.schema,
        old=entry.existing.data,
        new=entry.file.data,
        way_out=(
            f"move or delete `{path}`: a build never overwrites it" if foreign else None
        ),
    )


def _of_orphan(orphan: Orphan, tree: OutputTree) -> Drifted:
    path = tree.shown(orphan.path)
    return Drifted(
        path=path,
        state=orphan.state,
        schema=orphan.schema,
        old=orphan.data,
        new=None,
        way_out=(
            None
            if orphan.removable
            else f"delete `{path}`: without a configuration file a build leaves it"
        ),
    )
