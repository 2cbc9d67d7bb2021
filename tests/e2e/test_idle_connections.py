"""Idle WebSockets cost little and answer at once; `python -m tests.bench.idle` has 10,000."""

from __future__ import annotations

from tests.bench import idle

CONNECTIONS = 500
ENOUGH = 64 * 1024
"""Bytes that one may take on either side; about half of that is measured."""


def test_idle_connections_are_cheap_and_alive() -> None:
    found = idle.measure(CONNECTIONS)
    assert found.connections == CONNECTIONS
    assert 0 < found.server_bytes < ENOUGH
    assert 0 < found.client_bytes < ENOUGH
    assert found.left <= 0
