"""Unified diffs between what stands on the disk and what belongs there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BOUND = 40
"""Lines of all diffs together that `check` prints unasked."""

_MOST_COMPARED = 2_000
"""Lines of one file, from the first that differs, that are compared unasked."""

_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}


def unified(
    path: str, old: bytes | None, new: bytes | None, *, whole: bool
) -> list[str]:
    """Return the lines of a diff that turns `old` into `new`; None is no file.

    Unless `whole`, only the beginning of what differs is compared: two long files that
    share little take quadratic time.
    """
    from difflib import unified_diff

    before, after = _lines(old), _lines(new)
    if not whole:
        end = _common(before, after) + _MOST_COMPARED
        before, after = before[:end], after[:end]
    name_before, name_after = (
        "/dev/null" if data is None else path for data in (old, new)
    )
    return list(unified_diff(before, after, name_before, name_after, lineterm=""))


def bounded(lines: Sequence[str], room: int) -> list[str]:
    """Return at most `room` of `lines`, and what is left out as a further line."""
    if len(lines) <= room:
        return list(lines)
    left = len(lines) - room
    return [*lines[:room], f"... {left} more lines; `--diff` prints all"]


def colored(lines: Iterable[str]) -> list[str]:
    """Return the lines of a diff in the colours that terminals give them."""
    return [
        f"{_COLORS[line[0]]}{line}\x1b[0m" if line[:1] in _COLORS else line
        for line in lines
    ]


def _lines(data: bytes | None) -> list[str]:
    text = (data or b"").decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many lines both begin with."""
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    return same
