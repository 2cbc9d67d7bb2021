"""Sync clients whose process forks while another of its threads holds their locks."""

from __future__ import annotations

import pytest

from tests.runtime.scripts import run_script

FORKING = """
import os, signal, sys, threading
from functools import partial
from types import SimpleNamespace
from idlgen.runtime.transports.http_and_websocket import HttpAndWebSocket
from idlgen.runtime.transports.in_process import InProcessTransport
from idlgen.runtime.transports.websocket_blocking import WebSocketTransport

def never():
    raise KeyError

http = SimpleNamespace(exchange=never, open_stream=never)
made = {
    "in process": (partial(InProcessTransport, None), "_starting"),
    "ws": (partial(WebSocketTransport, never), "_changing"),
    "http": (partial(HttpAndWebSocket, http, never), "_opening"),
}
make, name = made[sys.argv[1]]
transport = make()
held, over = threading.Event(), threading.Event()

def hold():
    with getattr(transport, name):
        held.set()
        over.wait()

holding = threading.Thread(target=hold)
holding.start()
held.wait()
child = os.fork()
if child == 0:
    signal.alarm(30)
    with getattr(transport, name):
        print("the child has it", flush=True)
    os._exit(0)
status = os.waitpid(child, 0)[1]
over.set()
holding.join()
with getattr(transport, name):
    print("and the parent", status)
"""


@pytest.mark.parametrize("kind", ["in process", "ws", "http"])
def test_a_lock_that_was_held_at_a_fork_is_free_in_the_child(kind: str) -> None:
    lines = run_script(FORKING, kind).stdout.splitlines()
    assert lines == ["the child has it", "and the parent 0"]
