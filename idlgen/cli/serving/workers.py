"""Several processes that serve on one socket, and end together."""

from __future__ import annotations

import signal
import socket
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType

from uvicorn import Config
from uvicorn._subprocess import get_subprocess
from uvicorn.supervisors import ChangeReload

from idlgen.cli.serving.draining import (
    STOPPING,
    DrainingServer,
    exit_code,
    hear_no_more,
)

CANNOT_RUN = 2
STARTUP_FAILURE = 3
"""With this code a process leaves that would do the same when it is started again."""
INTERVAL = 0.5
"""Seconds within which a signal or a process that died is noticed."""


class Workers:
    """Starts as many processes as are asked for, and another for each that dies."""

    def __init__(self, config: Config, listener: socket.socket, grace: float) -> None:
        self._config = config
        self._listener = listener
        self._grace = grace
        self._processes: list[SpawnProcess] = []
        self._stopped_by: int | None = None

    def run(self) -> int:
        """Serve until a signal comes; return the exit code.

        The processes end as `DrainingServer` does. A second signal kills them.
        """
        for number in STOPPING:
            signal.signal(number, self._hear)
        self._processes = [self._start() for _ in range(self._config.workers)]
        failed = False
        while self._stopped_by is None and not failed:
            wait([each.sentinel for each in self._processes], INTERVAL)
            failed = self._replace_dead()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        return CANNOT_RUN if failed else exit_code(self._stopped_by)

    def _start(self) -> SpawnProcess:
        server = DrainingServer(self._config, self._grace, is_worker=True)
        process = get_subprocess(self._config, server.run, [self._listener])
        process.start()
        return process

    def _replace_dead(self) -> bool:
        """Start processes for those that died; return whether that would not help."""
        for place, process in enumerate(self._processes):
            if process.exitcode is None or self._stopped_by is not None:
                continue
            if process.exitcode == STARTUP_FAILURE:
                return True
            self._processes[place] = self._start()
        return False

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._stopped_by is not None:
            hear_no_more()
            for process in self._processes:
                process.kill()
        self._stopped_by = number


class Reloading:
    """One process, started anew after each change of a file."""

    def __init__(self, config: Config, listener: socket.socket, grace: float) -> None:
        server = DrainingServer(config, grace, is_worker=True)
        self._reload = ChangeReload(config, server.run, [listener])
        # It has no other place for what hears signals.
        vars(self._reload)["signal_handler"] = self._hear
        self._stopped_by: int | None = None

    def run(self) -> int:
        """Serve until a signal comes, as `Workers` do; return the exit code."""
        self._reload.run()
        return exit_code(self._stopped_by)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._stopped_by is not None:
            hear_no_more()
            self._reload.process.kill()
        self._stopped_by = number
        self._reload.should_exit.set()
