"""Generated files that no schema makes any longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.workspace.drift import State
from idlgen.workspace.output_tree import OutputTree
from idlgen.workspace.owners import Fate, Owners
from idlgen.workspace.stamping import GeneratedFile
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
    files: Collection[GeneratedFile],
    targets: Collection[str] | None,
) -> list[Orphan]:
    """Return the files of `tree` whose schema no longer makes them or is gone, sorted.

    `files` are those of this run. Where the command line chose targets, `targets` are
    their digests, and files that others made are left out.
    """
    made = {file.path for file in files}
    orphans, shared = [], []
    kept = {file.path: file.body for file in files}
    for path, data in tree.carriers():
        stamped = None if path in made else parse(data)
        if stamped is None:
            continue
        kept[path] = stamped.body
        if not _is_judged(stamped, targets):
            continue
        if stamped.stamp.schema == SHARED:
            shared.append(_orphan(path, data, stamped, Fate.REMOVED))
        else:
            fate = owners.fate(path, stamped.stamp.schema)
            if fate is not Fate.LEFT:
                orphans.append(_orphan(path, data, stamped, fate))
    for orphan in orphans:
        del kept[orphan.path]
    own = {_folder(file.path) for file in files if file.shared}
    orphans += _needless(tree.root, shared, {o.path for o in orphans}, kept, own)
    return sorted(orphans, key=lambda orphan: orphan.path)


def _is_judged(stamped: Stamped, targets: Collection[str] | None) -> bool:
    digests = stamped.stamp.digests
    return targets is None or (digests is not None and digests.target in targets)


def _orphan(path: str, data: bytes, stamped: Stamped, fate: Fate) -> Orphan:
    state = State.ORPHANED_EDITED if stamped.is_edited else State.ORPHANED
    schema = stamped.stamp.schema
    return Orphan(path, data, schema, state, removable=fate is Fate.REMOVED)


def _folder(path: str) -> tuple[PurePosixPath, str]:
    """Return the folder of a file and its suffix: shared files of both go together."""
    pure = PurePosixPath(path)
    return pure.parent, pure.suffix


def _needless(
    root: Path,
    shared: Collection[Orphan],
    gone: Collection[str],
    kept: Mapping[str, bytes],
    own: Collection[tuple[PurePosixPath, str]],
) -> Iterator[Orphan]:
    """Yield the shared files that nothing needs any longer.

    `own` are the folders in which the run makes shared files: it makes all that belong
    there. Others go with all else of their kind that lay beneath their folder, unless a
    file that is `kept` names the folder: modules that import a runtime do.
    """
    gone = frozenset(gone)
    groups: dict[tuple[PurePosixPath, str], list[Orphan]] = {}
    for orphan in shared:
        groups.setdefault(_folder(orphan.path), []).append(orphan)
    for place in sorted(groups, key=lambda place: -len(place[0].parts)):
        folder, suffix = place
        leaving = gone.union(orphan.path for orphan in groups[place])
        there = {
            path.relative_to(root).as_posix()
            for path in (root / folder).rglob(f"*{suffix}")
        }
        others = (body for path, body in kept.items() if path not in leaving)
        if place in own or (there <= leaving and not _is_named(folder, others)):
            gone = leaving
            yield from groups[place]


def _is_named(folder: PurePosixPath, bodies: Iterable[bytes]) -> bool:
    """Whether one of the files imports from the folder, as modules do by a path."""
    # The root's name is no part of paths within it.
    name = f"/{folder.name}/".encode()
    return bool(folder.name) and any(name in body for body in bodies)
