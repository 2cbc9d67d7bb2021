"""How much of a stream may be under way on a connection that others share.

Each direction of each stream starts with 64 items and 1 MiB. Whoever receives gives back
what it has passed on, with `{"jsonrpc":"2.0","method":"$/credit","params":{"id":7,"n":32}}`:
the room of `n` items, and of their bytes. An item that is larger than that goes alone.
"""

from __future__ import annotations

from collections import deque

import msgspec
from msgspec import Raw, Struct

CREDIT = "$/credit"
ITEMS = 64
BYTES = 1024 * 1024


class Credit(Struct, frozen=True):
    """The params of `$/credit`."""

    id: Raw
    n: int


class Window:
    """The sender's account: what is under way and has not been given back."""

    def __init__(self) -> None:
        self._sizes: deque[int] = deque()
        self._bytes = 0

    @property
    def has_room(self) -> bool:
        """Whether another item may be sent."""
        return len(self._sizes) < ITEMS and self._bytes < BYTES

    def spend(self, size: int) -> None:
        """Note that an item of so many bytes has been sent."""
        self._sizes.append(size)
        self._bytes += size

    def restore(self, number: int) -> None:
        """Note that the receiver gave back the room of the oldest items."""
        for _ in range(min(number, len(self._sizes))):
            self._bytes -= self._sizes.popleft()


def credit_message(call_id: bytes, number: int) -> bytes:
    """Return the message that gives back the room of so many items."""
    return b'{"jsonrpc":"2.0","method":"$/credit","params":{"id":%b,"n":%d}}' % (
        call_id,
        number,
    )


def read_credit(params: bytes) -> int:
    """Return how many items the params of `$/credit` give back; what is none gives 0."""
    try:
        return max(0, msgspec.json.decode(params, type=Credit).n)
    except (msgspec.MsgspecError, ValueError):
        return 0
