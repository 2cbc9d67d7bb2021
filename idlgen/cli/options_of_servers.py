"""The options of commands that serve: where to listen, and for how much."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

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


def server_options(function: Function) -> Function:
    """Give a command the options that say where to listen."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
