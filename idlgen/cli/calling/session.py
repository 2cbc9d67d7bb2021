"""One call: the channel that it goes over, the streams both ways, what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import click
from msgspec import Struct

from idlgen.cli.calling.arguments import WrongData, read_items
from idlgen.cli.calling.results import (
    Results,
    print_error,
    print_json,
    print_problems,
)
from idlgen.cli.calling.wire import (
    Silence,
    Streaming,
    WatchedTransport,
    Wire,
    WireLog,
)
from idlgen.cli.console import Console
from idlgen.cli.failures import CannotRun
from idlgen.runtime.calling import Params
from idlgen.runtime.channel import Channel
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import DeadlineExceeded, RpcError
from idlgen.runtime.opening import open_channel
from idlgen.runtime.options import CallOptions
from idlgen.runtime.streams import ResultStream
from idlgen.runtime.transports.endpoint import parse_endpoint


class Session:
    """Calls one server, and prints what comes of it."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        console: Console,
        *,
        wire: bool,
        as_json: bool,
    ) -> None:
        """Open no connection yet; `as_json` prints for programs.

        Raises:
            click.UsageError: the URL or a header is none.
            CannotRun: a library is not installed.
        """
        self._console = console
        self._as_json = as_json
        log: Wire = WireLog(console) if wire else Silence()
        try:
            endpoint = parse_endpoint(url)
            self._channel = open_channel(url, headers=headers)
            if wire:
                from idlgen.cli.calling.watched_socket import watch_websockets

                watch_websockets(log)
        except ValueError as error:
            raise click.UsageError(f"{_sentence(error)}.") from None
        except ImportError as error:
            raise CannotRun(str(error)) from None
        opened = self._channel.transport
        assert isinstance(opened, Streaming)
        self._transport = WatchedTransport(opened, endpoint.url, log)
        self._channel.transport = self._transport

    def call(self, method: Method[object], params: Struct, options: CallOptions) -> int:
        """Make the call and print its result or its error; return the exit code."""
        results = Results(method, self._console, compact=self._as_json)
        return self._ended(
            partial(_make, self._channel, method, params, options, results)
        )

    def call_untyped(self, name: str, params: Params, timeout: float | None) -> int:
        """Do the same for a method of which only the name is known."""
        channel = self._channel
        if timeout is not None:
            channel = channel.with_defaults(timeout=timeout)
        return self._ended(partial(self._make_untyped, channel, name, params))

    def _make_untyped(self, channel: Channel, name: str, params: Params) -> None:
        # Python's own encoder takes integers of any size, as they came.
        result = json.dumps(channel.untyped(name, params), ensure_ascii=False)
        print_json(result.encode(), self._console, compact=self._as_json)

    def _ended(self, make: Callable[[], None]) -> int:
        """Return the exit code of the call that `make` makes."""
        try:
            make()
        except WrongData as wrong:
            print_problems(
                wrong.what, wrong.problems, self._console, as_json=self._as_json
            )
            return 2
        except RpcError as error:
            print_error(error, self._console, as_json=self._as_json)
            return 1 if self._was_made(error) else 2
        except ImportError as error:
            raise CannotRun(str(error)) from None
        return 0

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def _was_made(self, error: RpcError) -> bool:
        """Whether the call failed, not what came before it."""
        return self._transport.has_answered or isinstance(error, DeadlineExceeded)


def _make(
    channel: Channel,
    method: Method[object],
    params: Struct,
    options: CallOptions,
    results: Results,
) -> None:
    if not method.streams:
        results.whole(channel.unary(method, params, options))
    elif method.stream_param is None:
        _print_items(channel.stream(method, params, options), results)
    elif method.stream_result:
        items = _items(method)
        two_way = channel.two_way_stream(method, params, items, options)
        _print_items(two_way, results)
    else:
        items = _items(method)
        results.whole(channel.client_stream(method, params, items, options))


def _print_items(stream: ResultStream[object], results: Results) -> None:
    with stream as items:
        for item in items:
            if not results.item(item):
                break


def _items(method: Method[object]) -> Iterable[object]:
    if sys.stdin.isatty() and method.stream_param is not None:
        click.echo(
            f"{method.stream_param.name}: one item of JSON a line, Ctrl-D ends them",
            err=True,
        )
    return read_items(method, sys.stdin.buffer)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
