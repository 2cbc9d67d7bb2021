"""Who calls, and how a server finds out: credentials go in, a principal comes out."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct as Record

from idlgen.runtime.auth_tokens import check_token

Scheme: TypeAlias = Literal["bearer", "api_key"]


class Credentials(Record, frozen=True):
    """What a caller showed for one call.

    `scheme` is how, as the schema of the method asks; `token` is the secret. `method`
    is the full name, and `headers` are the call's, names in lower case.
    """

    scheme: Scheme
    token: str
    method: str
    headers: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Credentials({self.scheme!r}, method={self.method!r})"


class Principal(Record, frozen=True):
    """Who a caller is, and what it may do: `scopes`, as schemas name them.

    `claims` is what else the hook found out, for handlers; no representation shows it.
    """

    name: str
    scopes: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = {}

    def __post_init__(self) -> None:
        scopes: object = self.scopes
        # A text would hold whatever is part of it.
        if isinstance(scopes, str):
            raise TypeError("the scopes of a principal are a set of texts, not a text")

    def __repr__(self) -> str:
        return f"Principal({self.name!r}, scopes={sorted(self.scopes)})"


class EveryScope(frozenset[str]):
    """The scopes of who may do everything."""

    def __contains__(self, scope: object) -> bool:
        return True


ANYONE = Principal("anyone", EveryScope())
"""Who calls where nobody is asked: in tests, over `in_process`."""

Authenticate: TypeAlias = Callable[
    [Credentials], Principal | Awaitable[Principal | None] | None
]
"""The hook of a server, plain or `async def`: who shows this, None for nobody."""


class Assumed:
    """A hook that takes everybody for one principal, or for none: for tests."""

    def __init__(self, principal: Principal | None = ANYONE) -> None:
        self.principal = principal

    def __call__(self, _credentials: Credentials) -> Principal | None:
        return self.principal


def known_tokens(
    tokens: Mapping[str, Principal],
) -> Callable[[Credentials], Principal | None]:
    """Return a hook that knows the callers by these tokens, or API keys.

    What it takes tells nothing of them: a caller's token is compared with each, by
    `hmac.compare_digest`, whose time is that of the length of what the caller sent.

    Raises:
        ValueError: a token is empty, or holds what HTTP cannot carry.
        TypeError: a token has no principal; the message shows neither.
    """
    _check_principals(tokens)
    known = [
        (check_token(token).encode(), principal) for token, principal in tokens.items()
    ]

    def authenticate(credentials: Credentials) -> Principal | None:
        given = credentials.token.encode()
        found = None
        for token, principal in known:
            if hmac.compare_digest(token, given):
                found = principal
        return found

    return authenticate


def _check_principals(tokens: object) -> None:
    found = tokens.values() if isinstance(tokens, Mapping) else [None]
    if not all(isinstance(each, Principal) for each in found):
        raise TypeError(
            "`known_tokens` maps each token to who shows it: give "
            "{token: Principal('ada')}"
        )
