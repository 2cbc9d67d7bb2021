"""What a build would change on the disk, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic
from idlgen.workspace.drift import Compared, State
from idlgen.workspace.orphans import Orphan
from idlgen.workspace.output_tree import OutputTree
from idlgen.workspace.owners import Owners
from idlgen.workspace.stamps import SHARED, parse
from idlgen.workspace.transaction import Transaction, Write


class Plan(Record, frozen=True, kw_only=True):
    """The files to write and to remove, the ones that stay, and what forbids it."""

    writes: Sequence[Compared]
    removals: Sequence[Orphan]
    unchanged: Sequence[Compared]
    diagnostics: tuple[Diagnostic, ...]


def make_plan(
    compared: Iterable[Compared],
    orphans: Iterable[Orphan],
    tree: OutputTree,
    owners: Owners,
    *,
    force: bool,
) -> Plan:
    """Return what a build would do; `force` gives up what was edited by hand."""
    writes, unchanged, removals = [], [], []
    diagnostics = []
    for entry in compared:
        problem = _problem(entry, tree, owners, force=force)
        if problem:
            diagnostics.append(problem)
        elif entry.state is State.HAND_WRITTEN or not entry.differs:
            unchanged.append(entry)
        else:
            writes.append(entry)
    for orphan in orphans:
        if not orphan.removable:
            continue
        if orphan.state is State.ORPHANED_EDITED and not force:
            diagnostics.append(edited(tree.shown(orphan.path)))
        else:
            removals.append(orphan)
    return Plan(
        writes=writes,
        removals=removals,
        unchanged=unchanged,
        # A folder that is in the way is in the way of each of its files.
        diagnostics=tuple(dict.fromkeys(diagnostics)),
    )


def _problem(
    entry: Compared, tree: OutputTree, owners: Owners, *, force: bool
) -> Diagnostic | None:
    path = tree.shown(entry.file.path)
    if entry.existing.problem:
        return entry.existing.problem
    if entry.state is State.NOT_OURS:
        return not_ours(path)
    if force or entry.existing.data is None or not entry.body_differs:
        return None
    if entry.state is State.EDITED:
        return edited(path)
    stamped = parse(entry.existing.data)
    owner = stamped.stamp.schema if stamped else SHARED
    if owner != SHARED and owners.is_foreign(owner):
        return _foreign(path, owner, entry.file.stamp.schema)
    return None


def not_ours(path: str) -> Diagnostic:
    """Return the complaint about a file without our header in a generated one's place."""
    return Diagnostic(
        code="IDL452",
        message=f"`{path}` is not ours: it stands where a generated file belongs",
        path=path,
        hint="move or delete it, or choose another `--out`: it is never overwritten",
    )


def edited(path: str) -> Diagnostic:
    """Return the complaint about a generated file that somebody edited."""
    return Diagnostic(
        code="IDL453",
        message=f"`{path}` was edited by hand",
        path=path,
        hint="keep the change elsewhere, then run `idlgen build --force`",
    )


def _foreign(path: str, owner: str, schema: str) -> Diagnostic:
    return Diagnostic(
        code="IDL465",
        message=f"`{path}` is made from `{owner}`, and `{schema}` makes it too",
        path=path,
        hint="give the packages different names; `--force` hands the file over",
    )


def carry_out(plan: Plan, tree: OutputTree) -> Diagnostic | None:
    """Change the disk as `plan` says, wholly or not at all; return why it was not."""
    writes = [
        Write(tree.root / entry.file.path, entry.file.data, entry.existing.mode)
        for entry in plan.writes
    ]
    removals = [tree.root / orphan.path for orphan in plan.removals]
    transaction = Transaction(tree.root)
    try:
        transaction.run(writes, removals)
    except OSError as error:
        path = tree.shown(str(transaction.at.relative_to(tree.root)))
        return Diagnostic(
            code="IDL461",
            message=f"cannot write `{path}`: {error.strerror or error}",
            path=path,
            hint="check permissions and free space; nothing was changed",
        )
    return None
