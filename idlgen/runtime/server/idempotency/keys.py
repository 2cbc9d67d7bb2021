"""What a store of idempotency keys does, and what it hands out.

A key is claimed before its handler runs, and the claim ends in one of three ways: the
answer is kept, and every repetition gets it; it is released, for nothing was done; it is
abandoned, for nobody knows what was done. A claim whose process died counts as abandoned
as soon as the store finds out. It may be claimed again, which ends the older claim: what
that one would still keep is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, runtime_checkable

from msgspec import Struct as Record


class Key(Record, frozen=True, kw_only=True):
    """A caller's key and what it counts for: who called, and which method.

    `principal` is the name of who called, empty where nobody asks; `method` is the full
    name, `user.UserService.createUser`.
    """

    principal: str
    method: str
    text: str


class Claim(Record, frozen=True, kw_only=True):
    """The right to run the handler for a key.

    No two claims have the same `token`. `is_repeated` says that an earlier claim was
    abandoned or lost: its handler may have run, in whole or in part.
    """

    key: Key
    token: str
    is_repeated: bool = False


class Kept(Record, frozen=True):
    """The answer that the key has."""

    answer: bytes


class Held(Record, frozen=True):
    """The handler runs for this key right now, here or in another process."""


class OtherParams(Record, frozen=True):
    """The key was used for a call with other params."""


class ClaimLost(Exception):
    """The claim has ended: another one took its place, or the call was given up."""

    def __init__(self) -> None:
        super().__init__("this call no longer holds its idempotency key")


@runtime_checkable
class KeyStore(Protocol):
    """Remembers the answers to calls with idempotency keys.

    Its methods may be called from any event loop, and none of them may block it. What
    they raise is logged. Where `claim` or `keep` raised, the call is answered
    `unavailable`; where `release` or `abandon` did, as it ended.
    """

    @property
    def transactional(self) -> bool:
        """Whether a lost claim left nothing behind, whatever its method.

        So it is where all that handlers do is done in a transaction that commits with
        the answer. Else only methods that are `idempotent` are run again.
        """
        ...

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        """Claim the key for a call, or say what there is of it, without waiting.

        `digest` tells the call's params from others (SHA-256). A task that is cancelled
        meanwhile leaves no claim.
        """
        ...

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        """Keep the answer; return False, and keep nothing, where the claim has ended.

        Where it raises, the claim is abandoned.
        """
        ...

    async def release(self, claim: Claim) -> None:
        """Forget the claim: nothing was done. A claim that has ended is left alone."""
        ...

    async def abandon(self, claim: Claim) -> None:
        """End the claim without an answer: the next one will be `is_repeated`."""
        ...


@contextmanager
def claimed(claim: Claim) -> Iterator[None]:
    """Make this the claim of the handler that runs in the block."""
    token = _current.set(claim)
    try:
        yield
    finally:
        _current.reset(token)


def current_claim() -> Claim | None:
    """Return the claim of the call that is served here, if it came with a key."""
    return _current.get()


_current: ContextVar[Claim | None] = ContextVar("idlgen_current_claim", default=None)
