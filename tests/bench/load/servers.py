"""The servers under load: `python -m tests.bench.load.servers NAME`. Prints its port."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import msgspec

from examples.user_service import HONG, UsersInMemory
from generated_examples.user._service import USER_SERVICE
from generated_examples.user.types import User
from idlgen.runtime import asgi_app
from idlgen.runtime.auth import Principal, known_tokens
from idlgen.runtime.protocols.jsonrpc.answers import result_answer
from idlgen.runtime.protocols.jsonrpc.requests import Address
from tests.bench.calls.servers import serve_asgi
from tests.bench.load import rivals
from tests.bench.load.requests import TOKEN


class Awaiting(UsersInMemory):
    """Waits one turn of the loop, as a handler does that asks a database."""

    async def get_user_by_id(self, id: int) -> User:
        await asyncio.sleep(0)
        return await super().get_user_by_id(id)


def idlgen(users: UsersInMemory) -> Any:
    """Return the app of users whose callers show a bearer token."""
    for method in USER_SERVICE.methods:
        # As the generated code has it where the schema says `auth: bearer`.
        method.auth = "bearer"
    return asgi_app(users, authenticate=known_tokens({TOKEN: Principal("bench")}))


APPS = {
    "bare echo": lambda: rivals.echo(
        result_answer(Address(b"1"), msgspec.json.encode(HONG))
    ),
    "idlgen": lambda: idlgen(UsersInMemory()),
    "idlgen, awaiting once": lambda: idlgen(Awaiting()),
    "FastAPI": rivals.fastapi,
    "FastAPI, asking who calls": rivals.fastapi_asking,
    "fastapi-jsonrpc": rivals.fastapi_jsonrpc,
    "pjrpc": rivals.pjrpc,
    "jsonrpcserver": rivals.jsonrpcserver,
}

if __name__ == "__main__":
    serve_asgi(APPS[sys.argv[1]]())
