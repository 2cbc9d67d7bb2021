"""Servers in processes of their own, started once for all tests that call them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SERVERS = ["uvicorn", "granian"]
PATIENCE = 30
"""Seconds until a server is killed that was told to end."""


@contextmanager
def served(root: Path, server: str) -> Iterator[str]:
    """Run the service of `contract.served`; yield `127.0.0.1:<port>`."""
    command = [sys.executable, "-m", "tests.runtime.contract.served", server]
    with subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"{server} did not start"
            await_listening(process, int(port))
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                # With the worker that it would leave behind.
                os.killpg(process.pid, signal.SIGKILL)


def await_listening(process: subprocess.Popen[str], port: int) -> None:
    """Wait until the process takes connections: granian starts its app before."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        else:
            return
    pytest.fail("the server ended")


@pytest.fixture(scope="session", params=SERVERS)
def websocket_url(request: pytest.FixtureRequest, root: Path) -> Iterator[str]:
    """The URL of `contract.served` under each server, by WebSocket."""
    with served(root, request.param) as address:
        yield f"ws://{address}"
