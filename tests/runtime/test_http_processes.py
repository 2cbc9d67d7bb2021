"""HTTP transports in processes that fork, or forget to close them."""

from __future__ import annotations

import pytest

from tests.runtime.http_servers import AMPLE, echoing, serving
from tests.runtime.scripts import run_script

FORKING = """
import os, sys
from idlgen.runtime.transports.blocking import Urllib3Transport
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.request import Request
import urllib3
pool = urllib3.PoolManager() if sys.argv[2] == "own pool" else None
transport = Urllib3Transport(parse_endpoint(sys.argv[1]), max_response_bytes=99, pool=pool)

def posting(body):
    return Request(ids=(1,), body=body, headers={}, timeout=30.0)

def call(who):
    try:
        text = transport.exchange(posting(who)).body.decode()
    except RuntimeError as error:
        text = f"{type(error).__name__}: {error}"
    print(text, flush=True)

call(b"parent")
child = os.fork()
if child == 0:
    call(b"child")
    call(b"child")
    transport.close()
    os._exit(0)
os.waitpid(child, 0)
call(b"parent")
"""


def test_a_forked_child_opens_connections_of_its_own() -> None:
    with serving(echoing) as server:
        lines = run_script(FORKING, server.url, "").stdout.splitlines()
    assert lines == ["1:parent", "2:child", "2:child", "1:parent"]


def test_a_forked_child_may_not_use_the_callers_pool() -> None:
    with serving(echoing) as server:
        lines = run_script(FORKING, server.url, "own pool").stdout.splitlines()
    assert lines[0] == lines[3] == "1:parent"
    assert lines[1] == lines[2]
    assert lines[1].startswith("RuntimeError: this client was made before the process")


FORGETTING = """
import asyncio, gc, sys, warnings
from idlgen.runtime.transports.asynchronous import AiohttpTransport
from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.request import Request

warnings.simplefilter(sys.argv[2], ResourceWarning)
kept = []

async def main():
    transport = AiohttpTransport(parse_endpoint(sys.argv[1]), max_response_bytes=99)
    await transport.exchange(Request(ids=(1,), body=b"1", headers={}, timeout=30.0))
    if sys.argv[3] == "dropped at once":
        del transport
        gc.collect()
        await asyncio.sleep(0.01)
    elif sys.argv[3] == "outlives its loop":
        kept.append(transport)

asyncio.run(main())
kept.clear()
gc.collect()
"""


@pytest.mark.parametrize(
    "when", ["dropped at once", "dropped with its loop", "outlives its loop"]
)
def test_a_forgotten_async_transport_is_closed_without_noise(when: str) -> None:
    with serving(echoing) as server:
        quiet = run_script(FORGETTING, server.url, "ignore", when)
        assert quiet.stderr == ""
        assert server.ends.acquire(timeout=AMPLE)


def test_a_forgotten_async_transport_gives_one_warning() -> None:
    with serving(echoing) as server:
        loud = run_script(FORGETTING, server.url, "always", "dropped at once")
    assert loud.stderr.count(f"ResourceWarning: unclosed client of {server.url}") == 1
    assert "Unclosed" not in loud.stderr
