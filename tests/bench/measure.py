"""Runs whole processes in turn and tells their time and memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Settings such as PYTHONDONTWRITEBYTECODE would make a checkout compile itself at each
# start, which an installed package never does.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

# A new process counts the memory of the one that started it as its own peak. So a tiny
# one starts it, which prints a last line: seconds of wall time, and ru_maxrss.
LAUNCHER = """
import os, sys, time
started = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - started
print()
print(seconds, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


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
class Rate:
    """How many a second: the median, and the slowest and fastest run.

    `peak_mib` is the memory of the client.
    """

    per_second: float
    slowest: float
    fastest: float
    peak_mib: float


@dataclass(frozen=True)
class Load:
    """Requests a second to a server, and which part of the time its core was busy."""

    per_second: float
    busy: float


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What all runs of one contender say: medians, and the fastest and slowest."""

    seconds: float
    fastest: float
    slowest: float
    peak_mib: float

    def rate(self, n: int) -> Rate:
        """Return how many a second that is, if `n` were done in these seconds."""
        return Rate(
            per_second=n / self.seconds,
            slowest=n / self.slowest,
            fastest=n / self.fastest,
            peak_mib=self.peak_mib,
        )


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
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *contender.command],
        cwd=contender.cwd,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    *output, last = (line for line in done.stdout.splitlines() if line)
    if done.returncode != 0:
        raise RuntimeError("\n".join([" ".join(contender.command), *output, last]))
    seconds, peak = last.split()
    # ru_maxrss is in KiB, on macOS in bytes.
    mib = float(peak) / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(float(output[-1] if contender.printed else seconds), mib)


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
