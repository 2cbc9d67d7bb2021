"""What a process holds: counted the same on both sides of a wire."""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
import gc
import sys
import threading
from pathlib import Path

from msgspec import Struct as Record


class Counts(Record, frozen=True):
    """What a process holds at one moment."""

    tasks: int
    """Tasks of asyncio that have not ended, on any loop."""
    threads: int
    files: int
    """Open files and sockets."""
    blocks: int
    """Objects that Python has allocated."""
    kilobytes: int
    """Resident memory."""


def counts() -> Counts:
    """Return what this process holds, garbage collected before."""
    for _ in range(2):
        gc.collect()
    libc = ctypes.CDLL(ctypes.util.find_library("c"))
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    blocks = sys.getallocatedblocks()
    tasks = [each for each in gc.get_objects() if isinstance(each, asyncio.Task)]
    return Counts(
        tasks=sum(not task.done() for task in tasks),
        threads=threading.active_count(),
        files=len(list(Path("/proc/self/fd").iterdir())),
        blocks=blocks,
        kilobytes=_resident_kilobytes(),
    )


def _resident_kilobytes() -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmRSS":
            return int(value.split()[0])
    raise AssertionError("the system does not say how much memory is resident")
