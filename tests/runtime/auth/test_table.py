"""Who may call what: each kind of credentials, by each kind of call, over sockets."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from idlgen.runtime import RpcError, Unauthenticated, asgi_app
from idlgen.runtime.auth import Credentials, Principal, known_tokens
from tests.runtime.contract.guarded.client import AsyncVaultClient, VaultClient
from tests.runtime.contract.serving import serving
from tests.runtime.contract.vault import Strongroom

WIRES = ["http", "ws"]
KINDS = ["sync", "async"]

KNOWN = known_tokens(
    {
        "of-ada": Principal("ada", frozenset({"vault:read", "vault:write", "vault:post"})),
        "of-rea": Principal("rea", frozenset({"vault:read"})),
        "of-pam": Principal("pam", frozenset({"vault:post", "vault:write"})),
        "of-nil": Principal("nil"),
    }
)  # fmt: skip


def plain(credentials: Credentials) -> Principal | None:
    if credentials.token == "has-expired":
        raise Unauthenticated("the token has expired")
    return KNOWN(credentials)


async def waiting(credentials: Credentials) -> Principal | None:
    await asyncio.sleep(0)
    return plain(credentials)


class Server(NamedTuple):
    vault: Strongroom
    port: int


@pytest.fixture(scope="module", params=[plain, waiting])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The vault under uvicorn, its hook plain or async."""
    vault = Strongroom()
    with serving(asgi_app(vault, authenticate=request.param)) as port:
        yield Server(vault, port)


class Caller:
    """A client, sync or async, whose calls are waited for here."""

    def __init__(self, wire: str, kind: str, port: int, **shown: Any) -> None:
        made: Any = VaultClient if kind == "sync" else AsyncVaultClient
        self.client = made(f"{wire}://127.0.0.1:{port}/rpc", **shown)
        self._runner = asyncio.Runner()

    def wait(self, value: Any) -> Any:
        async def awaited() -> Any:
            return await value

        return self._runner.run(awaited()) if inspect.isawaitable(value) else value

    def close(self) -> None:
        close = getattr(self.client, "aclose", None) or self.client.close
        self.wait(close())
        self._runner.close()


def all_of(stream: Any) -> Any:
    if hasattr(stream, "__enter__"):
        with stream as items:
            return list(items)

    async def run() -> list[Any]:
        async with stream as items:
            return [item async for item in items]

    return run()


def by_batch(client: Any) -> Any:
    """Look by an entry of a batch beside one that anybody may call."""

    def outcome(calls: Any) -> Any:
        assert calls[0].result() == "nobody"
        return calls[1].result()

    if isinstance(client, VaultClient):
        with client.batch() as b:
            calls = [b.add(client.hello), b.add(client.look)]
        return outcome(calls)

    async def run() -> Any:
        async with client.batch() as b:
            calls = [b.add(client.hello), b.add(client.look)]
        return outcome(calls)

    return run()


CALLS: dict[str, tuple[Callable[[Any], Any], Callable[[str], Any]]] = {
    "hello": (lambda c: c.hello(), lambda _: "nobody"),
    "look": (lambda c: c.look(), lambda name: name),
    "store": (lambda c: c.store("thing"), lambda name: name),
    "post": (lambda c: c.post("thing"), lambda name: name),
    "batch": (by_batch, lambda name: name),
    "watch": (lambda c: all_of(c.watch(2)), lambda name: [name, name]),
    "upload": (lambda c: c.upload(["a"]), lambda name: name),
    "talk": (lambda c: all_of(c.talk(["a"])), lambda name: [f"{name} a"]),
}
"""How each is called, and what it returns to whom."""

OK, NO, WHO = "ok", "permission_denied", "unauthenticated"
READ = ("look", "batch", "watch", "upload", "talk")


def verdicts(read: str, store: str, post: str) -> dict[str, str]:
    """Return what becomes of each call; anybody may say hello."""
    return {"hello": OK, "store": store, "post": post} | dict.fromkeys(READ, read)


