"""Servers that are told to end while calls run: who ends well, who is refused, and how."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from idlgen.runtime import Unavailable
from tests.ports import own_port
from tests.runtime.contract.feed.client import AsyncFeedClient
from tests.runtime.contract.feed.types import EventRemoved

PATIENCE = 120
"""Seconds after which a test fails instead of hanging."""
ROOT = Path(__file__).parent.parent.parent.parent
APP = "tests.e2e.shutdown.app:app"
SERVE = ["-m", "idlgen", "serve", APP, "--port", "0"]
UVICORN = ["-m", "uvicorn", APP, "--port", "0"]
GRANIAN = ["-m", "granian", APP, "--interface", "asgi", "--port"]
NAMES = ["unary", "events", "socket", "stream"]


class Server:
    """A process that serves `app`."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self._folder = folder
        self.port = int(self.line(r"http://127\.0\.0\.1:(\d+)")[1])

    def line(self, pattern: str) -> re.Match[str]:
        """Return the next line that has the pattern."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line has {pattern}")

    async def hear(self, number: int) -> None:
        """Wait until so many calls run."""
        for _ in range(number):
            await asyncio.to_thread(self.line, " runs$")

    async def let_go(self, *names: str) -> None:
        """Let the calls end."""
        for name in names:
            await asyncio.to_thread((self._folder / name).write_text, "go")

    def client(self, wire: str) -> AsyncFeedClient:
        return AsyncFeedClient(f"{wire}://127.0.0.1:{self.port}/rpc", retries=0)

    def ready(self) -> int:
        """Return the status of `/readyz`, 0 where nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    async def tell(self, number: signal.Signals) -> int:
        """Send the signal; return what `/readyz` says once it is not ready any more."""
        self.process.send_signal(number)
        while (status := await asyncio.to_thread(self.ready)) == 200:
            continue
        return status

    async def ended(self) -> tuple[int, str]:
        """Return the exit code, and what else was printed."""
        rest, _ = await asyncio.to_thread(self.process.communicate)
        return self.process.returncode, rest


@contextmanager
def serving(folder: Path, command: Sequence[str]) -> Iterator[Server]:
    for name in NAMES:
        os.mkfifo(folder / name)
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "IDLGEN_TESTS_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield Server(process, folder)
        finally:
            process.kill()


def run(talk: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(talk, PATIENCE))


async def watched(client: AsyncFeedClient, topic: str) -> list[Any]:
    async with client.watch(topic) as events:
        return [
            event.value async for event in events if isinstance(event, EventRemoved)
        ]


async def refused(client: AsyncFeedClient) -> bool:
    try:
        await client.count("quick")
    except Unavailable:
        return True
    return False


@pytest.mark.parametrize(
    ("options", "number", "code"),
    [
        ([], signal.SIGTERM, 0),
        ([], signal.SIGINT, 130),
        (["--workers", "2"], signal.SIGTERM, 0),
    ],
)
def test_serve_ends_when_its_calls_have_ended(
    tmp_path: Path, options: list[str], number: signal.Signals, code: int
) -> None:
    async def talk(server: Server) -> None:
        async with (
            server.client("http") as over_http,
            server.client("ws") as over_socket,
            server.client("http") as late_http,
            server.client("ws") as late_socket,
        ):
            calls = [
                asyncio.ensure_future(it)
                for it in (
                    over_http.count("unary"),
                    watched(over_http, "events"),
                    over_socket.count("socket"),
                    watched(over_socket, "stream"),
                )
            ]
            await server.hear(4)
            if not options:
                assert await server.tell(number) == 503
                for client in (late_http, late_socket, over_socket):
                    assert await refused(client)
            else:
                # A process without a call of its own may end at once.
                server.process.send_signal(number)
            await server.let_go(*NAMES)
            assert await asyncio.gather(*calls) == [5, [0, 1, 2], 6, [0, 1, 2]]
        assert await server.ended() == (code, "")

    with serving(tmp_path, [*SERVE, *options]) as server:
        run(talk(server))


@pytest.mark.parametrize("options", [[], ["--workers", "2"]])
def test_the_second_signal_ends_at_once(tmp_path: Path, options: list[str]) -> None:
    async def talk(server: Server) -> None:
        async with server.client("http") as client:
            call = asyncio.ensure_future(client.count("unary"))
            await server.hear(1)
            # The process without a call ends, with whoever asks whether it is ready.
            assert await server.tell(signal.SIGTERM) in ({0, 503} if options else {503})
            server.process.send_signal(signal.SIGTERM)
            with pytest.raises(Unavailable):
                await call
        assert await server.ended() == (0 if options else 143, "")

    with serving(tmp_path, [*SERVE, *options]) as server:
        run(talk(server))


def test_the_grace_is_not_longer_than_it_is(tmp_path: Path) -> None:
    async def talk(server: Server) -> None:
        async with server.client("http") as client, server.client("ws") as over_socket:
            calls = asyncio.gather(
                client.count("unary"),
                over_socket.count("socket"),
                watched(client, "events"),
                return_exceptions=True,
            )
            await server.hear(3)
            server.process.send_signal(signal.SIGTERM)
            assert [type(it) for it in await calls] == [Unavailable] * 3
        code, rest = await server.ended()
        assert code == 0
        assert "ERROR: idlgen.serve: calls did not end within 0.2 seconds" in rest
        assert "Traceback" not in rest

    with serving(tmp_path, [*SERVE, "--grace", "200ms"]) as server:
        run(talk(server))


@pytest.mark.parametrize(("name", "code"), [("uvicorn", -15), ("granian", 0)])
def test_under_other_servers_responses_are_finished(
    tmp_path: Path, name: str, code: int
) -> None:
    """They close WebSockets before they tell the app, and listen no longer."""

    async def talk(server: Server) -> None:
        while await asyncio.to_thread(server.ready) != 200:
            continue
        async with (
            server.client("http") as over_http,
            server.client("ws") as over_socket,
            server.client("http") as late,
        ):
            calls = [
                asyncio.ensure_future(it)
                for it in (over_http.count("unary"), watched(over_http, "events"))
            ]
            cut = asyncio.ensure_future(over_socket.count("socket"))
            await server.hear(3)
            assert await server.tell(signal.SIGTERM) == 0
            assert await refused(late)
            with pytest.raises(Unavailable):
                await cut
            await server.let_go("unary", "events", "socket")
            assert await asyncio.gather(*calls) == [5, [0, 1, 2]]
        assert (await server.ended())[0] == code

    with own_port() as port:
        command = UVICORN if name == "uvicorn" else [*GRANIAN, str(port)]
        with serving(tmp_path, command) as server:
            run(talk(server))


def test_another_worker_takes_the_place_of_one_that_died(tmp_path: Path) -> None:
    def workers(server: Server) -> set[str]:
        """Return the processes that serve: each child but multiprocessing's own."""
        pid = server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {it for it in children if b"spawn_main" in cmdline(it)}

    def cmdline(pid: str) -> bytes:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            # It died, and somebody has taken note.
            return b""

    async def talk(server: Server) -> None:
        while len(first := await asyncio.to_thread(workers, server)) < 2:
            continue
        for pid in first:
            os.kill(int(pid), signal.SIGKILL)
        # Nobody is left who could answer but those that take their places.
        async with server.client("http") as client:
            assert await client.with_options(timeout=PATIENCE).count("quick") == 5
        while workers(server) & first:
            continue
        server.process.send_signal(signal.SIGTERM)
        assert await server.ended() == (0, "")

    with serving(tmp_path, [*SERVE, "--workers", "2"]) as server:
        run(talk(server))
