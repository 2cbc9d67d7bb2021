"""An ASGI 3 app around a dispatcher: one endpoint that answers calls sent as POST."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeAlias

from idlgen.runtime.auth import Authenticate
from idlgen.runtime.server.compression import packed, unpacked
from idlgen.runtime.server.cors import Cors, checked_origins
from idlgen.runtime.server.dispatcher import (
    DEFAULT_BATCH_CONCURRENCY,
    DEFAULT_MAX_BATCH,
    DEFAULT_MAX_CONCURRENT,
    DEFAULT_THREADS,
    Dispatcher,
)
from idlgen.runtime.server.event_response import EventResponse, accepts_events
from idlgen.runtime.server.handshake import refuse
from idlgen.runtime.server.health import Health, Ready
from idlgen.runtime.server.http import (
    JSON,
    NO_CONTENT,
    OK,
    Response,
    cut_off,
    refusal,
    refused_head,
    too_large,
    too_slow,
)
from idlgen.runtime.server.idempotency.keys import KeyStore
from idlgen.runtime.server.interception import ServerInterceptor
from idlgen.runtime.server.interruption import Interruption, interruptible
from idlgen.runtime.server.limits import (
    DEFAULT_MAX_BODY,
    DEFAULT_MAX_CALLS,
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_READ_TIMEOUT,
    Limits,
)
from idlgen.runtime.server.reading import ClientDisconnected, SlowBody, read_body
from idlgen.runtime.server.refused_body import drop_rest
from idlgen.runtime.server.websocket import WebSockets

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

DEFAULT_PATH = "/rpc"
DEFAULT_GRACE = 30.0
"""Seconds that calls at work have to end in once the server stops."""


MOMENT = 0.01
"""Seconds that work may wait before its client is watched: to ask a database is quick."""


class Departure(Interruption):
    """Ends work with `ClientDisconnected` when the client goes."""

    _timer: asyncio.TimerHandle
    _watching: asyncio.Task[None] | None = None

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch the client, in a moment."""
        self._timer = loop.call_later(MOMENT, self._begin, loop)

    def disarm(self) -> None:
        """Watch it no more."""
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def interrupted(self) -> Exception:
        """Return that it went."""
        return ClientDisconnected()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop.create_task(self._watch())

    async def _watch(self) -> None:
        # A server that cannot even tell what comes has lost its client too.
        with suppress(Exception):
            while (await self._receive())["type"] != "http.disconnect":
                pass
        self.interrupt()


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
    `read_timeout` seconds to come. Pages of the same host may call and open WebSockets, and those of `origins`:
    `https://app.example`, or `*` for all. `gzip` takes packed requests and packs
    answers for clients that take that; a packed answer's length tells of its content.
    `lenient`, `debug`, `threads`, `discover`, `max_batch`, `batch_concurrency`,
    `authenticate`, `interceptors`, `idempotency` and `max_concurrent` are those of
    `Dispatcher`. `health` answers at `/healthz` and `/readyz`; the latter asks `ready`.

    Raises:
        TypeError, ValueError: an implementation is none, lacks a method, or two
            implement one service, a limit is too low, an origin is none, or a method
            asks who calls and there is no `authenticate`; the text says what to do.
    """
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
    known = checked_origins(origins)
    return AsgiApp(
        dispatcher,
        WebSockets(dispatcher, limits, known),
        cors=Cors(known),
        path=path,
        limits=limits,
        gzip=gzip,
        health=Health(dispatcher.load, ready) if health else None,
    )


class AsgiApp:
    """The app that `asgi_app` makes; `path` is where it answers."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        websockets: WebSockets,
        *,
        cors: Cors,
        path: str,
        limits: Limits,
        gzip: bool,
        health: Health | None,
    ) -> None:
        self._dispatcher = dispatcher
        self._websockets = websockets
        self.path = path
        self._paths = ("", "/", path)
        self._max_body = limits.max_body
        self._read_timeout = limits.read_timeout
        self._health = health
        self._cors = cors
        self._gzip = gzip

    async def drain(self, grace: float = DEFAULT_GRACE) -> bool:
        """Take no more calls; return whether those at work ended within `grace` seconds.

        From now on `/readyz` is 503, calls are answered `unavailable`, and WebSockets
        are refused. Open ones are closed (1001) when their calls have ended, or the
        seconds have passed.
        """
        self._dispatcher.load.drain()
        ending = asyncio.ensure_future(self._websockets.shut_down(grace))
        try:
            async with asyncio.timeout(grace):
                await self._dispatcher.load.idle()
        except TimeoutError:
            return False
        finally:
            await ending
        return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection as ASGI 3 says."""
        match scope["type"]:
            case "http":
                await self._serve_http(scope, receive, send)
            case "lifespan":
                await self._serve_lifespan(receive, send)
            case "websocket":
                await self._serve_websocket(scope, receive, send)
            case other:
                raise ValueError(f"ASGI scope {other!r} is not supported")

    async def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        send = self._cors.marking(headers, send)
        events = None
        if "accept" in headers and accepts_events(headers["accept"]):
            events = EventResponse(send)
        try:
            response = await self._respond(scope, headers, receive, events)
        except ClientDisconnected:
            return
        except asyncio.CancelledError:
            # The server ends: what it would say by itself is 500.
            if not self._dispatcher.load.is_draining:
                raise
            response = cut_off()
        if events is not None and events.has_started:
            return
        await send(
            {
                "type": "http.response.start",
                "status": int(response.status),
                "headers": response.raw_headers(),
            }
        )
        body = {"type": "http.response.body", "body": response.body}
        if response.awaits_rest:
            await send({**body, "more_body": True})
            await drop_rest(receive, self._max_body)
            body["body"] = b""
        await send(body)

    async def _serve_websocket(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._is_here(scope):
            await self._websockets.serve(scope, _headers(scope), receive, send)
        else:
            await receive()
            await refuse(scope, send, self._elsewhere())

    async def _respond(
        self,
        scope: Scope,
        headers: Mapping[str, str],
        receive: Receive,
        events: EventResponse | None,
    ) -> Response:
        """Return the response, unless a stream of `events` has become it."""
        method = scope["method"]
        if method != "POST" and self._health is not None:
            told = await self._health.response(method, _path(scope))
            if told is not None:
                return told
        if not self._is_here(scope):
            return self._elsewhere()
        refused = self._cors.preflight(method, headers) or refused_head(
            method, headers, self._max_body, takes_gzip=self._gzip
        )
        if refused is not None:
            return refused
        try:
            read = await read_body(receive, self._max_body, self._read_timeout)
        except SlowBody:
            return too_slow(self._read_timeout)
        if read is None:
            return too_large(self._max_body)
        if "content-encoding" in headers:
            body = unpacked(read, headers, self._max_body)
            if isinstance(body, Response):
                return body
            read = body
        work = self._dispatcher.dispatch(read, headers, events)
        if events is not None:
            work = events.carry(work)
        answer = await interruptible(work, Departure(receive))
        if answer is None:
            return Response(NO_CONTENT)
        response = Response(OK, answer, JSON)
        return packed(response, headers) if self._gzip else response

    def _elsewhere(self) -> Response:
        return refusal(HTTPStatus.NOT_FOUND, f"calls are served at {self._paths[-1]}")

    def _is_here(self, scope: Scope) -> bool:
        """Return whether the request is for this endpoint.

        A router of Starlette names what it chose in the scope; then the path is its
        business. Others say only which part of the path was theirs.
        """
        if scope.get("endpoint") is self:
            return True
        return _path(scope) in self._paths

    async def _serve_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                if not self._dispatcher.load.is_draining:
                    await self.drain()
                self._dispatcher.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            self._dispatcher.load.resume()
            await send({"type": "lifespan.startup.complete"})


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers, repeated ones joined (RFC 9110, 5.3).

    Their names are in lower case as they come, by ASGI's specification.
    """
    raw = scope["headers"]
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in raw}
    if len(headers) == len(raw):
        return headers
    joined: dict[str, str] = {}
    for raw_name, raw_text in raw:
        name, text = raw_name.decode("latin-1"), raw_text.decode("latin-1")
        joined[name] = f"{joined[name]}, {text}" if name in joined else text
    return joined


def _path(scope: Scope) -> str:
    """Return the part of the path that is this app's."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
