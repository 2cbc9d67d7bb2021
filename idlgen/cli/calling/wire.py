"""What `--wire` shows: the messages of a call as they are sent, and heads of HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Protocol, runtime_checkable

from idlgen.cli.console import Console
from idlgen.emit.invisible import visible
from idlgen.runtime.sensitive import HIDDEN
from idlgen.runtime.transports import Reply, Request, Transport
from idlgen.runtime.transports.streaming import (
    Messages,
    StreamTransport,
    TwoWayMessages,
    TwoWayTransport,
)

SENT, RECEIVED = ">", "<"
SECRET_HEADERS = (
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
)


class Wire(Protocol):
    """Is told what goes over the wire; `arrow` is SENT or RECEIVED."""

    def head(
        self, arrow: str, line: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> None:
        """Take the head of an HTTP message, and the body that came with it."""
        ...

    def message(self, arrow: str, body: bytes) -> None:
        """Take a message of a WebSocket, or of a stream of events."""
        ...


class Silence:
    """Shows nothing."""

    def head(
        self, arrow: str, line: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> None:
        """Show nothing."""

    def message(self, arrow: str, body: bytes) -> None:
        """Show nothing."""


class WireLog:
    """Prints all of it on stderr, without credentials."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def head(
        self, arrow: str, line: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> None:
        """Print the head, an empty line and the body."""
        lines = [line, *map(_header, headers)]
        self._print(arrow, [*lines, "", *_lines(body)] if body else lines)

    def message(self, arrow: str, body: bytes) -> None:
        """Print the message."""
        self._print(arrow, _lines(body))

    def _print(self, arrow: str, lines: Iterable[str]) -> None:
        text = "\n".join(f"{arrow} {visible(line)}".rstrip() for line in lines)
        self._console.warn(text)


def _header(header: tuple[str, str]) -> str:
    name, value = header
    return f"{name}: {HIDDEN if name.lower() in SECRET_HEADERS else value}"


def _lines(body: bytes) -> Iterator[str]:
    # Only what ends a line on a terminal; the rest is made visible.
    yield from body.decode("utf-8", "backslashreplace").rstrip("\n").split("\n")


@runtime_checkable
class Streaming(Transport, StreamTransport, TwoWayTransport, Protocol):
    """A transport that carries all that a call can be."""


class WatchedTransport:
    """Hands everything on, shows what goes by HTTP, and knows whether an answer came.

    What a proxy says, or a server that knows no such path, is no answer.
    """

    def __init__(self, inner: Streaming, url: str, wire: Wire) -> None:
        """`url` is where `inner` sends requests; a WebSocket shows its own messages."""
        self._inner = inner
        self._url = url
        self._wire = wire
        self._own_wire: Wire = wire if url.startswith("http") else Silence()
        self.has_answered = False

    def exchange(self, request: Request) -> Reply:
        """Send the request; see `Transport.exchange`."""
        self._show_request(request)
        return self._shown(self._inner.exchange(request))

    def open_stream(self, request: Request) -> Messages | Reply:
        """Send the request; see `StreamTransport.open_stream`."""
        self._show_request(request)
        opened = self._inner.open_stream(request)
        if isinstance(opened, Reply):
            return self._shown(opened)
        return _Watched(opened, self, self._own_wire)

    def open_two_way(self, request: Request) -> TwoWayMessages:
        """Send the request; see `TwoWayTransport.open_two_way`."""
        return _WatchedTwoWay(self._inner.open_two_way(request), self, Silence())

    def close(self) -> None:
        """Close the transport."""
        self._inner.close()

    def _show_request(self, request: Request) -> None:
        headers = request.headers.items()
        self._own_wire.head(SENT, f"POST {self._url}", headers, request.body)

    def _shown(self, reply: Reply) -> Reply:
        self.has_answered |= reply.status == HTTPStatus.OK or reply.is_json
        line = _status_line(reply.status)
        self._own_wire.head(RECEIVED, line, reply.headers.items(), reply.body)
        return reply


class _Watched:
    """The messages of one stream."""

    def __init__(
        self, inner: Messages, transport: WatchedTransport, wire: Wire
    ) -> None:
        self._inner = inner
        self._transport = transport
        self._wire = wire

    def receive(self) -> Sequence[bytes]:
        """Return the messages that have come; see `Messages.receive`."""
        messages = self._inner.receive()
        if messages:
            self._transport.has_answered = True
        for message in messages:
            self._wire.message(RECEIVED, message)
        return messages

    def close(self, *, is_whole: bool) -> None:
        """End the stream; see `Messages.close`."""
        self._inner.close(is_whole=is_whole)


class _WatchedTwoWay(_Watched):
    """The same, both ways."""

    def __init__(
        self, inner: TwoWayMessages, transport: WatchedTransport, wire: Wire
    ) -> None:
        super().__init__(inner, transport, wire)
        self._both = inner

    def send(self, message: bytes) -> bool:
        """Send a message; see `TwoWayMessages.send`."""
        return self._both.send(message)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
