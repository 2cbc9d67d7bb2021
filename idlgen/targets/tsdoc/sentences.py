"""Texts of a schema and of this target, one after the other on a line."""

from __future__ import annotations

from collections.abc import Iterable

_ENDS = (".", "!", "?", ":", "…", "。")


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, each but the last ended by a mark."""
    told = [part for part in parts if part]
    if len(told) < 2:
        return told[0] if told else ""
    return " ".join([*map(_ended, told[:-1]), *told[-1:]])


def _ended(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."
