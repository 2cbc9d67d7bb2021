"""How the example services are served."""

from __future__ import annotations

import socket

import uvicorn

from idlgen.runtime import asgi_app


async def serve(implementation: object, port: int) -> None:
    """Serve until interrupted; port 0 takes any that is free.

    Prints the URL as soon as calls can be made: from then on the socket listens, so
    what comes before uvicorn is up waits for it.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        # An answer is two writes: without this the second waits for the client's next
        # acknowledgement. A server that opens the socket itself sets it by itself.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/rpc", flush=True)
        config = uvicorn.Config(asgi_app(implementation), log_level="warning")
        await uvicorn.Server(config).serve(sockets=[listener])
