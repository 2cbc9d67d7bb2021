"""What must not be after a soak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import inf

from tests.e2e.faults.counting import Counts
from tests.e2e.soak.outcome import Outcome, Sample
from tests.runtime.contract.mill.types import Held

AFTERMATH = 10.0
"""Seconds after a server listens again in which clients may still be `Unavailable`: some
wait that long before they try to connect, some are out of budget for retries."""

KILOBYTES = 16 * 1024
"""What a process may take while it is looked at, beyond the first look."""
THREADS = 32 + 8
"""What a server may keep: those of its handlers, and a few of its own."""
HARMLESS = ["ERROR:    ASGI callable returned without completing handshake."]
"""uvicorn 0.54 says so of each handshake that is answered with an HTTP response, as all
are while a server drains."""


def wrong(found: Outcome) -> list[str]:
    """Return what is wrong, a line each; the first lines are the worst."""
    return [
        *found.faults,
        *_keyed(found),
        *_unkeyed(found),
        *_unreached(found),
        *_left(found),
        *_grown(found),
        *(
            f"the server said: {line}"
            for line in found.server_errors.splitlines()
            if line not in HARMLESS
        ),
        *(f"a client said: {line}" for line in found.client_errors.splitlines()),
    ]


def _keyed(found: Outcome) -> Iterator[str]:
    """Yield the writes with a key that were not made exactly once, as was answered."""
    for key, answer in found.keyed.items():
        written = found.writes.get(key, [])
        if written != [answer]:
            yield f"key {key!r} was answered with {answer}, and written {written}"
    for key in found.writes.keys() - found.keyed.keys():
        yield f"key {key!r} was written, and never answered"


def _unkeyed(found: Outcome) -> Iterator[str]:
    """Yield the writes without a key that were made twice, or not as was answered."""
    for name, written in found.runs.items():
        if len(written) > 1:
            yield f"{name!r} was written {len(written)} times without a key"
    for name, answer in found.unkeyed.items():
        if answer is not None and found.runs.get(name) != [answer]:
            yield f"{name!r} was answered with {answer}, and not written"


def _unreached(found: Outcome) -> Iterator[str]:
    """Yield what was unavailable while there was a server."""
    for each in found.unreached:
        if not any(
            begun <= each.ended and each.begun <= ended + AFTERMATH
            for begun, ended in found.outages
        ):
            away = min(
                (abs(each.ended - ended) for _, ended in found.outages), default=inf
            )
            yield (
                f"{each.caller} could not reach a server that was there: {each.what} "
                f"(after {each.ended - each.begun:.3f} s, {away:.3f} s from a restart)"
            )


def _left(found: Outcome) -> Iterator[str]:
    """Yield what is there after the last client has gone, and was not before."""
    if found.after is not None and found.after.begun != found.after.ended:
        running = found.after.begun - found.after.ended
        yield f"the server: {running} handlers run after all"
    for kind, crew in found.crews.items():
        if crew.after is not None:
            for name in ("tasks", "threads", "files"):
                yield from _more(f"{kind} clients", name, crew.before, crew.after, 0)
    if found.after is not None:
        yield from _more("the server", "tasks", found.before, found.after, 0)
        yield from _more("the server", "files", found.before, found.after, 0)
        yield from _more("the server", "threads", found.before, found.after, THREADS)


def _more(
    who: str, name: str, before: Counts | Held, after: Counts | Held, allowed: int
) -> Iterator[str]:
    was, now = getattr(before, name), getattr(after, name)
    if now > was + allowed:
        yield f"{who}: {now} {name} after all, {was} before"


def _grown(found: Outcome) -> Iterator[str]:
    """Yield the processes whose memory is not flat."""
    looks: Iterator[tuple[str, Sequence[Sample]]] = chain(
        ((f"{kind} clients", crew.samples) for kind, crew in found.crews.items()),
        ((f"server {number}", life) for number, life in enumerate(found.lives, 1)),
    )
    for who, samples in looks:
        if len(samples) > 1:
            first, last = samples[0], samples[-1]
            if last.held.kilobytes > first.held.kilobytes + KILOBYTES:
                yield (
                    f"{who} took {first.held.kilobytes} KiB after {first.at:.0f} s, "
                    f"and {last.held.kilobytes} after {last.at:.0f}"
                )
