"""Runs faults between processes, and judges what is left of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.e2e.faults.caller import Outcome
from tests.e2e.faults.counting import Counts
from tests.e2e.faults.scene import Urls

ROOT = Path(__file__).parents[3]
KINDS = ("sync", "async")
PATIENCE = 600.0


@contextmanager
def listening(*arguments: str) -> Iterator[str]:
    """Run a module that prints its port; yield where it listens."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"{arguments[0]} did not start"
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def peers() -> Iterator[Urls]:
    """Run all that a client may meet."""
    with (
        listening("tests.e2e.faults.service", "once") as steady,
        listening("tests.e2e.faults.service", "again") as mortal,
        listening("tests.e2e.faults.stalling") as stalling,
    ):
        yield Urls(steady, mortal, stalling)


def run(name: str, kind: str, times: int, urls: Urls) -> Outcome:
    """Have the fault happen so often to a client in a process of its own."""
    given = msgspec.json.encode(urls).decode()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.e2e.faults.caller",
            name,
            kind,
            f"{times}",
            given,
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    return msgspec.json.decode(done.stdout, type=Outcome)


BLOCKS = 2000
KILOBYTES = 4096


def left(few: Counts, many: Counts) -> list[str]:
    """Return what more faults have left behind in a process.

    That is anything but memory; of memory what is more than 2,000 of Python's blocks, of
    which an interpreter takes and gives back some hundreds as it likes, or than 4 MiB.
    """
    allowed = {"tasks": 0, "threads": 0, "files": 0, "blocks": BLOCKS}
    allowed["kilobytes"] = KILOBYTES
    return [
        f"{name}: {was} after few, {now} after many"
        for name, allowance in allowed.items()
        if (now := getattr(many, name)) > (was := getattr(few, name)) + allowance
    ]
