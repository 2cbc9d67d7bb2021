"""All faults, 200 times each: ``python -m tests.e2e.faults [TIMES [NAME]]``.

Prints what each side holds after 20 and after all; ends 1 where anything is left.
"""

from __future__ import annotations

import sys
import time

from tests.e2e.faults.faults import FAULTS
from tests.e2e.faults.table import KINDS, left, peers, run


def main(times: int = 200, chosen: str = "") -> int:
    is_clean = True
    with peers() as urls:
        for name in (each for each in FAULTS if chosen in each):
            for kind in KINDS:
                start = time.monotonic()
                found = run(name, kind, times, urls)
                seconds = time.monotonic() - start
                print(f"{name}, {kind}: {seconds:.1f} s")
                for side in ("client", "server"):
                    few, many = getattr(found.few, side), getattr(found.many, side)
                    print(f"  {side} {few}\n  {side} {many}", flush=True)
                    for what in left(few, many):
                        print(f"  LEFT IN THE {side.upper()}: {what}")
                        is_clean = False
    return 0 if is_clean else 1


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(int(arguments[0]) if arguments else 200, " ".join(arguments[1:])))
