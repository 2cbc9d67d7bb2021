"""Clients over TLS, whose server's certificate is trusted or is not."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from idlgen.runtime import Unavailable, asgi_app
from tests.conftest import RequireTool
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.streaming import KINDS, caller_of


@pytest.fixture(scope="module")
def certificate(
    tmp_path_factory: pytest.TempPathFactory, require_tool: RequireTool
) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that it signed itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    openssl = require_tool("openssl", "apt-get install openssl")
    of_whom = ["-subj", "/CN=tests", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(made)]
    command = [openssl, "req", "-x509", "-days", "2", *kind, *of_whom, *files]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@pytest.fixture(scope="module")
def port(certificate: tuple[Path, Path]) -> Iterator[int]:
    made, key = certificate
    app = asgi_app(Newsroom())
    with serving(app, ssl_certfile=made, ssl_keyfile=key) as port:
        yield port


@pytest.mark.parametrize(
    ("scheme", "kind"),
    # aiohttp reads what is trusted when it is imported, before this test.
    [("wss", "sync"), ("wss", "async"), ("https", "sync")],
)
def test_a_trusted_certificate_is_all_that_tls_needs(
    scheme: str,
    kind: str,
    port: int,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the operating system trusts, as OpenSSL finds it.
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with caller_of(f"{scheme}://127.0.0.1:{port}/rpc", kind) as feed:
        assert feed.result(feed.client.count("four")) == 4
        assert len(feed.all(feed.client.watch("news"))) == 3
        assert feed.all(feed.client.talk(["a", "b"])) == ["A", "B"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["wss", "https"])
def test_a_context_says_whom_to_trust(
    scheme: str, kind: str, port: int, certificate: tuple[Path, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=certificate[0])
    url = f"{scheme}://127.0.0.1:{port}/rpc"
    with caller_of(url, kind, ssl=trusting) as feed:
        assert feed.result(feed.client.count("four")) == 4
        assert len(feed.all(feed.client.watch("news"))) == 3
        # Over a WebSocket, whatever the URL says.
        assert feed.all(feed.client.talk(["a", "b"])) == ["A", "B"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["wss", "https"])
def test_a_certificate_that_nobody_signed_is_unavailable_and_says_why(
    scheme: str, kind: str, port: int
) -> None:
    with (
        caller_of(f"{scheme}://127.0.0.1:{port}/rpc", kind) as feed,
        pytest.raises(Unavailable) as caught,
    ):
        feed.result(feed.client.count("four"))
    assert "its certificate is not trusted: self-signed" in caught.value.message
    assert f"{scheme}://127.0.0.1:{port}/rpc" in caught.value.message
