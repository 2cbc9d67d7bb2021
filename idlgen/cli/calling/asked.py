"""The call that a command line asks for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import click
from msgspec import Struct as Record

from idlgen.cli.calling.arguments import (
    WrongData,
    read_params,
    read_untyped_params,
)
from idlgen.cli.calling.credentials import with_token
from idlgen.cli.calling.methods import find_method
from idlgen.cli.calling.results import print_problems
from idlgen.cli.calling.session import Session
from idlgen.cli.compiled import Compiled
from idlgen.cli.console import Console
from idlgen.model import Auth
from idlgen.runtime.options import CallOptions


class AskedCall(Record, frozen=True, kw_only=True):
    """What to call, as it was written; `timeout` is in seconds."""

    method: str
    params: str | None
    url: str
    headers: Mapping[str, str]
    timeout: float | None
    token: str | None
    idempotency_key: str | None
    wire: bool


def make_call(
    asked: AskedCall, compiled: Compiled, console: Console, *, as_json: bool
) -> int:
    """Make the call, print what comes of it, and return the command's exit code.

    Raises:
        click.UsageError: there is no such method, or an option does not fit it.
    """
    found = find_method(compiled, asked.method)
    try:
        struct = read_params(found.descriptor, asked.params)
    except WrongData as wrong:
        print_problems(wrong.what, wrong.problems, console, as_json=as_json)
        return 2
    options = _options(asked)
    sent = with_token(asked.headers, asked.token, found.auth)
    session = Session(asked.url, sent, console, wire=asked.wire, as_json=as_json)
    with closing(session):
        return session.call(found.descriptor, struct, options)


def make_untyped_call(asked: AskedCall, console: Console, *, as_json: bool) -> int:
    """Make the call of a method that no schema describes; return the exit code.

    Raises:
        click.UsageError: PARAMS are no JSON, or an option is wrong.
    """
    params = read_untyped_params(asked.params)
    headers = with_token(asked.headers, asked.token, Auth.BEARER)
    session = Session(asked.url, headers, console, wire=asked.wire, as_json=as_json)
    with closing(session):
        return session.call_untyped(asked.method, params, asked.timeout)


def _options(asked: AskedCall) -> CallOptions:
    try:
        return CallOptions(timeout=asked.timeout, idempotency_key=asked.idempotency_key)
    except ValueError as error:
        raise click.UsageError(f"--idempotency-key: {error}.") from None
