"""Where the token of the command line goes."""

from __future__ import annotations

from collections.abc import Mapping

import click

from idlgen.model import Auth

_HEADERS = {
    Auth.BEARER: ("Authorization", "Bearer {}"),
    Auth.API_KEY: ("X-Api-Key", "{}"),
}


def with_token(
    headers: Mapping[str, str], token: str | None, auth: Auth
) -> Mapping[str, str]:
    """Return the headers with the token as a method with this `auth` asks for it.

    One that asks for none gets it as a bearer token: a proxy may want it.

    Raises:
        click.UsageError: a header says the same already.
    """
    if token is None:
        return headers
    name, form = _HEADERS.get(auth, _HEADERS[Auth.BEARER])
    if name.lower() in {given.lower() for given in headers}:
        raise click.UsageError(
            f"Two credentials: leave out --header '{name}: ...', or the token (of "
            "--token or IDLGEN_TOKEN)."
        )
    return {**headers, name: form.format(token)}
