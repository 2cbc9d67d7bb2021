"""The hook of a server: what it gets, what may come of it, and what it costs."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from idlgen.runtime import (
    PermissionDenied,
    Unauthenticated,
    Unavailable,
    asgi_app,
    in_process,
)
from idlgen.runtime.auth import ANYONE, Assumed, Credentials, Principal, known_tokens
from idlgen.runtime.errors import received
from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.feed.errors import NoSuchTopic
from tests.runtime.contract.guarded.client import AsyncVaultClient, VaultClient
from tests.runtime.contract.vault import Strongroom

ADA = Principal("ada", frozenset({"vault:read"}), {"mail": "ada@example.com"})
BEARER = {"authorization": "Bearer s3cret"}


def asked(
    hook: Any,
    method: str = "look",
    params: str = "{}",
    headers: Mapping[str, str] = BEARER,
    meta: str = "{}",
    vault: Strongroom | None = None,
) -> Any:
    """Return the status of a call, or its result."""
    dispatcher = Dispatcher(vault or Strongroom(), authenticate=hook)
    body = (
        f'{{"jsonrpc":"2.0","method":"Vault.{method}","params":{params},"id":1,'
        f'"meta":{meta}}}'
    )
    answer = asyncio.run(dispatcher.dispatch(body.encode(), headers))
    dispatcher.close()
    assert answer is not None
    decoded = json.loads(answer)
    if "result" in decoded:
        return decoded["result"]
    error = decoded["error"]
    return f"{error.get('data', {}).get('status')}: {error['message']}"


def test_an_app_that_must_ask_and_cannot_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        asgi_app(Strongroom())
    assert str(caught.value) == (
        "guarded.Vault.look and 5 more may be called only by those who say who they "
        "are: give `authenticate`, a function of credentials that returns a "
        "`Principal`, or None for nobody"
    )
    asgi_app(Accounts())
    asgi_app(Strongroom(), authenticate=known_tokens({}))


def test_a_hook_gets_what_was_shown_and_hides_it() -> None:
    seen: list[Credentials] = []

    def hook(credentials: Credentials) -> Principal | None:
        seen.append(credentials)
        return ANYONE

    meta = '{"headers":{"x-api-key":"k3y"}}'
    assert asked(hook) == "anyone"
    assert asked(hook, "post", '{"what":"a"}', meta=meta) == "anyone"
    assert asked(hook, "hello") == "nobody"
    bearer, key = seen
    assert (bearer.scheme, bearer.token) == ("bearer", "s3cret")
    assert (key.scheme, key.token) == ("api_key", "k3y")
    assert (bearer.method, bearer.headers) == ("guarded.Vault.look", BEARER)
    for credentials in seen:
        assert repr(credentials).startswith("Credentials('")
        assert "s3cret" not in f"{credentials} {credentials!r}"
        assert "k3y" not in f"{credentials} {credentials!r}"


def test_a_call_of_meta_wins_over_the_headers_beside_it() -> None:
    hook = known_tokens({"right": ADA})
    assert asked(hook, meta='{"authorization":"Bearer right"}') == "ada"
    assert asked(hook, headers={"authorization": "Bearer right"}) == "ada"
    assert (
        asked(
            hook,
            headers={"authorization": "Bearer right"},
            meta='{"authorization":"Bearer wrong"}',
        )
        == "unauthenticated: the bearer token is not accepted"
    )


FAULTS: list[tuple[Any, str, bool]] = [
    (Unauthenticated("log in again"), "unauthenticated: log in again", False),
    (PermissionDenied("not you"), "permission_denied: not you", False),
    (Unavailable("the directory is away"), "unavailable: the directory is away", False),
    (ValueError("hunter2"), "internal", True),
    (received(Unavailable("http://inside:1 is away")), "internal", True),
    (NoSuchTopic(name="a"), "internal", True),
    (StopIteration(), "internal", True),
]
INTERNAL = "internal: the caller could not be authenticated"


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("fault", "outcome", "is_logged"), FAULTS)
def test_what_a_hook_raises_lets_nobody_in(
    fault: Exception,
    outcome: str,
    is_logged: bool,
    is_async: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def plain(credentials: Credentials) -> Principal | None:
        raise fault

    async def waiting(credentials: Credentials) -> Principal | None:
        await asyncio.sleep(0)
        raise fault

    vault = Strongroom()
    found = asked(waiting if is_async else plain, vault=vault)
    assert found == (INTERNAL if outcome == "internal" else outcome)
    assert vault.ran == []
    assert bool(caplog.records) == is_logged
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("wrong", [True, "ada", {"name": "ada"}, object(), 1])
def test_what_is_no_principal_lets_nobody_in(
    wrong: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert asked(lambda credentials: wrong) == INTERNAL
    assert "`authenticate` returns a Principal or None, not" in caplog.text


def test_a_hook_waits_no_longer_than_the_call() -> None:
    async def forever(credentials: Credentials) -> Principal | None:
        await asyncio.Event().wait()
        return ANYONE

    found = asked(forever, meta='{"timeout_ms":10}')
    assert found == "deadline_exceeded: guarded.Vault.look did not end in time"


def test_params_are_not_told_of_to_who_may_not_call() -> None:
    hook = known_tokens({"s3cret": ADA, "all": ANYONE})
    wrong = '{"what":1,"more":2}'
    assert asked(hook, "store", wrong).startswith("permission_denied: ")
    assert asked(hook, "store", wrong, {}).startswith("unauthenticated: ")
    every = {"authorization": "Bearer all"}
    assert asked(hook, "store", wrong, every) == "invalid_argument: Invalid params"


def test_a_plain_hook_costs_no_turn_of_the_loop() -> None:
    class Idle(Strongroom):
        async def store(self, what: str) -> str:
            return "done"

    dispatcher = Dispatcher(Idle(), authenticate=Assumed())
    call = dispatcher.dispatch(
        b'{"jsonrpc":"2.0","method":"Vault.store","params":{"what":"abc"},"id":1}'
    )
    with pytest.raises(StopIteration) as ended:
        call.send(None)
    assert json.loads(ended.value.value)["result"] == "done"


class TestKnownTokens:
    def test_every_entry_is_compared_in_constant_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared: list[tuple[int, int]] = []
        real = hmac.compare_digest

        def counting(a: Any, b: Any) -> bool:
            compared.append((len(a), len(b)))
            return real(a, b)

        monkeypatch.setattr("hmac.compare_digest", counting)
        principals = {f"token-{n}": Principal(str(n)) for n in range(5)}
        hook = known_tokens(principals)
        for token in ("token-0", "token-4", "", "x", "Token-0", "token-0" * 99):
            compared.clear()
            credentials = Credentials(
                scheme="bearer", token=token, method="a.B.c", headers={}
            )
            assert hook(credentials) == principals.get(token)
            # Of the two texts, the second's length is what the time depends on.
            assert compared == [(len("token-0"), len(token))] * 5

    @pytest.mark.parametrize(
        "token", ["", "a b", "a,b", "Bearer a", "schlüssel", "a\n"]
    )
    def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(
        self, token: str
    ) -> None:
        with pytest.raises(ValueError) as caught:
            known_tokens({token: ADA})
        assert str(caught.value) == (
            "a token is printable ASCII without spaces and commas, and without the "
            "`Bearer ` that goes before it"
        )

    @pytest.mark.parametrize(
        "tokens", [{"s3cret": "ada"}, {"ada": "s3cret"}, {"s3cret": None}, ["s3cret"]]
    )
    def test_each_has_a_principal(self, tokens: Any) -> None:
        with pytest.raises(TypeError) as caught:
            known_tokens(tokens)
        assert str(caught.value) == (
            "`known_tokens` maps each token to who shows it: give "
            "{token: Principal('ada')}"
        )


def test_a_principal_shows_its_name_and_scopes() -> None:
    assert repr(ADA) == "Principal('ada', scopes=['vault:read'])"
    assert "zz" in ANYONE.scopes
    text: Any = "vault:read vault:write"
    with pytest.raises(TypeError, match="are a set of texts, not a text"):
        Principal("eve", text)


class TestInProcess:
    def test_everybody_may_do_everything_unless_the_test_says_who_it_is(self) -> None:
        with in_process(VaultClient, Strongroom()) as vault:
            assert vault.store("thing") == "anyone"
        with in_process(VaultClient, Strongroom(), principal=ADA) as vault:
            assert vault.look() == "ada"
            with pytest.raises(PermissionDenied, match="`vault:write`"):
                vault.store("thing")
        with in_process(VaultClient, Strongroom(), principal=None) as vault:
            with pytest.raises(Unauthenticated):
                vault.look()
            assert vault.hello() == "nobody"

    def test_async_clients_likewise(self) -> None:
        async def run() -> None:
            async with in_process(
                AsyncVaultClient, Strongroom(), principal=ADA
            ) as vault:
                assert await vault.look() == "ada"

        asyncio.run(run())