def both(token: str) -> dict[str, Any]:
    return {"token": token, "api_key": token}


SHOWN: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "missing": ({}, "", verdicts(WHO, WHO, WHO)),
    "of another scheme": (
        {"headers": {"authorization": "Basic of-ada", "x-api-key": ""}},
        "",
        verdicts(WHO, WHO, WHO),
    ),
    "without its scheme": (
        {"headers": {"authorization": "of-ada", "x-api-key": "of ada"}},
        "",
        verdicts(WHO, WHO, WHO),
    ),
    "empty": (
        {"headers": {"authorization": "Bearer ", "x-api-key": " "}},
        "",
        verdicts(WHO, WHO, WHO),
    ),
    "two at once": (
        {"headers": {"authorization": "Bearer of-ada, Bearer of-ada"}},
        "",
        verdicts(WHO, WHO, WHO),
    ),
    "wrong": (both("of-eve"), "", verdicts(WHO, WHO, WHO)),
    "wrong by a letter": (both("of-adb"), "", verdicts(WHO, WHO, WHO)),
    "a part of the right one": (both("of-ad"), "", verdicts(WHO, WHO, WHO)),
    "expired": (both("has-expired"), "", verdicts(WHO, WHO, WHO)),
    "of no scope": (both("of-nil"), "nil", verdicts(NO, NO, NO)),
    "of a part of the scopes": (both("of-rea"), "rea", verdicts(OK, NO, NO)),
    "of other scopes": (both("of-pam"), "pam", verdicts(NO, NO, OK)),
    "right": (both("of-ada"), "ada", verdicts(OK, OK, OK)),
    "right, asked for": (
        {"token": lambda: "of-ada", "api_key": lambda: "of-ada"},
        "ada",
        verdicts(OK, OK, OK),
    ),
    "only a token": ({"token": "of-ada"}, "ada", verdicts(OK, OK, WHO)),
    "only an API key": ({"api_key": "of-ada"}, "ada", verdicts(WHO, WHO, OK)),
    "of any case": (
        {"headers": {"Authorization": "bEARER  of-ada", "X-API-Key": "of-ada"}},
        "ada",
        verdicts(OK, OK, OK),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("shown", SHOWN)
def test_who_may_call_what(server: Server, wire: str, kind: str, shown: str) -> None:
    options, name, expected = SHOWN[shown]
    caller = Caller(wire, kind, server.port, **options)
    found = {}
    ran = {}
    told = ""
    for call, (make, returned) in CALLS.items():
        server.vault.ran.clear()
        try:
            result = caller.wait(make(caller.client))
        except RpcError as error:
            found[call] = str(error.status)
            told += f"{error} {error!r} {vars(error)}"
        else:
            found[call] = OK
            assert result == returned(name), call
        ran[call] = list(server.vault.ran)
    caller.close()
    assert found == expected
    assert "of-" not in told
    for call, verdict in expected.items():
        if call == "batch":
            assert sorted(ran[call]) == ["hello", "look"][: 1 + (verdict == OK)]
        else:
            assert ran[call] == [call][: verdict == OK]


@pytest.mark.parametrize("wire", WIRES)
def test_a_hook_tells_why_and_scopes_are_named(server: Server, wire: str) -> None:
    messages = {}
    for token in ("has-expired", "of-eve", "of-rea", None):
        caller = Caller(wire, "sync", server.port, token=token)
        with pytest.raises(RpcError) as caught:
            caller.client.store("thing")
        messages[token] = str(caught.value)
        caller.close()
    assert messages == {
        "has-expired": "the token has expired",
        "of-eve": "the bearer token is not accepted",
        "of-rea": "guarded.Vault.store needs the scope `vault:write`, which the caller has not",
        None: "guarded.Vault.store needs the bearer token of its caller: "
        "send `Authorization: Bearer <token>`",
    }
