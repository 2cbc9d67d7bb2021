"""The table that a soak ends with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.e2e.soak.outcome import Outcome, Sample

CALLS = ("call", "raw", "pages", "in batches")


def table(found: Outcome) -> Iterator[str]:
    """Yield its lines."""
    total = found.total()
    calls = sum(total.get(what, 0) for what in CALLS)
    plan = found.plan
    yield f"{found.seconds:.0f} s, {4 * plan.clients} clients, seed {plan.seed}"
    yield f"{calls:,} calls, of which {total.get('in batches', 0):,} in batches"
    yield f"{total.get('stream', 0):,} streams, {total.get('items', 0):,} items"
    yield f"{total.get('cancelled', 0):,} cancelled, {total.get('left', 0):,} left early"
    ends = ", ".join(f"{name} {number}" for name, number in found.ends.items())
    yield f"{len(found.outages)} restarts ({ends})"
    if found.outages:
        longest = max(ended - begun for begun, ended in found.outages)
        yield f"the longest time from a signal to the next server: {longest:.1f} s"
    yield (
        f"{len(found.keyed):,} writes with a key; {len(found.unkeyed):,} without, "
        f"{sum(answer is None for answer in found.unkeyed.values()):,} of them unknown"
    )
    for name in sorted(each for each in total if each[0].isupper()):
        yield f"{name}: {total[name]:,}"
    for number, life in enumerate(found.lives, 1):
        if life:
            yield from _memory(f"server {number}", life)
    for kind, crew in found.crews.items():
        if crew.samples:
            yield from _memory(f"{kind} clients", crew.samples)


def _memory(who: str, samples: Sequence[Sample]) -> Iterator[str]:
    first, last = samples[0], samples[-1]
    minutes = max(last.at - first.at, 1) / 60
    yield (
        f"{who}: {first.held.kilobytes / 1024:.1f} MiB, after {minutes:.1f} min "
        f"{last.held.kilobytes / 1024:.1f}; blocks {first.held.blocks:,}, then "
        f"{last.held.blocks:,}; tasks {first.held.tasks}, {last.held.tasks}; threads "
        f"{first.held.threads}, {last.held.threads}; files {first.held.files}, "
        f"{last.held.files}"
    )
