"""The gate of a server: who may call a method that asks for credentials."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Coroutine, Iterable
from typing import Any

from idlgen.runtime.auth import Assumed, Authenticate, Credentials, Principal, Scheme
from idlgen.runtime.auth_tokens import shown_token
from idlgen.runtime.call import CallContext
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import (
    DeadlineExceeded,
    Internal,
    PermissionDenied,
    RpcError,
    Unauthenticated,
    declared_name,
    was_received,
)
from idlgen.runtime.server.interruption import interruptible
from idlgen.runtime.server.invocation import TimeIsUp, TimeLimit

logger = logging.getLogger("idlgen.runtime")

HOW = {
    "bearer": "`Authorization: Bearer <token>`",
    "api_key": "`X-Api-Key: <key>`",
}
KINDS = {"bearer": "bearer token", "api_key": "API key"}


class Gate:
    """Asks one hook who a caller is, and the principal's scopes what it may do."""

    def __init__(
        self, authenticate: Authenticate | None, methods: Iterable[Method[Any]]
    ) -> None:
        """Take the hook of a server that has these methods.

        Raises:
            ValueError: there is none, and a method needs one.
        """
        guarded = [method.name for method in methods if method.auth]
        if guarded and authenticate is None:
            others = f" and {len(guarded) - 1} more" if len(guarded) > 1 else ""
            raise ValueError(
                f"{guarded[0]}{others} may be called only by those who say who they "
                "are: give `authenticate`, a function of credentials that returns a "
                "`Principal`, or None for nobody"
            )
        self._authenticate: Authenticate = authenticate or Assumed(None)
        self._is_assumed = isinstance(authenticate, Assumed)

    def admit(
        self, method: Method[Any], context: CallContext
    ) -> RpcError | Coroutine[Any, Any, RpcError | None] | None:
        """Let the call in, its principal in the context; return why not, else None.

        Where the hook waits, what is returned is to be awaited for that.
        """
        token = shown_token(method.auth, context.headers)
        if token is None and not self._is_assumed:
            return _not_shown(method)
        scheme: Scheme = "api_key" if method.auth == "api_key" else "bearer"
        credentials = Credentials(
            scheme=scheme,
            token=token or "",
            method=method.name,
            headers=context.headers,
        )
        try:
            found = self._authenticate(credentials)
        except Exception as error:
            return _hook_failed(method, error)
        if not isinstance(found, Principal) and inspect.isawaitable(found):
            return _admit_later(found, method, context)
        return _judged(found, method, context)


async def _admit_later(
    finding: Awaitable[object], method: Method[Any], context: CallContext
) -> RpcError | None:
    """Wait for the hook, no longer than the call may take."""
    try:
        found = await interruptible(_awaited(finding), TimeLimit(context))
    except TimeIsUp:
        return DeadlineExceeded(f"{method.name} did not end in time")
    except Exception as error:
        return _hook_failed(method, error)
    return _judged(found, method, context)


async def _awaited(finding: Awaitable[object]) -> object:
    return await finding


def _judged(
    found: object, method: Method[Any], context: CallContext
) -> RpcError | None:
    if found is None:
        return Unauthenticated(f"the {KINDS[method.auth]} is not accepted")
    if not isinstance(found, Principal):
        kind = type(found).__qualname__
        wrong = TypeError(f"`authenticate` returns a Principal or None, not {kind}")
        return _hook_failed(method, wrong)
    context.principal = found
    for scope in method.scopes:
        if scope not in found.scopes:
            return PermissionDenied(
                f"{method.name} needs the scope `{scope}`, which the caller has not"
            )
    return None


def _not_shown(method: Method[Any]) -> Unauthenticated:
    kind, how = KINDS[method.auth], HOW[method.auth]
    return Unauthenticated(f"{method.name} needs the {kind} of its caller: send {how}")


def _hook_failed(method: Method[Any], error: Exception) -> RpcError:
    """Return what the caller may know: what the hook raised for it, else nothing."""
    if isinstance(error, RpcError) and not (
        declared_name(type(error)) or was_received(error)
    ):
        return error
    logger.error("%s: `authenticate` failed", method.name, exc_info=error)
    return Internal("the caller could not be authenticated")
