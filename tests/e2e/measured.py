"""Starts a program and prints what it cost as JSON: its exit code, seconds, and peak RSS.

It runs by itself, for a child's peak counts from that of the process which started it,
and the tests' own is large.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

# Ten times what each command should take at most; of its own time, not of the clock's.
CPU_SECONDS = 10


def main(folder: str, command: list[str]) -> None:
    """Run `command` in `folder`, its output in the files `stdout` and `stderr` here."""
    start = time.monotonic()
    with Path("stdout").open("wb") as stdout, Path("stderr").open("wb") as stderr:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        _, status, usage = os.wait4(child.pid, 0)
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    print(
        json.dumps(
            {
                "exit_code": os.waitstatus_to_exitcode(status),
                "seconds": round(time.monotonic() - start, 3),
                "megabytes": usage.ru_maxrss // unit,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
