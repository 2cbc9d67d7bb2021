"""The client's process: ``python -m tests.e2e.faults.caller NAME KIND TIMES URLS``.

Has the fault happen 20 times, and then until it has happened TIMES times. Prints, as
JSON, what each side held after both; ends otherwise where a fault was not the error that
it should be.
"""

from __future__ import annotations

import sys

import msgspec
import pytest
from msgspec import Struct as Record

from idlgen.runtime.transports import websocket, websocket_handshake
from tests.e2e.faults.counting import Counts, counts
from tests.e2e.faults.faults import FAULTS, Fault
from tests.e2e.faults.scene import Scene, Urls, leaks, wait_until

FEW = 20


class Sides(Record, frozen=True):
    """What both sides hold at one moment."""

    client: Counts
    server: Counts


class Outcome(Record, frozen=True):
    """What they hold after a few faults, and after many."""

    few: Sides
    many: Sides


def outcome(fault: Fault, scene: Scene, times: int) -> Outcome:
    with fault.begin(scene) as once:

        def sides(number: int, before: Sides | None) -> Sides:
            for _ in range(number):
                once()
            # One connection is the monitor's.
            server = scene.monitor.settled(
                1 + fault.connections, None if before is None else before.server
            )
            client = counts()
            if before is not None and leaks(before.client, client):
                wait_until(lambda: not leaks(before.client, counts()))
                client = counts()
            return Sides(client, server)

        few = sides(FEW, None)
        return Outcome(few, sides(times - FEW, few))


def main(name: str, kind: str, times: str, urls: str) -> None:
    scene = Scene(kind, msgspec.json.decode(urls, type=Urls))
    # What is measured is what is left, not the pauses.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(websocket, "backoff", lambda _: 0)
        patch.setattr(websocket_handshake, "PATIENCE", 0.02)
        found = outcome(FAULTS[name], scene, int(times))
    print(msgspec.json.encode(found).decode())
    scene.monitor.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
