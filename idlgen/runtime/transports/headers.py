"""The headers of an answer, as a library of HTTP keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Headers(Mapping[str, str]):
    """Headers by their names in lower case, over a mapping that ignores their case.

    Of most answers one header is read: to copy all of them would cost more than that.
    """

    __slots__ = ("_kept",)

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept

    def __getitem__(self, name: str) -> str:
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter({name.lower(): None for name in self._kept})

    def __len__(self) -> int:
        return len({name.lower() for name in self._kept})

    def __repr__(self) -> str:
        return repr(dict(self))
