"""How many requests a second one core serves, loaded by wrk, beside other libraries.

Each server runs alone on one core under uvicorn as the extra `server` installs it; wrk
has the others. A figure counts only if the server's core was busy all the time: else it
is wrk's, or the machine's.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.building import ROOT
from tests.bench.calling import announced
from tests.bench.load.requests import CALL, PLAIN, answer, script
from tests.bench.measure import ENVIRONMENT, Load, progress
from tests.bench.report import Finding

CONNECTIONS = 64
SECONDS = 3
WARM_UP = 1
BUSY = 0.95
"""The least part of the time that the server's core must have worked."""
MISSING = "wrk is missing, which loads the servers: apt-get install wrk"

SERVERS = {
    "bare echo": CALL,
    "idlgen": CALL,
    "idlgen, awaiting once": CALL,
    "FastAPI": PLAIN,
    "FastAPI, asking who calls": PLAIN,
    "fastapi-jsonrpc": CALL,
    "pjrpc": CALL,
    "jsonrpcserver": CALL,
}
"""The servers of `load.servers`, each with the request that it is sent."""

LIMITS = {"bare echo": 0.65, "FastAPI": 4.0, "FastAPI, asking who calls": 4.0}
"""The least that idlgen must reach of each; of the others, as much."""


def require_wrk() -> None:
    """Refuse to begin without wrk.

    Raises:
        SystemExit: it is not installed; the message says what installs it.
    """
    if shutil.which("wrk") is None:
        raise SystemExit(MISSING)


def loads(folder: Path, runs: int, seconds: int = SECONDS) -> dict[str, Load]:
    """Load each server in turn, `runs` times; return the medians."""
    taken: dict[str, list[Load]] = {name: [] for name in SERVERS}
    for number in range(1, runs + 1):
        for name, body in SERVERS.items():
            with serving(name) as (port, pid):
                check(name, answer(port, body))
                command = wrk(port, script(folder, body))
                once([*command, f"-d{WARM_UP}"], pid)
                taken[name].append(once([*command, f"-d{seconds}"], pid))
        progress(f"load {number} of {runs}")
    return {name: median(found) for name, found in taken.items()}


def median(found: Sequence[Load]) -> Load:
    """Return the medians of what was measured."""
    return Load(
        statistics.median(load.per_second for load in found),
        statistics.median(load.busy for load in found),
    )


def table(found: Mapping[str, Load]) -> str:
    """Return all loads as text for a terminal."""
    lines = [f"{'load of one core by wrk':36}{'a second':>10}{'busy':>10}"]
    lines += [
        f"{name:36}{load.per_second:10.0f}{load.busy:10.2f}"
        for name, load in found.items()
    ]
    return "\n".join(lines) + "\n"


def judge(found: Mapping[str, Load]) -> Iterator[Finding]:
    """Compare idlgen with each of the others."""
    own = found["idlgen"]
    awaiting, bare = found["idlgen, awaiting once"], found["bare echo"]
    yield finding("load: idlgen, awaiting once beside bare echo", awaiting, bare, None)
    for name, load in found.items():
        if not name.startswith("idlgen"):
            limit = LIMITS.get(name, 1.0)
            yield finding(f"load: idlgen beside {name}", own, load, limit)


def finding(what: str, measured: Load, beside: Load, limit: float | None) -> Finding:
    least = min(measured.busy, beside.busy)
    return Finding(
        what=what,
        value=measured.per_second / beside.per_second,
        limit=limit,
        at_least=True,
        void=(
            "" if least >= BUSY else f"a server's core was busy {least:.0%} of the time"
        ),
    )


@contextmanager
def serving(name: str) -> Iterator[tuple[str, int]]:
    """Run a server on one core; give its port and its process."""
    before = os.sched_getaffinity(0)
    core = max(before)
    command = (sys.executable, "-m", "tests.bench.load.servers", name)
    os.sched_setaffinity(0, {core})
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
        )
    finally:
        os.sched_setaffinity(0, before)
    os.sched_setaffinity(0, (before - {core}) or before)
    try:
        with process:
            try:
                yield announced(process, name), process.pid
            finally:
                process.kill()
    finally:
        os.sched_setaffinity(0, before)


def wrk(port: str, lua: Path) -> list[str]:
    """Return the command that loads a server; how long is left open."""
    options = ("-t1", f"-c{CONNECTIONS}", "-s", str(lua))
    return ["wrk", *options, f"http://127.0.0.1:{port}/rpc"]


def once(command: list[str], pid: int) -> Load:
    """Run wrk once.

    Raises:
        RuntimeError: it failed, or a request did; the message is what it printed.
    """
    started, worked = time.monotonic(), cpu_seconds(pid)
    done = subprocess.run(command, capture_output=True, text=True)
    seconds, busy = time.monotonic() - started, cpu_seconds(pid) - worked
    counted = re.search(r"(\d+) requests in", done.stdout)
    failed = re.search(r"Non-2xx|Socket errors", done.stdout)
    if done.returncode != 0 or counted is None or failed is not None:
        raise RuntimeError(done.stdout + done.stderr)
    return Load(int(counted[1]) / seconds, busy / seconds)


def cpu_seconds(pid: int) -> float:
    """Return the time that a process has worked; only Linux tells."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def check(name: str, content: bytes) -> None:
    """Refuse to load what does not work."""
    if b"hong@example.com" not in content:
        raise RuntimeError(f"`{name}` answered {content!r}")
