"""Runs whole processes in turn and tells their time and memory."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A command to measure; `prepare` is called before each run and not timed.

    If `printed`, what counts is not the process's time but the number of seconds that
    it prints.
    """

    command: Sequence[str]
    cwd: Path
    prepare: Callable[[], None] = lambda: None
    printed: bool = False


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall time, and the most MiB that stayed in memory."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What all runs of one contender say: medians, and the fastest and slowest."""

    seconds: float
    fastest: float
    slowest: float
    peak_mib: float


def interleaved(
    contenders: Mapping[str, Contender], runs: int
) -> dict[str, Measurement]:
    """Measure all `contenders` `runs` times, each once a round, after a round to warm up.

    Taking turns spreads the machine's moods over all of them.
    """
    taken: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(runs + 1):
        for name, contender in contenders.items():
            run = once(contender)
            if number > 0:
                taken[name].append(run)
        progress(f"round {number} of {runs}")
    return {name: measurement(done) for name, done in taken.items()}


def once(contender: Contender) -> Run:
    """Run a contender once.

    Raises:
        RuntimeError: it failed; the message holds what it printed.
    """
    contender.prepare()
    started = time.perf_counter()
    with subprocess.Popen(
        contender.command,
        cwd=contender.cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(contender.command)}\n{output}")
    if contender.printed:
        seconds = float(output)
    return Run(seconds, peak_mib(usage))


def peak_mib(usage: resource.struct_rusage) -> float:
    """Return the resident peak in MiB: ru_maxrss is in KiB, on macOS in bytes."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def measurement(runs: Sequence[Run]) -> Measurement:
    seconds = [run.seconds for run in runs]
    return Measurement(
        seconds=statistics.median(seconds),
        fastest=min(seconds),
        slowest=max(seconds),
        peak_mib=statistics.median(run.peak_mib for run in runs),
    )


def progress(text: str) -> None:
    """Tell on stderr how far it is."""
    print(f"  {text}", file=sys.stderr)
