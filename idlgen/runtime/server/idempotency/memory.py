"""Idempotency keys in the memory of one process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from itertools import count
from threading import Lock

from msgspec import Struct as Record

from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    OtherParams,
)

DAY = 24 * 60 * 60.0
DEFAULT_MAX_KEYS = 10_000
DEFAULT_MAX_BYTES = 64 * 1024 * 1024


class MemoryKeys:
    """Remembers keys as long as the process lives, and no more than fit.

    Kept are the latest `max_keys`, whose answers have at most `max_bytes` together, for
    `keep` seconds. The latest is kept whatever its size.
    """

    transactional = False

    def __init__(
        self,
        *,
        max_keys: int = DEFAULT_MAX_KEYS,
        max_bytes: int = DEFAULT_MAX_BYTES,
        keep: float = DAY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` counts seconds.

        Raises:
            ValueError: `max_keys` or `keep` leaves room for no key.
        """
        if max_keys < 1 or not keep > 0:
            raise ValueError("`max_keys` is at least 1, and `keep` above 0")
        self._max_keys = max_keys
        self._max_bytes = max_bytes
        self._keep = keep
        self._clock = clock
        self._tokens = count(1)
        self._held: dict[Key, _Held] = {}
        self._settled: OrderedDict[Key, _Settled] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held) + len(self._settled)

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        """Claim the key, or say what there is of it; see `KeyStore.claim`."""
        with self._lock:
            self._drop_old()
            known = self._held.get(key) or self._settled.get(key)
            if known is not None and known.digest != digest:
                return OtherParams()
            if isinstance(known, _Held):
                return Held()
            if known is not None and known.answer is not None:
                return Kept(known.answer)
            self._forget(key)
            token = str(next(self._tokens))
            self._held[key] = _Held(digest, token)
            return Claim(key=key, token=token, is_repeated=known is not None)

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        """Keep the answer if the claim still holds; see `KeyStore.keep`."""
        return self._end(claim, answer)

    async def release(self, claim: Claim) -> None:
        """Forget the claim; see `KeyStore.release`."""
        with self._lock:
            held = self._held.get(claim.key)
            if held is not None and held.token == claim.token:
                del self._held[claim.key]

    async def abandon(self, claim: Claim) -> None:
        """End the claim without an answer; see `KeyStore.abandon`."""
        self._end(claim, None)

    def _end(self, claim: Claim, answer: bytes | None) -> bool:
        with self._lock:
            held = self._held.get(claim.key)
            if held is None or held.token != claim.token:
                return False
            del self._held[claim.key]
            self._bytes += len(answer or b"")
            self._settled[claim.key] = _Settled(held.digest, answer, self._clock())
            self._drop_most()
            return True

    def _drop_old(self) -> None:
        oldest = self._clock() - self._keep
        while self._settled and next(iter(self._settled.values())).since <= oldest:
            self._forget(next(iter(self._settled)))

    def _drop_most(self) -> None:
        while len(self._settled) > 1 and (
            len(self._settled) > self._max_keys or self._bytes > self._max_bytes
        ):
            self._forget(next(iter(self._settled)))

    def _forget(self, key: Key) -> None:
        settled = self._settled.pop(key, None)
        if settled is not None:
            self._bytes -= len(settled.answer or b"")


class _Held(Record, frozen=True):
    """A key whose handler runs."""

    digest: bytes
    token: str


class _Settled(Record, frozen=True):
    """A key with its answer, or with none where its claim was abandoned."""

    digest: bytes
    answer: bytes | None
    since: float
