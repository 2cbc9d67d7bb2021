"""A server that is killed while clients write: `python -m tests.e2e.kills 200` for more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.kills.clients import Tally
from tests.e2e.kills.faults import faults
from tests.e2e.kills.scene import Outcome, run

KILLS = 8


def test_writes_with_a_key_are_made_once_and_those_without_are_not_repeated(
    tmp_path: Path,
) -> None:
    found = run(KILLS, tmp_path / "app.db")
    assert faults(found) == []
    assert found.points.total() == KILLS
    assert sum(tally.retried for tally in found.tallies.values()) > 0
    assert all(tally.written for tally in found.tallies.values())


def outcome(
    writes: dict[str, list[str]], runs: dict[str, int], *, lost: int = 0
) -> Outcome:
    """Return what one client found that wrote `k` with a key and `n` without."""
    tally = Tally(written={"k": "w"}, unkeyed=["n"], lost=lost)
    return Outcome(Counter(), {"client": tally}, writes, Counter(runs))


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (outcome({"k": ["w"]}, {"n": 1}), None),
        (outcome({"k": ["w"]}, {}, lost=1), None),
        (outcome({}, {"n": 1}), "key 'k' was written 0 times"),
        (outcome({"k": ["w", "v"]}, {"n": 1}), "key 'k' was written 2 times"),
        (
            outcome({"k": ["v"]}, {"n": 1}),
            "key 'k' was answered with w, and written v",
        ),
        (
            outcome({"k": ["w"], "l": ["w"]}, {"n": 1}),
            "key 'l' was written, and never answered",
        ),
        (outcome({"k": ["w"]}, {"n": 2}), "'n' was written 2 times without a key"),
        (
            outcome({"k": ["w"]}, {}),
            "client: 1 writes are missing, of which 0 failed",
        ),
    ],
)
def test_faults_are_found(found: Outcome, fault: str | None) -> None:
    assert faults(found) == ([] if fault is None else [fault])
