"""Where the token of the command line goes."""

from __future__ import annotations

from collections.abc import Mapping

import click

from idlgen.model import Auth
from idlgen.runtime.auth_tokens import API_KEY, header_text
from idlgen.runtime.metadata import AUTHORIZATION


def with_token(
    headers: Mapping[str, str], token: str | None, auth: Auth
) -> Mapping[str, str]:
    """Return the headers with the token as a method with this `auth` asks for it.

    One that asks for none gets it as a bearer token: a proxy may want it.

    Raises:
        click.UsageError: it is no token, or a header says the same already.
    """
    if token is None:
        return headers
    name = API_KEY if auth is Auth.API_KEY else AUTHORIZATION
    if name in {given.lower() for given in headers}:
        raise click.UsageError(
            f"Two credentials: leave out --header '{name.title()}: ...', or the token "
            "(of --token or IDLGEN_TOKEN)."
        )
    try:
        return {**headers, name: header_text(name, token)}
    except ValueError as error:
        raise click.UsageError(
            f"The token (of --token or IDLGEN_TOKEN): {error}."
        ) from None
