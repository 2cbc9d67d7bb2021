"""The options of commands that serve: where to listen, and for how much."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click
from msgspec import Struct as Record

Function = TypeVar("Function", bound=Callable[..., Any])

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")

_SIZE = re.compile(r"([0-9]{1,15})(|KiB|MiB|GiB)")
_UNITS = {"": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return the bytes that `65536`, `64KiB` or `4MiB` says.

    Raises:
        click.BadParameter: it says none.
    """
    if value is None:
        return None
    match = _SIZE.fullmatch(value)
    found = int(match[1]) * _UNITS[match[2]] if match else 0
    if found == 0:
        text = f"'{value}' is no size: write 65536, 64KiB or 4MiB."
        raise click.BadParameter(text, ctx, param)
    return found


def absolute_path(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    """Return the path of a URL.

    Raises:
        click.BadParameter: it does not begin with a slash, or holds what ends a path.
    """
    if value is not None and not re.fullmatch(r"/[!-~]*", value):
        raise click.BadParameter(f"'{value}' is no path such as '/rpc'.", ctx, param)
    return value


def not_empty(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Return the text.

    Raises:
        click.UsageError: it is empty, as an unset variable of a shell leaves it.
    """
    if not value:
        raise click.UsageError(f"--{param.name} is empty.", ctx)
    return value


class ServerLimits(Record, frozen=True, kw_only=True):
    """What a server does besides its app: seconds, and how many connections."""

    idle_timeout: float = 75.0
    grace: float = 30.0
    max_connections: int = 10_000


LIMITS = ServerLimits()


def duration(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Return the seconds that `30s` or `1m30s` says.

    Raises:
        click.BadParameter: it says none.
    """
    from idlgen.syntax.durations import parse_duration

    found = parse_duration(value)
    if not found:
        text = f"'{value}' is no duration: write 30s, 500ms or 1m30s."
        raise click.BadParameter(text, ctx, param)
    return found.total_seconds()


_OPTIONS = (
    click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        metavar="HOST",
        callback=not_empty,
        help="Listen there; 0.0.0.0 is for other machines too.",
    ),
    click.option(
        "--port",
        default=8000,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="0 takes any that is free.",
    ),
    click.option(
        "--path",
        metavar="PATH",
        callback=absolute_path,
        help="Where calls are answered; /rpc by default.",
    ),
    click.option(
        "--log-level",
        default="warning",
        show_default=True,
        type=click.Choice(LOG_LEVELS),
        help="How much is told on stderr; info has a line for each request.",
    ),
)


_LIMITS = (
    click.option(
        "--grace",
        default="30s",
        show_default=True,
        metavar="DURATION",
        callback=duration,
        help="For calls that run when the server is told to stop.",
    ),
    click.option(
        "--idle-timeout",
        default="75s",
        show_default=True,
        metavar="DURATION",
        callback=duration,
        help="A connection without a request is closed then.",
    ),
    click.option(
        "--max-connections",
        default=LIMITS.max_connections,
        show_default=True,
        type=click.IntRange(min=1),
        help="More are answered 503.",
    ),
)


def limit_options(function: Function) -> Function:
    """Give a command the options that bound what a server takes."""
    for option in reversed(_LIMITS):
        function = option(function)
    return function


def server_options(function: Function) -> Function:
    """Give a command the options that say where to listen."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
