"""The server's process as it is started, told to end, killed and looked at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from tests.e2e.faults.scene import wait_until
from tests.e2e.soak.service import DATABASE
from tests.runtime.contract.mill.client import MillClient
from tests.runtime.contract.mill.types import Held

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0


class Server:
    """One process of `idlgen serve`; what it says on stderr goes into `errors`."""

    def __init__(self, port: int, database: Path, errors: IO[bytes]) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "idlgen", "serve"),
                *("tests.e2e.soak.service:app", "--port", str(port)),
            ],
            cwd=ROOT,
            env={**os.environ, DATABASE: str(database)},
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(b"serving "):
            self.end(signal.SIGKILL)
            raise RuntimeError(f"the server did not start: {line!r}")

    def end(self, how: signal.Signals) -> str | None:
        """End it; return what is wrong with how it ended."""
        self._process.send_signal(how)
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return f"the server did not end within {PATIENCE:.0f} s of {how.name}"
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()
        if code in ENDS[how]:
            return None
        return f"the server ended with {code} of {how.name}"


ENDS = {
    # uvicorn sends itself the signal again when it has ended in good form.
    signal.SIGTERM: (-signal.SIGTERM, 0, 128 + signal.SIGTERM),
    signal.SIGKILL: (-signal.SIGKILL,),
}


class Monitor:
    """Looks at the server while no client calls it."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def settled(self, before: Held | None = None) -> Held:
        """Return what the server holds once no handler runs.

        Given what it held `before` any client was there, wait until it holds no more
        tasks and files; what it does not give back in a minute stays.
        """
        found: list[Held] = []

        def is_settled() -> bool:
            held = mill.held()
            found[:] = [held]
            return held.begun == held.ended and (
                before is None
                or (held.tasks <= before.tasks and held.files <= before.files)
            )

        with MillClient(self._url) as mill, suppress(AssertionError):
            wait_until(is_settled)
        return found[0]
