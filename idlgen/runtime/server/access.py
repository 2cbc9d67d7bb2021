"""The gate of a server: who may call a method that asks for credentials."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Coroutine, Iterable
from typing import Any

from idlgen.runtime.auth import Assumed, Authenticate, Credentials, Principal, Scheme
from idlgen.runtime.auth_tokens import SHOWN
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


def gates(
    authenticate: Authenticate | None, methods: Iterable[Method[Any]]
) -> dict[str, Gate]:
    """Return the gates of a server with this hook, by the names of their methods.

    Raises:
        ValueError: there is no hook, and a method needs one.
    """
    guarded = [method for method in methods if method.auth]
    if guarded and authenticate is None:
        others = f" and {len(guarded) - 1} more" if len(guarded) > 1 else ""
        raise ValueError(
            f"{guarded[0].name}{others} may be called only by those who say who they "
            "are: give `authenticate`, a function of credentials that returns a "
            "`Principal`, or None for nobody"
        )
    hook: Authenticate = authenticate or Assumed(None)
    return {method.name: Gate(method, hook) for method in guarded}


class Gate:
    """Asks a hook who calls one method, and the principal's scopes what it may do."""

    def __init__(self, method: Method[Any], authenticate: Authenticate) -> None:
        self._method = method
        self._name = method.name
        self._scheme: Scheme = "api_key" if method.auth == "api_key" else "bearer"
        self._header, self._shown = SHOWN[self._scheme]
        self._scopes = method.scopes
        self._authenticate = authenticate
        self._is_assumed = isinstance(authenticate, Assumed)

    def admit(
        self, context: CallContext
    ) -> RpcError | Coroutine[Any, Any, RpcError | None] | None:
        """Let the call in, its principal in the context; return why not, else None.

        Where the hook waits, what is returned is to be awaited for that.
        """
        headers = context.headers
        shown = self._shown(headers.get(self._header, ""))
        if shown is None and not self._is_assumed:
            return _not_shown(self._method)
        token = "" if shown is None else shown[1]
        try:
            found = self._authenticate(
                Credentials(self._scheme, token, self._name, headers)
            )
        except Exception as error:
            return _hook_failed(self._method, error)
        if isinstance(found, Principal) and not self._scopes:
            context.principal = found
            return None
        if inspect.isawaitable(found):
            return _admit_later(found, self._method, context)
        return _judged(found, self._method, context)


async def _admit_later(
    finding: Awaitable[object], method: Method[Any], context: CallContext
) -> RpcError | None:
    """Wait for the hook, no longer than the call may take."""
    try:
        found = await interruptible(_awaited(finding), TimeLimit, context)
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
    if not isinstance(found, Principal):
        if found is None:
            return Unauthenticated(f"the {KINDS[method.auth]} is not accepted")
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
