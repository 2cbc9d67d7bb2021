"""`python -m tests.e2e.soak [MINUTES [SEED]]`: ends 1 where anything is wrong."""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path

from tests.e2e.soak.outcome import Plan
from tests.e2e.soak.supervisor import soak
from tests.e2e.soak.table import table
from tests.e2e.soak.verdict import wrong

SHOWN = 20


def main(minutes: str = "10", seed: str = "") -> int:
    plan = Plan(
        seed=seed or str(secrets.randbelow(2**32)),
        seconds=60 * float(minutes),
        clients=16,
        pause=0.2,
        restarts=1,
        long_life=(45.0, 90.0),
    )
    print(f"python -m tests.e2e.soak {minutes} {plan.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found = soak(plan, Path(folder))
    for line in table(found):
        print(line)
    faults = wrong(found)
    for fault in faults[:SHOWN]:
        print(f"WRONG: {fault}")
    print(f"{len(faults)} wrong, seed {plan.seed}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
