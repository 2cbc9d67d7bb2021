"""How many calls and messages a second there are, beside grpc.aio and bare libraries.

Servers run in processes of their own, all the while. A client is a new process for each
run; what it prints is the time of its calls alone, without its start.

All is measured twice: where the system puts the processes, and with both sides on one
core, which tells what a call costs in all. grpcio has threads of its own: it gains by a
second core what an asyncio process cannot, and its figures there vary by two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.building import ROOT
from tests.bench.calls import stubs
from tests.bench.measure import ENVIRONMENT, Contender, Measurement, Rate
from tests.bench.report import Finding

MODULE = "tests.bench.calls"


class Client(NamedTuple):
    """A name of `calls.clients`: whom it calls, and how much of it takes a second."""

    server: str
    n: int


CLIENTS = {
    "WebSocket, idlgen": Client("idlgen", 8_000),
    "WebSocket, websockets by hand": Client("websockets by hand", 16_000),
    "HTTP, idlgen": Client("idlgen", 3_000),
    "HTTP, idlgen over pyreqwest": Client("idlgen", 4_000),
    "HTTP, idlgen over httpx2": Client("idlgen", 1_000),
    "HTTP, aiohttp by hand": Client("asgi by hand", 4_000),
    "grpc.aio": Client("grpc", 4_000),
    "one at a time, idlgen": Client("idlgen", 2_000),
    "one at a time, urllib3 by hand": Client("idlgen", 2_000),
    "stream, WebSocket, idlgen": Client("idlgen", 40_000),
    "stream, websockets by hand": Client("websockets by hand", 60_000),
    "stream, SSE, idlgen": Client("idlgen", 150_000),
    "stream, SSE, aiohttp by hand": Client("asgi by hand", 80_000),
    "stream, grpc.aio": Client("grpc", 15_000),
}
SERVERS = sorted({client.server for client in CLIENTS.values()})


class Comparison(NamedTuple):
    """A client beside another, and the least part of its rate that it must reach."""

    measured: str
    beside: str
    limit: float | None = None


COMPARISONS = (
    Comparison("WebSocket, idlgen", "grpc.aio", 4),
    Comparison("WebSocket, idlgen", "WebSocket, websockets by hand"),
    Comparison("HTTP, idlgen", "grpc.aio", 1.6),
    Comparison("HTTP, idlgen", "HTTP, aiohttp by hand"),
    Comparison("HTTP, idlgen over pyreqwest", "grpc.aio"),
    Comparison("HTTP, idlgen over pyreqwest", "HTTP, idlgen"),
    Comparison("HTTP, idlgen over httpx2", "HTTP, idlgen"),
    Comparison("one at a time, idlgen", "one at a time, urllib3 by hand", 0.8),
    Comparison("stream, WebSocket, idlgen", "stream, grpc.aio", 4),
    Comparison("stream, WebSocket, idlgen", "stream, websockets by hand"),
    Comparison("stream, SSE, idlgen", "stream, grpc.aio", 4),
    Comparison("stream, SSE, idlgen", "stream, SSE, aiohttp by hand"),
)


@contextmanager
def contenders(
    folder: Path, sizes: Mapping[str, int] | None = None
) -> Iterator[dict[str, Contender]]:
    """Start all servers; give what calls them. `sizes` replaces the clients' `n`."""
    written = str(stubs.write(folder))
    with ExitStack() as stack:
        ports = {
            server: stack.enter_context(serving(server, written)) for server in SERVERS
        }
        made = {}
        for name, (server, n) in CLIENTS.items():
            number = n if sizes is None else sizes[name]
            arguments = (name, ports[server], written, str(number))
            command = (sys.executable, "-m", f"{MODULE}.clients", *arguments)
            made[name] = Contender(command=command, cwd=ROOT, printed=True)
        yield made


@contextmanager
def serving(name: str, written: str) -> Iterator[str]:
    """Run one of the servers; give its port.

    Raises:
        RuntimeError: it did not start; stderr tells why.
    """
    command = (sys.executable, "-m", f"{MODULE}.servers", name, written)
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield announced(process, name)
        finally:
            process.kill()


def announced(process: subprocess.Popen[str], name: str) -> str:
    """Return the port that a server prints when it can be called.

    Raises:
        RuntimeError: it did not start; stderr tells why.
    """
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    if not port:
        raise RuntimeError(f"the server `{name}` did not start")
    return port


@contextmanager
def on_one_core() -> Iterator[None]:
    """Let what is started meanwhile share one core; only Linux can."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def rates(measured: Mapping[str, Measurement]) -> dict[str, Rate]:
    """Return how many a second the seconds of `CLIENTS` mean."""
    return {name: m.rate(CLIENTS[name].n) for name, m in measured.items()}


def judge(found: Mapping[str, Rate]) -> list[Finding]:
    """Compare the rates with those that must be reached."""
    return [
        Finding(what=what, value=value, limit=limit, at_least=True)
        for what, value, limit in ratios(found)
    ]


def judge_one_core(found: Mapping[str, Rate]) -> list[Finding]:
    """Tell the same ratios on one core, where nothing is required."""
    return [
        Finding(what=f"one core: {what}", value=value, limit=None)
        for what, value, _ in ratios(found)
    ]


def ratios(found: Mapping[str, Rate]) -> Iterator[tuple[str, float, float | None]]:
    for measured, beside, limit in COMPARISONS:
        ratio = found[measured].per_second / found[beside].per_second
        yield f"{measured} beside {beside}", ratio, limit
