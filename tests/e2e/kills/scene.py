"""A server that is killed while clients write, and what is in its database then."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from msgspec import Struct as Record

from tests.e2e.kills.clients import KINDS, Tally, Worker

ROOT = Path(__file__).parent.parent.parent.parent


class Outcome(Record, frozen=True):
    """What the clients say, and what the database says."""

    points: Counter[str]
    """How often the server was killed at each."""
    tallies: dict[str, Tally]
    """Of each kind of client."""
    writes: dict[str, list[str]]
    """What was written for each key."""
    runs: Counter[str]
    """How often a handler ran for each name that came without a key."""


def run(kills: int, path: Path) -> Outcome:
    """Have the server killed so often; return what came of it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "CREATE TABLE writes (key TEXT, written TEXT);"
            "CREATE TABLE runs (name TEXT);"
        )
    points, tallies = _killed(kills, path)
    writes: dict[str, list[str]] = {}
    with closing(sqlite3.connect(path)) as db:
        for key, written in db.execute("SELECT key, written FROM writes"):
            writes.setdefault(key, []).append(written)
        runs = Counter(name for (name,) in db.execute("SELECT name FROM runs"))
    return Outcome(points, tallies, writes, runs)


def _killed(kills: int, path: Path) -> tuple[Counter[str], dict[str, Tally]]:
    points: Counter[str] = Counter()
    # It stays open while no server is there: who connects meanwhile waits for the next.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "tests.e2e.kills.server", str(path)]
        with subprocess.Popen(
            [*command, str(descriptor), str(kills)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            encoding="ascii",
            pass_fds=[descriptor],
        ) as server:
            workers = {kind: Worker(kind, listener.getsockname()[1]) for kind in KINDS}
            try:
                assert server.stdout is not None
                for line in server.stdout:
                    if line == "no more\n":
                        break
                    points[line.strip()] += 1
            finally:
                _stop(workers)
                server.terminate()
    return points, {kind: worker.tally for kind, worker in workers.items()}


def _stop(workers: dict[str, Worker]) -> None:
    for worker in workers.values():
        worker.stop()
