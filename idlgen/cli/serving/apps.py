"""The app that a command line asks for, in this process or in one that was started anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
import msgspec
from msgspec import Struct as Record

from idlgen.cli.failures import CannotRun
from idlgen.cli.serving.listening import log_to_stderr
from idlgen.cli.serving.mending import Refusing, refuse_all
from idlgen.cli.serving.objects import load_objects
from idlgen.runtime.descriptors import served_by
from idlgen.runtime.server.app import asgi_app
from idlgen.runtime.server.asgi import DEFAULT_PATH, AsgiApp
from idlgen.runtime.server.limits import DEFAULT_MAX_BODY

FACTORY = f"{__name__}:app_of_environment"
"""By this name other processes make the app."""
RELOADED = f"{__name__}:app_or_refusal"
"""By this name one makes it whose code is being written."""

_VARIABLE = "IDLGEN_SERVE"
_FAILED = 3
"""The exit code by which uvicorn knows that starting again would not help."""


class AskedApp(Record, frozen=True, kw_only=True):
    """What to serve, and the options of `asgi_app`; None where none was given."""

    names: tuple[str, ...]
    log_level: str
    path: str | None = None
    lenient: bool = False
    max_body: int | None = None
    origins: tuple[str, ...] = ()


class MadeApp(Record, frozen=True):
    """An app, and what it serves in a few words."""

    app: AsgiApp
    title: str


def make_app(asked: AskedApp) -> MadeApp:
    """Return the app of the objects that are named.

    Raises:
        click.UsageError: the options do not fit what is named.
        CannotRun: it cannot be imported or made.
    """
    objects = load_objects(asked.names)
    apps = [found for found in objects if isinstance(found, AsgiApp)]
    if not apps:
        return MadeApp(_new(objects, asked), ", ".join(_services(objects)))
    if len(objects) > 1:
        raise click.UsageError(
            "An app is served alone: name implementations, or one app of all of them."
        )
    if asked.path or asked.lenient or asked.max_body or asked.origins:
        raise click.UsageError(
            f"'{asked.names[0]}' is an app already: give --path, --lenient, --max-body "
            "and --origin to its `asgi_app`."
        )
    return MadeApp(apps[0], asked.names[0])


def hand_on(asked: AskedApp) -> None:
    """Leave what is asked for the processes that this one starts."""
    os.environ[_VARIABLE] = msgspec.json.encode(asked).decode()


def app_of_environment() -> AsgiApp:
    """Return the app that the process which started this one was asked for.

    What is wrong is said on stderr, and ends the process.
    """
    try:
        return _app_asked_for()
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        sys.exit(_FAILED)


def app_or_refusal() -> AsgiApp | Refusing:
    """Return that app; where something is wrong say it, and refuse calls meanwhile."""
    try:
        return _app_asked_for()
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        click.echo("calls are refused until the code is mended", err=True)
        return refuse_all


def _app_asked_for() -> AsgiApp:
    asked = msgspec.json.decode(os.environ[_VARIABLE], type=AskedApp)
    made = make_app(asked)
    log_to_stderr(asked.log_level)  # what the user's code set up stays
    return made.app


def _new(objects: Sequence[object], asked: AskedApp) -> AsgiApp:
    try:
        return asgi_app(
            *objects,
            path=asked.path or DEFAULT_PATH,
            lenient=asked.lenient,
            max_body=asked.max_body or DEFAULT_MAX_BODY,
            origins=asked.origins,
        )
    except (TypeError, ValueError) as error:
        # Its text says what to do.
        text = str(error)
        if "`authenticate`" in text:
            module = asked.names[0].partition(":")[0]
            text = (
                f"{text}. Only an app has that: write `app = asgi_app(..., "
                f"authenticate=...)` into '{module}' and serve '{module}:app'."
            )
        raise CannotRun(text) from None


def _services(objects: Sequence[object]) -> list[str]:
    return [service.name for found in objects for service, _ in served_by(type(found))]
