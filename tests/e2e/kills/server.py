"""A server that is killed and started again: ``python -m tests.e2e.kills.server``.

Its arguments are the path of the database, the descriptor of a listening socket, and how
often it is killed: by SIGKILL, at a moment or at a point in the life of a call that it
draws anew each time. For each it prints which. Then it serves until it is told to stop.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
import threading
import time
from secrets import token_hex
from typing import Any

import uvicorn

from idlgen.runtime import SqliteKeys, asgi_app, current_call
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    Held,
    Kept,
    Key,
    OtherParams,
)
from tests.runtime.contract.accounts import user
from tests.runtime.contract.user import types
from tests.runtime.contract.user.server import UserServiceUnimplemented

POINTS = ["a moment", "claimed", "written", "in the transaction", "kept"]
LEASE = 0.2
LONGEST_LIFE = 0.25
"""Seconds; a life that ends at a point has at most as many passages as it has 20ths."""


class Death:
    """When this process dies: once it has passed a point so often, or at a moment."""

    def __init__(self) -> None:
        self.point = random.choice(POINTS)
        self._passages = random.randint(1, 8)
        if self.point == "a moment":
            wait = random.uniform(0, LONGEST_LIFE)
            threading.Timer(wait, self._die).start()

    def passes(self, point: str) -> None:
        if point == self.point:
            self._passages -= 1
            if not self._passages:
                self._die()

    def _die(self) -> None:
        print(self.point, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


class Immortal(Death):
    """Does not die."""

    def __init__(self) -> None:
        self.point = ""


class Keys(SqliteKeys):
    """The store, and the points at which its process may die."""

    def __init__(self, path: str, death: Death) -> None:
        super().__init__(path, transactional=True, lease=LEASE)
        self._death = death

    async def claim(self, key: Key, digest: bytes) -> Claim | Kept | Held | OtherParams:
        found = await super().claim(key, digest)
        if isinstance(found, Claim):
            self._death.passes("claimed")
        return found

    async def keep(self, claim: Claim, answer: bytes) -> bool:
        self._death.passes("written")
        is_kept = await super().keep(claim, answer)
        self._death.passes("kept")
        return is_kept


class Ledger(UserServiceUnimplemented):
    """Writes down what it does: with a key in the call's transaction, else at once."""

    def __init__(self, keys: SqliteKeys, death: Death) -> None:
        self._keys = keys
        self._death = death

    def delete_user(self, id: int) -> bool:
        with self._keys.transaction() as db:
            self._write(db)
            time.sleep(random.uniform(0, 0.005))
        return True

    async def update_user(
        self, id: int, user_data: types.UserDataPartial
    ) -> types.User:
        return user(id, await self._written())

    async def create_user(self, user_data: types.UserData) -> types.User:
        if current_call().idempotency_key is not None:
            return user(0, await self._written())
        async with self._keys.transaction() as db:
            db.execute("INSERT INTO runs VALUES (?)", [user_data.name])
        await asyncio.sleep(random.uniform(0, 0.02))
        return user(0, user_data.name)

    async def _written(self) -> str:
        async with self._keys.transaction() as db:
            written = self._write(db)
            await asyncio.sleep(random.uniform(0, 0.005))
        return written

    def _write(self, db: Any) -> str:
        written = token_hex(8)
        key = current_call().idempotency_key
        db.execute("INSERT INTO writes VALUES (?, ?)", [key, written])
        self._death.passes("in the transaction")
        return written


def serve(path: str, descriptor: int, death: Death) -> None:
    keys = Keys(path, death)
    app = asgi_app(Ledger(keys, death), idempotency=keys)
    config = uvicorn.Config(app, log_level="critical", lifespan="off")
    listener = socket.socket(fileno=os.dup(descriptor))
    uvicorn.Server(config).run(sockets=[listener])


def main(path: str, descriptor: str, kills: str) -> None:
    for _ in range(int(kills)):
        child = os.fork()
        if not child:
            serve(path, int(descriptor), Death())
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"the server ended otherwise: {status}")
    print("no more", flush=True)
    serve(path, int(descriptor), Immortal())


if __name__ == "__main__":
    main(*sys.argv[1:])
