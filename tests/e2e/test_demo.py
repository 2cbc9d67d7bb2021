"""`make demo`: a service in a process of its own, called sync and async."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path


def test_the_demo_prints_typed_results_and_stops_what_it_started(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "examples.demo"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    started = re.match(
        r"process (\d+) serves http://127\.0\.0\.1:\d+/rpc\n", done.stdout
    )
    assert started is not None, done.stdout
    assert done.stdout[started.end() :] == (
        "user 1 is 홍길동 <hong@example.com>\n"
        "nobody has the id 123\n"
        "user 2 is Ada, called Countess\n"
        "ada@example.com is taken\n"
        "all users: 홍길동, Ada\n"
        "deleted: True\n"
    )
    assert not is_running(int(started[1]))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
