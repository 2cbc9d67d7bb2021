"""What ends a command before it does anything, besides misuse of its arguments."""

from __future__ import annotations

import click


class CannotRun(click.ClickException):
    """Something that the command needs is not there; the text says what to do."""

    exit_code = 2
