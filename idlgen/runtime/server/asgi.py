"""An ASGI 3 app around a dispatcher: one endpoint that answers calls sent as POST."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from idlgen.runtime.server.compression import packed, unpacked
from idlgen.runtime.server.cors import Cors
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.server.event_response import EventResponse, accepts_events
from idlgen.runtime.server.exchange import (
    ClientDisconnected,
    Exchange,
    SlowBody,
    Watch,
)
from idlgen.runtime.server.handshake import refuse
from idlgen.runtime.server.health import Health
from idlgen.runtime.server.http import (
    Heads,
    Response,
    answered,
    cut_off,
    no_post,
    refusal,
    too_large,
    too_slow,
)
from idlgen.runtime.server.interruption import continued
from idlgen.runtime.server.limits import Limits
from idlgen.runtime.server.refused_body import drop_rest
from idlgen.runtime.server.scope import Receive, Scope, Send, headers_of, path_of
from idlgen.runtime.server.websocket import WebSockets

START = "http.response.start"
BODY = "http.response.body"

DEFAULT_PATH = "/rpc"
DEFAULT_GRACE = 30.0
"""Seconds that calls at work have to end in once the server stops."""


class AsgiApp:
    """The app that `asgi_app` makes.

    `path` is where it answers, `max_body` the most bytes that it takes of a request, and
    of a message over WebSocket.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        websockets: WebSockets,
        *,
        cors: Cors | None,
        path: str,
        limits: Limits,
        gzip: bool,
        health: Health | None,
    ) -> None:
        self._dispatcher = dispatcher
        self._websockets = websockets
        self.path = path
        self._paths = ("", "/", path)
        self.max_body = limits.max_body
        self._read_timeout = limits.read_timeout
        self._health = health
        self._cors = cors
        self._gzip = gzip
        self._heads = Heads(limits.max_body, takes_gzip=gzip)

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
        if scope["type"] != "http":
            await self._serve_otherwise(scope, receive, send)
            return
        headers = headers_of(scope)
        if self._cors is not None:
            send = self._cors.marking(headers, send)
        events = None
        if "accept" in headers and accepts_events(headers["accept"]):
            events = EventResponse(send)
        exchange = Exchange(receive, self._read_timeout)
        try:
            work = self._respond(scope, headers, exchange, events)
            try:
                awaited = work.send(None)
            except StopIteration as end:
                response: Response = end.value
            else:
                response = await continued(work, awaited, Watch(exchange))
        except ClientDisconnected:
            return
        except SlowBody:
            response = too_slow(self._read_timeout)
        except asyncio.CancelledError:
            # The server ends: what it would say by itself is 500.
            if not self._dispatcher.load.is_draining:
                raise
            response = cut_off()
        if events is not None and events.has_started:
            return
        status, body = response.status, response.body
        await send({"type": START, "status": status, "headers": response.headers})
        if response.awaits_rest:
            await send({"type": BODY, "body": body, "more_body": True})
            await drop_rest(receive, self.max_body)
            body = b""
        await send({"type": BODY, "body": body})

    async def _serve_otherwise(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        match scope["type"]:
            case "lifespan":
                await self._serve_lifespan(receive, send)
            case "websocket":
                await self._serve_websocket(scope, receive, send)
            case other:
                raise ValueError(f"ASGI scope {other!r} is not supported")

    async def _serve_websocket(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._is_here(scope):
            await self._websockets.serve(scope, headers_of(scope), receive, send)
        else:
            await receive()
            await refuse(scope, send, self._elsewhere())

    async def _respond(
        self,
        scope: Scope,
        headers: Mapping[str, str],
        exchange: Exchange,
        events: EventResponse | None,
    ) -> Response:
        """Return the response, unless a stream of `events` has become it."""
        if scope["method"] != "POST":
            return await self._respond_otherwise(scope, headers, exchange)
        if scope["path"] not in self._paths and not self._is_here(scope):
            return self._elsewhere()
        refused = self._heads.refusal(headers)
        if refused is not None:
            return refused
        message = await exchange.receive()
        body: bytes | None = message.get("body")
        if body is None or message.get("more_body", False):
            body = await exchange.rest(message, self.max_body)
        if body is None or len(body) > self.max_body:
            return too_large(self.max_body)
        exchange.has_come()
        if "content-encoding" in headers:
            content = unpacked(body, headers, self.max_body)
            if isinstance(content, Response):
                return content
            body = content
        work = self._dispatcher.dispatch(body, headers, events)
        answer = await (work if events is None else events.carry(work))
        if self._gzip and answer is not None:
            return packed(answer, headers)
        return answered(answer)

    async def _respond_otherwise(
        self, scope: Scope, headers: Mapping[str, str], exchange: Exchange
    ) -> Response:
        """Return the response to a request that is no POST, and so no call."""
        exchange.has_come()
        method = scope["method"]
        if self._health is not None:
            told = await self._health.response(method, path_of(scope))
            if told is not None:
                return told
        if not self._is_here(scope):
            return self._elsewhere()
        if method == "OPTIONS" and self._cors is not None:
            asked = self._cors.preflight(headers)
            if asked is not None:
                return asked
        return no_post(method)

    def _elsewhere(self) -> Response:
        return refusal(HTTPStatus.NOT_FOUND, f"calls are served at {self._paths[-1]}")

    def _is_here(self, scope: Scope) -> bool:
        """Return whether the request is for this endpoint.

        A router of Starlette names what it chose in the scope; then the path is its
        business. Others say only which part of the path was theirs.
        """
        return path_of(scope) in self._paths or scope.get("endpoint") is self

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
