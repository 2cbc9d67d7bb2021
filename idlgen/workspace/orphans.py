"""Generated files that no schema makes any longer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.workspace.drift import State
from idlgen.workspace.output_tree import OutputTree
from idlgen.workspace.owners import Fate, Owners
from idlgen.workspace.stamps import SHARED, Stamped, parse


class Orphan(Record, frozen=True):
    """A file that nothing makes; `removable` if a build may remove it."""

    path: str
    data: bytes
    schema: str
    state: State
    removable: bool


def find_orphans(
    tree: OutputTree,
    owners: Owners,
    made: Collection[str],
    targets: Collection[str] | None,
) -> list[Orphan]:
    """Return the files of `tree` whose schema no longer makes them or is gone, sorted.

    `made` are the paths of this run's files. Where the command line chose targets,
    `targets` are their digests, and files that others made are left out.
    """
    orphans = []
    shared = []
    for path, data in tree.carriers():
        stamped = None if path in made else parse(data)
        if stamped is None or not _is_judged(stamped, targets):
            continue
        if stamped.stamp.schema == SHARED:
            shared.append(_orphan(path, data, stamped, Fate.REMOVED))
        else:
            fate = owners.fate(path, stamped.stamp.schema)
            if fate is not Fate.LEFT:
                orphans.append(_orphan(path, data, stamped, fate))
    orphans += _alone(tree.root, shared, {orphan.path for orphan in orphans})
    return sorted(orphans, key=lambda orphan: orphan.path)


def _is_judged(stamped: Stamped, targets: Collection[str] | None) -> bool:
    digests = stamped.stamp.digests
    return targets is None or (digests is not None and digests.target in targets)


def _orphan(path: str, data: bytes, stamped: Stamped, fate: Fate) -> Orphan:
    state = State.ORPHANED_EDITED if stamped.is_edited else State.ORPHANED
    schema = stamped.stamp.schema
    return Orphan(path, data, schema, state, removable=fate is Fate.REMOVED)


def _alone(root: Path, shared: list[Orphan], gone: set[str]) -> Iterator[Orphan]:
    """Yield the shared files beneath whose folder nothing else of their kind stays."""
    gone = set(gone)
    deepest_first = sorted(shared, key=lambda orphan: -orphan.path.count("/"))
    for orphan in deepest_first:
        folder = root / PurePosixPath(orphan.path).parent
        stays = (
            path.relative_to(root).as_posix()
            for path in folder.rglob(f"*{PurePosixPath(orphan.path).suffix}")
        )
        if all(path in gone or path == orphan.path for path in stays):
            gone.add(orphan.path)
            yield orphan
