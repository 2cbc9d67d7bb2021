"""The thread that sync clients have async work done on, and how it ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import CancelledError

import pytest

from idlgen.runtime.transports.loop_thread import LoopThread

AMPLE = 60.0


async def given(value: int) -> int:
    await asyncio.sleep(0)
    return value


def test_work_is_done_on_the_loop() -> None:
    thread = LoopThread("tests")
    assert thread.wait_for(given(7)) == 7
    assert thread.begin(given(8)).result(AMPLE) == 8
    thread.stop()
    assert not thread.is_alive()
    thread.stop()


def test_what_is_begun_while_the_loop_ends_is_refused_at_once() -> None:
    thread = LoopThread("tests")
    begun, ending, refused = threading.Event(), threading.Event(), threading.Event()

    async def lingering() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            # The loop stands here, neither running nor closed.
            ending.set()
            assert refused.wait(AMPLE)

    doing = thread.begin(lingering())
    assert begun.wait(AMPLE)
    stopping = threading.Thread(target=thread.stop)
    stopping.start()
    assert ending.wait(AMPLE)
    with pytest.raises(RuntimeError, match="this client is closed"):
        thread.wait_for(given(1))
    refused.set()
    stopping.join(AMPLE)
    assert not stopping.is_alive()
    with pytest.raises(CancelledError):
        doing.result(AMPLE)


def test_who_waits_when_the_loop_ends_is_told_so() -> None:
    thread = LoopThread("tests")
    begun = threading.Event()

    async def stop_and_wait() -> None:
        begun.set()
        await asyncio.Event().wait()

    def stop() -> None:
        assert begun.wait(AMPLE)
        thread.stop()

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(RuntimeError, match="this client is closed"):
        thread.wait_for(stop_and_wait())
    stopping.join(AMPLE)


def test_however_many_begin_as_it_ends_nobody_waits_for_ever() -> None:
    for _ in range(20):
        thread = LoopThread("tests")
        outcomes: list[int | str] = []

        def call(thread: LoopThread = thread, seen: list[int | str] = outcomes) -> None:
            try:
                while True:
                    thread.wait_for(given(1))
            except RuntimeError as error:
                seen.append(str(error))

        callers = [threading.Thread(target=call) for _ in range(4)]
        for caller in callers:
            caller.start()
        thread.wait_for(given(1))
        thread.stop()
        for caller in callers:
            caller.join(AMPLE)
        assert outcomes == ["this client is closed"] * 4


FORK = """
import asyncio, os
from idlgen.runtime.transports.loop_thread import LoopThread
thread = LoopThread("tests")
child = os.fork()
if child == 0:
    try:
        thread.wait_for(asyncio.sleep(0))
    except RuntimeError:
        os._exit(7)
    os._exit(0)
status = os.waitpid(child, 0)[1]
thread.wait_for(asyncio.sleep(0))
thread.stop()
print(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_process_is_told_that_the_thread_is_not_there() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK], capture_output=True, text=True, timeout=120
    )
    assert (done.stdout, done.stderr) == ("7\n", "")
