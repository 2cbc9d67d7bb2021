"""Why a server could not be reached is told in plain words, the same for all libraries."""

from __future__ import annotations

import re

import pytest

from idlgen.runtime import Unavailable
from tests.ports import own_port
from tests.runtime.http_servers import (
    KINDS,
    LONG,
    exchange,
    sending,
    serving,
)

REPR = re.compile(r"Error|Exception|\(['\"]|<|Connection\(|Read\(")
"""What representations of exceptions and of connections hold."""


def failure(kind: str, url: str) -> tuple[str, BaseException | None]:
    """Return what a request to the URL fails with, behind the URL, and its cause."""
    with pytest.raises(Unavailable) as caught:
        exchange(kind, url)
    text = str(caught.value)
    assert text.startswith(f"{url} could not be reached: ")
    assert not REPR.search(text)
    return text.removeprefix(f"{url} could not be reached: "), caught.value.__cause__


@KINDS
def test_a_port_on_which_nobody_listens(kind: str) -> None:
    with own_port() as port:
        text, cause = failure(kind, f"http://127.0.0.1:{port}/rpc")
    own = "connection error: Connection refused (os error 111)"
    known = f"127.0.0.1:{port} refuses connections"
    assert text == (own if "pyreqwest" in kind else known)
    assert cause is not None


@KINDS
@pytest.mark.parametrize(
    ("answer", "known"),
    [
        (b"", "it closed the connection without an answer"),
        (LONG + b"{", "the connection ended in the middle of the answer"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "it does not answer in HTTP"),
    ],
)
def test_an_answer_that_is_none(kind: str, answer: bytes, known: str) -> None:
    with serving(sending(answer)) as server:
        text, cause = failure(kind, server.url)
    # The texts of the others say as much in words of their own.
    assert text == known or "httpx2" in kind or "pyreqwest" in kind
    assert cause is not None


@pytest.mark.parametrize("kind", ["urllib3", "async aiohttp"])
def test_a_proxy_is_named_as_such(kind: str) -> None:
    told = r"reached: the proxy refuses connections$"
    with own_port() as port, pytest.raises(Unavailable, match=told):
        exchange(kind, "http://h.example/rpc", proxy=f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("kind", ["httpx2", "async httpx2"])
def test_what_the_call_was_made_beside_is_not_taken_for_its_cause(kind: str) -> None:
    with serving(sending(b"")) as server:
        try:
            raise ConnectionRefusedError
        except ConnectionRefusedError:
            text, _ = failure(kind, server.url)
    assert text == "Server disconnected without sending a response."
