"""The servers that the bench calls: `python -m tests.bench.calls.servers NAME STUBS`.

Prints its port as soon as it can be called. STUBS is the folder of protoc's output.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, MutableMapping
from types import SimpleNamespace
from typing import Any

from examples.user_service import HONG, UsersInMemory
from idlgen.runtime import asgi_app
from tests.bench.calls import by_hand, stubs
from tests.bench.calls.by_hand import Answer, Item, ItemParams
from tests.runtime.contract.feed.server import FeedUnimplemented
from tests.runtime.contract.feed.types import Event, EventPosted, Post

TEXT = "a few words, as long as most are"


class Posts(FeedUnimplemented):
    """Streams posts as fast as they are read."""

    async def watch(self, topic: str, *, limit: int = 3) -> AsyncIterator[Event]:
        for number in range(limit):
            yield EventPosted(value=Post(id=number, text=TEXT))


def serve_idlgen() -> None:
    """Serve both methods with idlgen, as its users do."""
    serve_asgi(asgi_app(UsersInMemory(), Posts()))


def serve_asgi_by_hand() -> None:
    """Serve both methods over HTTP with nothing but uvicorn and msgspec."""
    serve_asgi(app_by_hand)


async def serve_websockets_by_hand() -> None:
    """Serve both methods over WebSocket with nothing but websockets and msgspec."""
    from websockets.asyncio.server import serve

    async with serve(answer_socket, "127.0.0.1", 0, compression=None) as server:
        announce(next(iter(server.sockets)).getsockname()[1])
        await server.serve_forever()


async def serve_grpc() -> None:
    """Serve both methods with grpc.aio and what protoc wrote."""
    import grpc

    messages, services = stubs.load(sys.argv[2])
    hong = messages.User(
        id=HONG.id, name=HONG.name, email=HONG.email, roles=[messages.ADMIN]
    )
    hong.created_at.FromDatetime(HONG.created_at)

    async def get_user_by_id(request: Any, context: Any) -> Any:
        return hong

    async def watch(request: Any, context: Any) -> AsyncIterator[Any]:
        for number in range(request.limit):
            yield messages.Event(posted=messages.Post(id=number, text=TEXT))

    calls = SimpleNamespace(GetUserById=get_user_by_id, Watch=watch)
    server = grpc.aio.server()
    services.add_CallsServicer_to_server(calls, server)
    announce(server.add_insecure_port("127.0.0.1:0"))
    await server.start()
    await server.wait_for_termination()


def serve_asgi(app: Any) -> None:
    """Run an app under uvicorn as the extra `server` installs it.

    It opens the socket: then TCP_NODELAY is set, see `examples.serving`.
    """
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            announce(self.servers[0].sockets[0].getsockname()[1])

    Announcing(uvicorn.Config(app, port=0, log_level="warning")).run()


async def app_by_hand(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise ValueError("only HTTP is served")
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    request = by_hand.decode_request(body)
    if request.method == by_hand.GET_USER:
        answer = by_hand.encode(Answer(request.id, HONG))
        await send(head(b"application/json", (b"content-length", b"%d" % len(answer))))
        await send({"type": "http.response.body", "body": answer})
        return
    await send(head(b"text/event-stream"))
    async for item in items(request):
        event = b"data: %b\n\n" % item
        await send({"type": "http.response.body", "body": event, "more_body": True})
    await send({"type": "http.response.body"})


def head(kind: bytes, *headers: tuple[bytes, bytes]) -> dict[str, object]:
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", kind), *headers],
    }


async def answer_socket(connection: Any) -> None:
    async for text in connection:
        request = by_hand.decode_request(text)
        if request.method == by_hand.GET_USER:
            await connection.send(by_hand.encode(Answer(request.id, HONG)), text=True)
            continue
        async for item in items(request):
            await connection.send(item, text=True)


async def items(request: by_hand.Request) -> AsyncIterator[bytes]:
    for number in range(request.params.limit):
        event = EventPosted(value=Post(id=number, text=TEXT))
        yield by_hand.encode(Item(ItemParams(request.id, event)))


def announce(port: int) -> None:
    print(port, flush=True)


SERVERS: dict[str, Callable[[], None]] = {
    "idlgen": serve_idlgen,
    "asgi by hand": serve_asgi_by_hand,
    "websockets by hand": lambda: asyncio.run(serve_websockets_by_hand()),
    "grpc": lambda: asyncio.run(serve_grpc()),
}

if __name__ == "__main__":
    SERVERS[sys.argv[1]]()
