"""`idlgen call METHOD [PARAMS]`."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from idlgen.cli.console import Console
from idlgen.cli.options import common_options, settings_of

if TYPE_CHECKING:
    from idlgen.cli.compiled import Compiled


@click.command("call")
@click.argument("method", metavar="METHOD")
@click.argument("params", metavar="[PARAMS]", required=False)
@click.option(
    "--url",
    metavar="URL",
    envvar="IDLGEN_URL",
    show_envvar=True,
    help="The server's: http://127.0.0.1:8000, or ws://...",
)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    metavar="FILE",
    help="The schema of the method; those of the configuration by default.",
)
@click.option(
    "--untyped",
    is_flag=True,
    help="Use no schema: METHOD and PARAMS are sent as they are.",
)
@click.option("--timeout", metavar="DURATION", help="For the whole call: 2s, 500ms.")
@click.option(
    "-H",
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Sent along.",
)
@click.option(
    "--token",
    metavar="TOKEN",
    envvar="IDLGEN_TOKEN",
    show_envvar=True,
    help="The credential, sent as the method's `auth` asks for it. Of the variable "
    "neither the shell's history nor the list of processes knows.",
)
@click.option(
    "--idempotency-key", metavar="KEY", help="The same for all tries of one call."
)
@click.option("--wire", is_flag=True, help="Print the messages that are sent.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    method: str,
    params: str | None,
    url: str | None,
    schemas: tuple[str, ...],
    untyped: bool,
    timeout: str | None,
    headers: tuple[str, ...],
    token: str | None,
    idempotency_key: str | None,
    wire: bool,
) -> int:
    """Call METHOD of a server and print what it returns as JSON.

    METHOD is `UserService.getUserById`, with the package before it or by its own name
    where these are unique. PARAMS are a JSON object, or an array of params by
    position; `@FILE` reads them from a file, `-` from stdin. They are held against the
    schema before anything is sent.

    With `--untyped` METHOD and PARAMS go to any JSON-RPC server as they are written:
    no schema is read, and nothing is checked. `rpc.discover` is such a method.

    What a method streams is printed item by item, one a line; what it takes as a stream
    is read from stdin in the same form.

    Exit codes: 0 done, 1 the call failed, 2 it could not be made.
    """
    settings = settings_of(ctx)
    console = Console(settings)
    if not url:
        raise click.UsageError(
            "Which server? Give --url http://127.0.0.1:8000, or set IDLGEN_URL."
        )
    if untyped and (schemas or idempotency_key is not None):
        raise click.UsageError(
            "--untyped goes with neither --schema nor --idempotency-key."
        )
    given = _headers(headers)
    seconds = _seconds(timeout)
    compiled = None if untyped else _compiled(schemas, console)
    if compiled is None and not untyped:
        return 2
    gc.enable()  # a stream may last for days
    from idlgen.cli.calling.asked import AskedCall, make_call, make_untyped_call

    asked = AskedCall(
        method=method,
        params=params,
        url=url,
        headers=given,
        timeout=seconds,
        token=token,
        idempotency_key=idempotency_key,
        wire=wire,
    )
    as_json = settings.output_format == "json"
    if compiled is None:
        return make_untyped_call(asked, console, as_json=as_json)
    return make_call(asked, compiled, console, as_json=as_json)


def _compiled(schemas: Sequence[str], console: Console) -> Compiled | None:
    """Return what the schemas mean, or None where they are faulty, which is printed."""
    from idlgen.cli.compiled import Faulty, compile_schemas

    compiled = compile_schemas(
        schemas,
        console,
        targets=("python",),
        option="--schema FILE, call without one by --untyped",
    )
    if isinstance(compiled, Faulty):
        console.findings(compiled.diagnostics, aside=True)
        return None
    return compiled


def _headers(given: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for text in given:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            # The text is not shown: it may be a credential.
            raise click.UsageError(
                "--header takes a name and a value: 'Accept-Language: de'."
            )
        headers[name.strip()] = value.strip()
    return headers


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    from idlgen.syntax.durations import parse_duration

    duration = parse_duration(text)
    if duration is None or not duration:
        raise click.UsageError(
            f"--timeout '{text}' is no duration: write `2s`, `500ms` or `1m30s`."
        )
    return duration.total_seconds()
