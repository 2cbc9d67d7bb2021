"""What a URL names, and which proxy it is reached through."""

from __future__ import annotations

import pytest

from idlgen.runtime.transports.endpoint import parse_endpoint
from idlgen.runtime.transports.proxies import choose_proxy, environment_proxy


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("user-service:3001", "http://user-service:3001/rpc"),
        ("localhost", "http://localhost/rpc"),
        ("localhost/api", "http://localhost/api"),
        ("http://h", "http://h/rpc"),
        ("https://h:8443", "https://h:8443/rpc"),
        ("HTTP://h/Rpc", "http://h/Rpc"),
        ("http://h/", "http://h/"),
        ("http://h/a/b?key=1#x", "http://h/a/b?key=1"),
        ("http://h?key=1", "http://h/rpc?key=1"),
        ("[::1]:80", "http://[::1]:80/rpc"),
        ("http://ada:s3cret@h", "http://h/rpc"),
    ],
)
def test_what_a_url_leaves_out_is_filled_in(text: str, url: str) -> None:
    assert parse_endpoint(text).url == url


def test_user_and_password_become_a_header() -> None:
    endpoint = parse_endpoint("http://ada:s%40crete@h")
    assert endpoint.authorization == "Basic YWRhOnNAY3JldGU="


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "ftp://ada:s3cret@h/x",
            (
                "cannot call 'ftp://h/x': scheme `ftp://` is not supported; "
                "supported are `http://`, `https://`, `ws://`, `wss://`"
            ),
        ),
        ("http:///rpc", "cannot call 'http:///rpc': it names no host"),
        ("/rpc", "cannot call 'http:///rpc': it names no host"),
        (
            "http://h:99999",
            "cannot call 'http://h:99999': Port out of range 0-65535",
        ),
        *(
            (
                f"ws://{host}/x",
                (
                    f"cannot call 'ws://{host}/x': a part of its host's name is empty, "
                    "longer than 63 characters, or not made of letters"
                ),
            )
            for host in ("a..b", ".a", "a" * 64, "a\u3002\u3002b")
        ),
        ("h /x", "cannot call 'h /x': a URL holds no spaces or controls"),
        ("h\r\nx: y", "cannot call 'h\\r\\nx: y': a URL holds no spaces or controls"),
    ],
)
def test_a_wrong_url_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_endpoint(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("http://h", {}, None),
        ("http://h", {"HTTP_PROXY": "p:1"}, "p:1"),
        ("http://h", {"HTTP_PROXY": "p:1", "http_proxy": "q:1"}, "q:1"),
        ("http://h", {"HTTP_PROXY": "p:1", "http_proxy": ""}, None),
        ("http://h", {"HTTPS_PROXY": "p:1"}, None),
        ("https://h", {"HTTPS_PROXY": "p:1"}, "p:1"),
        ("ws://h", {"HTTP_PROXY": "p:1", "HTTPS_PROXY": "q:1"}, "p:1"),
        ("wss://h", {"HTTP_PROXY": "p:1", "HTTPS_PROXY": "q:1"}, "q:1"),
        ("wss://h:443", {"HTTPS_PROXY": "q:1", "NO_PROXY": "h:443"}, None),
        ("http://h", {"ALL_PROXY": "p:1"}, "p:1"),
        ("http://h", {"HTTP_PROXY": "p:1", "REQUEST_METHOD": "POST"}, None),
        ("http://h", {"http_proxy": "p:1", "REQUEST_METHOD": "POST"}, "p:1"),
    ],
)
def test_the_environment_names_a_proxy(
    url: str, environ: dict[str, str], proxy: str | None
) -> None:
    assert environment_proxy(parse_endpoint(url), environ) == proxy


@pytest.mark.parametrize(
    ("url", "no_proxy", "bypassed"),
    [
        ("http://h", "*", True),
        ("http://h", "", False),
        ("http://h", "a, H ,b", True),
        ("http://x.example.com", "example.com", True),
        ("http://x.example.com", ".example.com", True),
        ("http://xexample.com", "example.com", False),
        ("http://h", "h:80", True),
        ("http://h:81", "h:80", False),
        ("https://h", "h:443", True),
        ("http://[::1]", "::1", True),
        ("http://[::1]:8", "[::1]:8", True),
        ("http://127.0.0.1:8", "127.0.0.1", True),
    ],
)
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_names_what_is_reached_directly(
    name: str, url: str, no_proxy: str, bypassed: bool
) -> None:
    environ = {"http_proxy": "p:1", "https_proxy": "p:1", name: no_proxy}
    proxy = environment_proxy(parse_endpoint(url), environ)
    assert proxy == (None if bypassed else "p:1")


def test_a_given_proxy_wins_and_the_environment_can_be_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "p:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    endpoint = parse_endpoint("h")
    assert choose_proxy(endpoint, None, trust_env=True) == "http://p:1"
    assert choose_proxy(endpoint, "https://q:2", trust_env=True) == "https://q:2"
    assert choose_proxy(endpoint, None, trust_env=False) is None


def test_a_proxy_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="proxy `socks5://p` is not supported") as got:
        choose_proxy(parse_endpoint("h"), "socks5://ada:s3cret@p:1", trust_env=True)
    assert "s3cret" not in str(got.value)
