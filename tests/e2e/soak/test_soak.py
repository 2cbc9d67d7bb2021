"""A few seconds of what `make soak` does for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from tests.e2e.faults.counting import Counts
from tests.e2e.soak.log import Unreached
from tests.e2e.soak.outcome import Crew, Outcome, Plan, Sample
from tests.e2e.soak.supervisor import soak
from tests.e2e.soak.table import table
from tests.e2e.soak.verdict import HARMLESS, wrong
from tests.runtime.contract.mill.types import Held

PLAN = Plan(
    seed="1",
    seconds=2.0,
    clients=2,
    pause=0.02,
    restarts=2,
    short_life=(0.3, 1.0),
)


def test_every_answer_is_right_while_the_server_restarts(tmp_path: Path) -> None:
    found = soak(PLAN, tmp_path)
    assert wrong(found) == []
    assert len(found.outages) >= PLAN.restarts
    assert all(crew.tally["call"] for crew in found.crews.values())
    assert found.keyed
    assert any(f"seed {PLAN.seed}" in line for line in table(found))


HELD = Held(begun=9, ended=9, tasks=1, threads=2, files=3, blocks=4, kilobytes=5000)
COUNTS = Counts(tasks=1, threads=2, files=3, blocks=4, kilobytes=5000)
GROWN = structs.replace(COUNTS, kilobytes=50000)


def fair() -> Outcome:
    """Return an outcome of which nothing is wrong."""
    crew = Crew(before=COUNTS, after=COUNTS, samples=[Sample(1.0, COUNTS)])
    return Outcome(
        PLAN,
        HELD,
        {"sync http": crew},
        after=HELD,
        lives=[[Sample(1.0, COUNTS), Sample(9.0, COUNTS)]],
        outages=[(100.0, 101.0)],
        keyed={"k": "w"},
        writes={"k": ["w"]},
        unkeyed={"n": "v", "lost": None, "lost and made": None},
        runs={"n": ["v"], "lost and made": ["u"]},
        unreached=[Unreached("c", "get", 99.0, 100.5)],
        server_errors=f"{HARMLESS[0]}\n",
    )


Harm = Callable[[Outcome], object]


def harmed(**fields: object) -> Harm:
    """Return what sets fields of an outcome."""

    def harm(found: Outcome) -> None:
        for name, value in fields.items():
            setattr(found, name, value)

    return harm


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (harmed(faults=["c: get answered 1"]), "c: get answered 1"),
        (harmed(writes={}), "key 'k' was answered with w, and written []"),
        (
            harmed(writes={"k": ["w", "w"]}),
            "key 'k' was answered with w, and written ['w', 'w']",
        ),
        (harmed(keyed={}), "key 'k' was written, and never answered"),
        (harmed(runs={}), "'n' was answered with v, and not written"),
        (
            harmed(runs={"n": ["v"], "lost": ["a", "b"]}),
            "'lost' was written 2 times without a key",
        ),
        (
            harmed(unreached=[Unreached("c", "get", 112.0, 113.0)]),
            (
                "c could not reach a server that was there: get "
                "(after 1.000 s, 12.000 s from a restart)"
            ),
        ),
        (
            harmed(unreached=[Unreached("c", "get", 98.0, 99.0)]),
            (
                "c could not reach a server that was there: get "
                "(after 1.000 s, 2.000 s from a restart)"
            ),
        ),
        (
            harmed(after=structs.replace(HELD, tasks=2)),
            "the server: 2 tasks after all, 1 before",
        ),
        (
            harmed(after=structs.replace(HELD, ended=8)),
            "the server: 1 handlers run after all",
        ),
        (
            lambda found: setattr(
                found.crews["sync http"], "after", structs.replace(COUNTS, files=4)
            ),
            "sync http clients: 4 files after all, 3 before",
        ),
        (
            lambda found: found.crews["sync http"].samples.append(Sample(9.0, GROWN)),
            "sync http clients took 5000 KiB after 1 s, and 50000 after 9",
        ),
        (
            lambda found: found.lives[0].append(Sample(19.0, GROWN)),
            "server 1 took 5000 KiB after 1 s, and 50000 after 19",
        ),
        (harmed(server_errors="Oh\n"), "the server said: Oh"),
        (harmed(client_errors="Oh\n"), "a client said: Oh"),
    ],
)
def test_what_is_wrong_is_found(harm: Harm, line: str) -> None:
    found = fair()
    assert wrong(found) == []
    harm(found)
    assert wrong(found) == [line]
