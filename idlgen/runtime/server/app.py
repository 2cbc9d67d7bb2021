"""Making an app of implementations, with all of its options."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.runtime.auth import Authenticate
from idlgen.runtime.server.asgi import DEFAULT_PATH, AsgiApp
from idlgen.runtime.server.cors import Cors, checked_origins
from idlgen.runtime.server.dispatcher import (
    DEFAULT_BATCH_CONCURRENCY,
    DEFAULT_MAX_BATCH,
    DEFAULT_MAX_CONCURRENT,
    DEFAULT_THREADS,
    Dispatcher,
)
from idlgen.runtime.server.health import Health, Ready
from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.interception import ServerInterceptor
from idlgen.runtime.server.limits import (
    DEFAULT_MAX_BODY,
    DEFAULT_MAX_CALLS,
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_READ_TIMEOUT,
    Limits,
)
from idlgen.runtime.server.websocket import WebSockets


def asgi_app(
    *implementations: object,
    lenient: bool = False,
    debug: bool = False,
    max_body: int = DEFAULT_MAX_BODY,
    path: str = DEFAULT_PATH,
    threads: int = DEFAULT_THREADS,
    discover: bool = True,
    max_batch: int = DEFAULT_MAX_BATCH,
    batch_concurrency: int = DEFAULT_BATCH_CONCURRENCY,
    max_calls: int = DEFAULT_MAX_CALLS,
    origins: Sequence[str] = (),
    gzip: bool = False,
    authenticate: Authenticate | None = None,
    interceptors: Sequence[ServerInterceptor] = (),
    idempotency: KeyStore | None = None,
    max_connections: int = DEFAULT_MAX_CONNECTIONS,
    max_concurrent: int = DEFAULT_MAX_CONCURRENT,
    read_timeout: float = DEFAULT_READ_TIMEOUT,
    health: bool = True,
    ready: Ready | None = None,
) -> AsgiApp:
    """Return an app that serves the implementations: `uvicorn.run(asgi_app(users))`.

    By itself the app answers at `path` and at `/`. In an app of Starlette or FastAPI it
    answers wherever a router sends it: `app.mount("/api", asgi_app(users))` gives
    `/api/rpc`, `app.router.routes.append(Route("/rpc", asgi_app(users)))` exactly that.

    It answers HTTP and WebSocket alike. `max_body` is in bytes, of a request over HTTP
    and of a message over WebSocket, where a client may have `max_calls` calls in
    flight, and `max_connections` clients a WebSocket. The body of a request has
    `read_timeout` seconds to come. Pages of the same host may call and open WebSockets,
    and those of `origins`: `https://app.example`, or `*` for all. `gzip` takes packed
    requests and packs answers for clients that take that; a packed answer's length
    tells of its content.
    `lenient`, `debug`, `threads`, `discover`, `max_batch`, `batch_concurrency`,
    `authenticate`, `interceptors`, `idempotency` and `max_concurrent` are those of
    `Dispatcher`. `health` answers at `/healthz` and `/readyz`; the latter asks `ready`.

    Raises:
        TypeError, ValueError: an implementation is none, lacks a method, or two
            implement one service, a limit is too low, an origin is none, or a method
            asks who calls and there is no `authenticate`, or an option is of another
            kind; the text says what to do.
    """
    _check_path(path)
    dispatcher = Dispatcher(
        *implementations,
        lenient=lenient,
        debug=debug,
        threads=threads,
        discover=discover,
        max_batch=max_batch,
        batch_concurrency=batch_concurrency,
        authenticate=authenticate,
        interceptors=interceptors,
        idempotency=idempotency,
        max_concurrent=max_concurrent,
    )
    limits = Limits(
        max_body=max_body,
        max_calls=max_calls,
        max_connections=max_connections,
        read_timeout=read_timeout,
    )
    if ready is not None and not callable(ready):
        raise TypeError(f"`ready` is a function, not a {type(ready).__qualname__}")
    known = checked_origins(origins)
    return AsgiApp(
        dispatcher,
        WebSockets(dispatcher, limits, known),
        cors=Cors(known) if known else None,
        path=path,
        limits=limits,
        gzip=gzip,
        health=Health(dispatcher.load, ready) if health else None,
    )


def _check_path(path: object) -> None:
    if not isinstance(path, str):
        raise TypeError(f"`path` is a text such as {DEFAULT_PATH!r}, not {path!r}")
    if not path.startswith("/"):
        raise ValueError(f"`path` begins with a slash: give {f'/{path}'!r}")
