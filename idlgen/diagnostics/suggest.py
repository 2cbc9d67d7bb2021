"""Did-you-mean."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LENGTH = 100
MAX_CANDIDATES = 1_000


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `word` was probably meant to be, or None.

    A candidate that differs only in case or in underscores wins; else the closest by
    `difflib`'s ratio, if it is at least 0.67. Nothing is near a text that is no name, or
    is sought among more names than anybody has: comparing them would take minutes.
    """
    from difflib import get_close_matches

    known = [name for name in dict.fromkeys(candidates) if len(name) <= MAX_LENGTH]
    if len(word) > MAX_LENGTH or len(known) > MAX_CANDIDATES:
        return None
    folded = _fold(word)
    for candidate in known:
        if _fold(candidate) == folded:
            return candidate
    close = get_close_matches(word, known, n=1, cutoff=0.67)
    return close[0] if close else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Return the hint that names the nearest candidate, or None if none is near."""
    found = nearest(word, candidates)
    return None if found is None else f"did you mean `{found}`?"


def _fold(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
