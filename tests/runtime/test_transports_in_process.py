"""Clients of an object in the same process: everything but the socket."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from idlgen.runtime.errors import DeadlineExceeded
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.in_process import (
    AsyncInProcessTransport,
    InProcessTransport,
)
from idlgen.runtime.transports.local_stream import LocalPort
from tests.hurry import lengthening

AMPLE = 30.0


class Echo:
    """Answers with the body; waits at ``wait``, calls `inner` at ``inner``."""

    def __init__(self) -> None:
        self.closed = 0
        self.headers: list[Mapping[str, str]] = []
        self.loops: set[int] = set()
        self.waiting = threading.Event()
        self.cancelled = threading.Event()
        self.inner: Callable[[], object] | None = None

    async def dispatch(
        self, body: bytes, headers: Mapping[str, str], port: LocalPort | None = None
    ) -> bytes | None:
        assert port is None
        self.headers.append(headers)
        self.loops.add(id(asyncio.get_running_loop()))
        if body == b"wait":
            self.waiting.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.set()
        if body == b"inner" and self.inner is not None:
            self.inner()
        return None if body == b"notify" else body

    def close(self) -> None:
        self.closed += 1


JSON = {"content-type": "application/json"}


def posting(
    body: bytes,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = AMPLE,
) -> Request:
    """Return the request of one call."""
    return Request(ids=(1,), body=body, headers=headers or {}, timeout=timeout)


def test_the_answer_comes_as_over_http_sync() -> None:
    echo = Echo()
    transport = InProcessTransport(echo)
    answered = transport.exchange(posting(b"1", {"x-a": "1"}))
    assert answered == Reply(status=200, headers=JSON, body=b"1")
    taken = transport.exchange(posting(b"notify", timeout=None))
    assert taken == Reply(status=204, headers={}, body=b"")
    assert echo.headers == [{"x-a": "1"}, {}]
    transport.close()


def test_the_answer_comes_as_over_http_async() -> None:
    async def run() -> None:
        transport = AsyncInProcessTransport(Echo())
        answered = await transport.exchange(posting(b"1"))
        assert answered == Reply(status=200, headers=JSON, body=b"1")
        taken = await transport.exchange(posting(b"notify", timeout=None))
        assert taken == Reply(status=204, headers={}, body=b"")
        await transport.aclose()

    asyncio.run(run())


def test_a_late_answer_is_cancelled_sync() -> None:
    echo = Echo()
    transport = InProcessTransport(echo)
    for seconds in lengthening(0.05):
        with pytest.raises(DeadlineExceeded):
            transport.exchange(posting(b"wait", timeout=seconds))
        if echo.cancelled.wait(seconds):
            break
    transport.close()


def test_a_late_answer_is_cancelled_async() -> None:
    echo = Echo()

    async def run() -> None:
        with pytest.raises(DeadlineExceeded):
            await AsyncInProcessTransport(echo).exchange(posting(b"wait", timeout=0.05))

    asyncio.run(run())
    assert echo.cancelled.is_set()


def test_sync_calls_work_from_many_threads_and_in_a_running_loop() -> None:
    echo = Echo()
    transport = InProcessTransport(echo)

    async def call() -> bytes:
        return transport.exchange(posting(b"in a loop")).body

    assert asyncio.run(call()) == b"in a loop"
    bodies = [b"%d" % number for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        replies = threads.map(lambda body: transport.exchange(posting(body)), bodies)
        assert [reply.body for reply in replies] == bodies
    assert len(echo.loops) == 1
    transport.close()


def test_a_handler_that_would_wait_for_itself_is_told_so() -> None:
    echo = Echo()
    transport = InProcessTransport(echo)
    echo.inner = lambda: transport.exchange(posting(b"1"))
    with pytest.raises(RuntimeError, match="await an async client instead"):
        transport.exchange(posting(b"inner"))
    transport.close()


def test_close_ends_the_calls_closes_the_dispatcher_and_refuses_later_calls() -> None:
    echo = Echo()
    transport = InProcessTransport(echo)
    with ThreadPoolExecutor(1) as threads:
        pending = threads.submit(transport.exchange, posting(b"wait", timeout=None))
        assert echo.waiting.wait(AMPLE)
        transport.close()
        with pytest.raises(RuntimeError, match="this client is closed"):
            pending.result(AMPLE)
    assert echo.cancelled.is_set()
    assert echo.closed == 1
    with pytest.raises(RuntimeError, match="this client is closed"):
        transport.exchange(posting(b"1"))


def test_async_close_closes_the_dispatcher_and_refuses_later_calls() -> None:
    echo = Echo()

    async def run() -> None:
        transport = AsyncInProcessTransport(echo)
        await transport.aclose()
        with pytest.raises(RuntimeError, match="this client is closed"):
            await transport.exchange(posting(b"1"))

    asyncio.run(run())
    assert echo.closed == 1


FORKING = """
import os
from idlgen.runtime.transports import Request
from idlgen.runtime.transports.in_process import InProcessTransport

class Echo:
    async def dispatch(self, body, headers):
        return body
    def close(self):
        pass

transport = InProcessTransport(Echo())

def call(body):
    return transport.exchange(Request(ids=(1,), body=body, headers={}, timeout=30.0))

print(call(b"parent").body, flush=True)
child = os.fork()
if child == 0:
    print(call(b"child").body, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(call(b"parent").body, flush=True)
transport.close()
"""


def test_a_forked_child_gets_a_loop_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["b'parent'", "b'child'", "b'parent'"]
