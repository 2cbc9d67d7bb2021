"""A server that is killed while clients write: ``python -m tests.e2e.kills [200]``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.kills.faults import faults
from tests.e2e.kills.scene import run


def main(kills: int = 200) -> int:
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = run(kills, Path(folder) / "app.db")
    seconds = time.monotonic() - start
    print(f"{found.points.total()} kills in {seconds:.0f} s: {dict(found.points)}")
    for kind, tally in found.tallies.items():
        print(
            f"{kind}: {len(tally.written)} writes with a key, {tally.retried} retries,"
            f" {tally.raised} made again by the application;"
            f" {len(tally.unkeyed)} without, {tally.lost} lost"
        )
    wrong = faults(found)
    for fault in wrong:
        print(fault)
    print(f"{len(found.writes)} keys written, {len(wrong)} faults")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
