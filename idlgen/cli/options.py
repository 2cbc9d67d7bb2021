"""The options that every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


class Settings:
    """How to print; what stands after the subcommand wins over what stands before."""

    def __init__(
        self,
        output_format: str = "text",
        quiet: bool = False,
        verbose: bool = False,
        color: str = "auto",
    ) -> None:
        self.output_format = output_format
        self.quiet = quiet
        self.verbose = verbose
        self.color = color


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings of this run."""
    return ctx.find_root().ensure_object(Settings)


def _set(ctx: click.Context, param: click.Parameter, value: object) -> None:
    given = value not in (None, False)
    if given and param.name is not None:
        setattr(settings_of(ctx), param.name, value)


_OPTIONS = (
    click.option(
        "--output-format",
        type=click.Choice(["text", "json", "github"]),
        callback=_set,
        expose_value=False,
        help="How findings are printed; text by default.",
    ),
    click.option(
        "-q",
        "--quiet",
        is_flag=True,
        callback=_set,
        expose_value=False,
        help="Print findings only.",
    ),
    click.option(
        "-v",
        "--verbose",
        is_flag=True,
        callback=_set,
        expose_value=False,
        help="Print a line for each file, and the traceback of an internal error.",
    ),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        callback=_set,
        expose_value=False,
        help="When to colour; auto does on a terminal unless NO_COLOR is set.",
    ),
)


def common_options(function: Function) -> Function:
    """Give a command the options of all commands; `settings_of` returns them."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def project_options(function: Function) -> Function:
    """Give a command the arguments that say what to generate, and where."""
    for option in (
        click.option(
            "--target",
            "targets",
            multiple=True,
            metavar="NAME",
            help="What to generate; may be given several times.",
        ),
        click.option("--out", metavar="DIR", help="The output folder."),
        click.argument("schemas", nargs=-1),
    ):
        function = option(function)
    return function
