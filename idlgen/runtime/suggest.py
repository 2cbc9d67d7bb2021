"""Did-you-mean for what a peer sent; the compiler's own stands apart from the runtime."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LISTED = 8
MAX_COMPARED = 100
"""Longer words are not looked for: the comparison takes the square of their length."""
MAX_CANDIDATES = 500
"""Among more names only those that differ in case, `_` or `-` are looked for."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the half-sentence that leads from `word` to what was probably meant.

    Where nothing is near and there is little to choose from, it lists all; else it is
    empty. It begins with `; ` so that it can be appended to a message.
    """
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return f"; did you mean `{near}`?"
    if 0 < len(names) <= MAX_LISTED:
        return f"; known are {', '.join(f'`{name}`' for name in names)}"
    return ""


def shown(word: str) -> str:
    """Return a peer's text as a message shows it: quoted, in one line, not long."""
    text = word if len(word) <= MAX_COMPARED else f"{word[:MAX_COMPARED]}…"
    return f"`{text}`" if text.isprintable() else f"`{ascii(text)[1:-1]}`"


def nearest(word: str, names: list[str]) -> str | None:
    """Return the name that `word` was probably meant to be, or None.

    One that differs only in case, `_` or `-` wins; else the closest by `difflib`'s
    ratio, if it is at least 0.6.
    """
    if len(word) > MAX_COMPARED:
        return None
    folded = _fold(word)
    for name in names:
        if _fold(name) == folded:
            return name
    if len(names) > MAX_CANDIDATES:
        return None
    from difflib import get_close_matches

    close = get_close_matches(word, names, n=1, cutoff=0.6)
    return close[0] if close else None


def nearest_path(name: str, names: list[str]) -> str | None:
    """Return the name with dots that `name` was probably meant to be, or None.

    Its last part is near by itself: the rest, which all of them share, says nothing.
    """
    near = nearest(name, names)
    if near is None:
        return None
    return near if nearest(_last(name), [_last(near)]) is not None else None


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _fold(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
