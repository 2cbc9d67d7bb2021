"""`/healthz` and `/readyz`: who may ask, and what they say when."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from starlette.routing import Mount, Router

from idlgen.runtime import asgi_app
from idlgen.runtime.server import health
from tests.runtime.contract.accounts import Accounts
from tests.runtime.limits.wires import PATIENCE, Http, call, code


def run(talk: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(talk, PATIENCE))


async def get(app: Any, path: str, method: str = "GET", **scope: Any) -> Any:
    return await Http(app).request(b"", method=method, path=path, **scope)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_both_are_ok_beside_the_endpoint(path: str, method: str) -> None:
    async def talk() -> None:
        for app in (asgi_app(Accounts()), asgi_app(Accounts(), path="/v1/rpc")):
            http = Http(app)
            answer = await http.request(b"", method=method, path=path, headers=[])
            assert answer == (200, "ok\n")
            assert http.headers == {
                "content-type": "text/plain; charset=utf-8",
                "content-length": "3",
                "cache-control": "no-store",
            }

    run(talk())


def test_they_are_where_the_app_is_mounted() -> None:
    async def talk() -> None:
        app = asgi_app(Accounts())
        router = Router([Mount("/api", app)])
        assert await get(router, "/api/readyz", root_path="") == (200, "ok\n")
        assert await get(app, "/sub/readyz", root_path="/sub") == (200, "ok\n")

    run(talk())


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_nothing_else_is_served_there(method: str) -> None:
    async def talk() -> None:
        status, _ = await get(asgi_app(Accounts()), "/healthz", method)
        assert status == 404

    run(talk())


def test_without_health_there_is_nothing() -> None:
    async def talk() -> None:
        app = asgi_app(Accounts(), health=False)
        for path in ("/healthz", "/readyz"):
            assert (await get(app, path))[0] == 404

    run(talk())


async def slowly_ready() -> bool:
    await asyncio.sleep(0)
    return True


async def slowly_not() -> bool:
    await asyncio.sleep(0)
    return False


async def never() -> bool:
    await asyncio.Event().wait()
    return True


def broken() -> bool:
    raise RuntimeError("hunter2")


@pytest.mark.parametrize(
    ("hook", "status", "said"),
    [
        (lambda: True, 200, "ok\n"),
        (lambda: False, 503, "not ready\n"),
        (slowly_ready, 200, "ok\n"),
        (slowly_not, 503, "not ready\n"),
        (never, 503, "not ready\n"),
        (broken, 503, "not ready\n"),
    ],
)
def test_a_hook_says_whether_it_is_ready(
    hook: health.Ready, status: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.05 if hook is never else PATIENCE)

    async def talk() -> None:
        app = asgi_app(Accounts(), ready=hook)
        assert await get(app, "/readyz") == (status, said)
        # It lives, and answers calls, all the same.
        assert await get(app, "/healthz") == (200, "ok\n")
        assert [code(it) for it in await Http(app).ask(call(1))] == [0]

    run(talk())


def test_an_app_that_drains_lives_but_is_not_ready() -> None:
    async def talk() -> None:
        app = asgi_app(Accounts(), ready=lambda: True)
        assert await app.drain()
        assert await get(app, "/readyz") == (503, "draining\n")
        assert await get(app, "/healthz") == (200, "ok\n")

    run(talk())
