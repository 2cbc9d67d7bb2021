"""What must not be after a server was killed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.e2e.kills.scene import Outcome


def faults(found: Outcome) -> list[str]:
    """Return what is wrong with the outcome, a line each."""
    return [*_keyed(found), *_unkeyed(found)]


def _keyed(found: Outcome) -> Iterator[str]:
    """Yield the writes with a key that were not made exactly once, as was answered."""
    answers = {
        key: written
        for tally in found.tallies.values()
        for key, written in tally.written.items()
    }
    for key, answered in answers.items():
        written = found.writes.get(key, [])
        if len(written) != 1:
            yield f"key {key!r} was written {len(written)} times"
        elif answered and answered != written[0]:
            yield f"key {key!r} was answered with {answered}, and written {written[0]}"
    for key in found.writes.keys() - answers.keys():
        yield f"key {key!r} was written, and never answered"


def _unkeyed(found: Outcome) -> Iterator[str]:
    """Yield the writes without a key that were made twice, or answered and not made."""
    for name, runs in found.runs.items():
        if runs > 1:
            yield f"{name!r} was written {runs} times without a key"
    for kind, tally in found.tallies.items():
        missing = sum(name not in found.runs for name in tally.unkeyed)
        if missing > tally.lost:
            yield f"{kind}: {missing} writes are missing, of which {tally.lost} failed"
