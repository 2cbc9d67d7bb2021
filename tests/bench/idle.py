"""Idle WebSockets by the thousand: ``python -m tests.bench.idle [10000]``.

One process serves them and another has opened them, each a generated client. Prints the
memory that a connection takes on either side. The system must let a process have as many
open files.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import msgspec
from msgspec import Struct as Record

from tests.e2e.faults.counting import Counts, counts
from tests.e2e.faults.scene import Monitor
from tests.e2e.faults.table import ROOT, listening
from tests.runtime.contract.feed.client import AsyncFeedClient

AT_ONCE = 100
"""Handshakes, and later calls, that are under way at once."""
PATIENCE = 600.0
SPARE = 100
"""Open files that either process needs besides."""


class Idle(Record, frozen=True, kw_only=True):
    """What was found: memory in bytes a connection."""

    connections: int
    server_bytes: int
    client_bytes: int
    opened_in: float
    """Seconds, of which a call on each is a part."""
    called_in: float
    """Seconds for a second call on each."""
    left: int
    """Connections and files that the server still has after all were closed."""


def raise_limit(connections: int) -> None:
    """Let this process, and those that it starts, have so many open files.

    Raises:
        ValueError: the system does not let it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))


async def open_and_close(address: str, number: int) -> Idle:
    """Open so many connections to the server, call on each, and close them."""
    monitor = Monitor(address)
    free = asyncio.Semaphore(AT_ONCE)

    async def limited(
        work: Callable[[AsyncFeedClient], Awaitable[None]], client: AsyncFeedClient
    ) -> None:
        async with free:
            await work(client)

    async def call(client: AsyncFeedClient) -> None:
        assert await client.count("four") == 4

    async def on_each(do: Callable[[AsyncFeedClient], Awaitable[None]]) -> float:
        start = time.monotonic()
        await asyncio.gather(*(limited(do, client) for client in clients))
        return time.monotonic() - start

    def held() -> Counts:
        found = monitor.look().held
        assert found is not None
        return found

    # What the first connections cost once.
    async with AsyncFeedClient(f"ws://{address}") as first:
        await call(first)
        server, client = held(), counts()
    clients = [AsyncFeedClient(f"ws://{address}") for _ in range(number)]
    opened_in = await on_each(call)
    assert monitor.look().connections >= number
    full_server, full_client = held(), counts()
    called_in = await on_each(call)
    await on_each(AsyncFeedClient.aclose)
    after = await asyncio.to_thread(monitor.settled, 1, server)
    monitor.close()
    return Idle(
        connections=number,
        server_bytes=1024 * (full_server.kilobytes - server.kilobytes) // number,
        client_bytes=1024 * (full_client.kilobytes - client.kilobytes) // number,
        opened_in=opened_in,
        called_in=called_in,
        left=after.files - server.files,
    )


def measure(number: int) -> Idle:
    """Run a server and a client with so many connections, each in its own process."""
    raise_limit(number)
    with listening("tests.e2e.faults.service", "once") as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.idle", f"{number}", address],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return msgspec.json.decode(done.stdout, type=Idle)


def main(number: int = 10_000, address: str | None = None) -> None:
    if address is not None:
        raise_limit(number)
        found = asyncio.run(open_and_close(address, number))
        print(msgspec.json.encode(found).decode())
        return
    idle = measure(number)
    print(
        f"{idle.connections} idle connections: {idle.server_bytes / 1024:.1f} KiB each "
        f"in the server, {idle.client_bytes / 1024:.1f} KiB each in the client; opened "
        f"and called in {idle.opened_in:.1f} s, called again in {idle.called_in:.1f} s"
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else 10_000, *arguments[1:])
