"""A line on the terminal while work is long, erased when it is done."""

from __future__ import annotations

import sys
from threading import Timer
from types import TracebackType

from idlgen.cli.console import Console

PATIENCE = 1.0
"""Seconds after which somebody wonders whether anything happens."""


class Progress:
    """Shows a line on stderr from the time that work has become long until it ends."""

    def __init__(self, console: Console, line: str, patience: float = PATIENCE) -> None:
        self._line = line
        self._shown = False
        self._timer = Timer(patience, self._show) if console.shows_progress else None

    def __enter__(self) -> None:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _show(self) -> None:
        self._shown = True
        print(self._line, end="", file=sys.stderr, flush=True)
