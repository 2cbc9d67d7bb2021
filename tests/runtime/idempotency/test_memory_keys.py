"""The bounds of the store in memory."""

from __future__ import annotations

import asyncio

import pytest

from idlgen.runtime.server.idempotency.keys import Claim, Held, Kept, Key
from idlgen.runtime.server.idempotency.memory import MemoryKeys


def key(text: str) -> Key:
    return Key(principal="", method="user.UserService.createUser", text=text)


async def claim_of(keys: MemoryKeys, text: str) -> Claim:
    found = await keys.claim(key(text), b"")
    assert isinstance(found, Claim)
    return found


async def answered(keys: MemoryKeys, text: str, answer: bytes = b"1") -> None:
    assert await keys.keep(await claim_of(keys, text), answer)


async def known(keys: MemoryKeys, texts: str) -> str:
    """Return which of the keys are not free; those that are stay so."""
    found = ""
    for text in texts:
        state = await keys.claim(key(text), b"")
        if isinstance(state, Claim):
            await keys.release(state)
        else:
            found += text
    return found


def test_the_oldest_answers_go_first() -> None:
    async def main() -> None:
        keys = MemoryKeys(max_keys=2)
        for text in "abc":
            await answered(keys, text)
        assert await known(keys, "abc") == "bc"
        assert len(keys) == 2

    asyncio.run(main())


def test_abandoned_keys_count_too() -> None:
    async def main() -> None:
        keys = MemoryKeys(max_keys=2)
        for text in "abc":
            await keys.abandon(await claim_of(keys, text))
        assert len(keys) == 2

    asyncio.run(main())


def test_handlers_that_run_are_never_forgotten() -> None:
    async def main() -> None:
        keys = MemoryKeys(max_keys=1)
        running = await claim_of(keys, "a")
        for text in "bcd":
            await answered(keys, text)
        assert await keys.claim(key("a"), b"") == Held()
        assert await keys.keep(running, b"1")
        assert await known(keys, "abcd") == "a"

    asyncio.run(main())


def test_answers_have_a_size_together_and_the_latest_is_kept_whatever_its_own() -> None:
    async def main() -> None:
        keys = MemoryKeys(max_bytes=10)
        await answered(keys, "a", b"12345")
        await answered(keys, "b", b"12345")
        assert await known(keys, "ab") == "ab"
        await answered(keys, "c", b"1")
        assert await known(keys, "abc") == "bc"
        await answered(keys, "d", b"1" * 100)
        assert await known(keys, "abcd") == "d"
        assert await keys.claim(key("d"), b"") == Kept(b"1" * 100)
        await answered(keys, "e", b"1")
        await answered(keys, "f", b"123456789")
        assert await known(keys, "abcdef") == "ef"

    asyncio.run(main())


@pytest.mark.parametrize(
    "make",
    [
        lambda: MemoryKeys(max_keys=0),
        lambda: MemoryKeys(keep=0),
        lambda: MemoryKeys(keep=float("nan")),
    ],
)
def test_there_is_room_for_a_key(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="at least 1"):
        make()
