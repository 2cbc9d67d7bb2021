"""Scripts of tests, each run in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end, which must be a good one."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done
