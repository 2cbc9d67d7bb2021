"""An implementation of the service that asks who calls."""

from __future__ import annotations

from collections.abc import AsyncIterator

from idlgen.runtime import ParamStream, current_call
from tests.runtime.contract.guarded.server import Vault


def caller() -> str:
    """Return who calls."""
    principal = current_call().principal
    return "nobody" if principal is None else principal.name


class Strongroom(Vault):
    """Tells who calls, and keeps which handlers have run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def _run(self, what: str) -> str:
        self.ran.append(what)
        return caller()

    async def hello(self) -> str:
        return self._run("hello")

    def look(self) -> str:
        return self._run("look")

    async def store(self, what: str) -> str:
        return self._run("store")

    async def post(self, what: str) -> str:
        return self._run("post")

    async def watch(self, count: int) -> AsyncIterator[str]:
        name = self._run("watch")
        for _ in range(count):
            yield name

    async def upload(self, items: ParamStream[str]) -> str:
        name = self._run("upload")
        async for _ in items:
            pass
        return name

    async def talk(self, words: ParamStream[str]) -> AsyncIterator[str]:
        name = self._run("talk")
        async for word in words:
            yield f"{name} {word}"
