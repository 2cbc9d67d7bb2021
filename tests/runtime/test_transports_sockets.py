"""All HTTP transports against servers that behave and misbehave: what comes of a call."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable

import pytest

from idlgen.runtime.errors import (
    DeadlineExceeded,
    ResourceExhausted,
    RpcError,
    Unavailable,
)
from idlgen.runtime.transports import Reply
from tests.ports import own_port
from tests.runtime.http_servers import (
    AMPLE,
    CHUNKED,
    KINDS,
    LONG,
    OK,
    Server,
    closing_without_a_word,
    echoing,
    exchange,
    repeating,
    sending,
    serving,
    stalling,
)

SHORT = 0.3


@KINDS
@pytest.mark.parametrize(
    ("behave", "error", "timeout"),
    [
        pytest.param(closing_without_a_word, Unavailable, AMPLE, id="closes at once"),
        pytest.param(sending(b""), Unavailable, AMPLE, id="no answer"),
        pytest.param(sending(b"HTTP/1"), Unavailable, AMPLE, id="half a line"),
        pytest.param(sending(LONG + b"{"), Unavailable, AMPLE, id="half a body"),
        pytest.param(
            sending(CHUNKED + b"5\r\n{}"), Unavailable, AMPLE, id="half a chunk"
        ),
        pytest.param(
            sending(CHUNKED + b"2\r\n{}\r\n"), Unavailable, AMPLE, id="no end"
        ),
        pytest.param(sending(b"SSH-2.0-x\r\n\r\n"), Unavailable, AMPLE, id="not HTTP"),
        pytest.param(stalling(b""), DeadlineExceeded, SHORT, id="stalls at once"),
        pytest.param(
            stalling(OK[:20]), DeadlineExceeded, SHORT, id="stalls in the head"
        ),
        pytest.param(stalling(LONG), DeadlineExceeded, SHORT, id="stalls in the body"),
        pytest.param(
            repeating(LONG, b" ", 0.05), DeadlineExceeded, SHORT, id="trickles"
        ),
        pytest.param(
            sending(LONG.replace(b"500", b"1001") + b" " * 1001),
            ResourceExhausted,
            AMPLE,
            id="too large",
        ),
        pytest.param(
            repeating(CHUNKED, b"5\r\n12345\r\n", 0),
            ResourceExhausted,
            AMPLE,
            id="endless",
        ),
        pytest.param(
            sending(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
                + gzip.compress(b" " * 1001)
            ),
            ResourceExhausted,
            AMPLE,
            id="too large once inflated",
        ),
    ],
)
def test_a_broken_exchange_is_an_error_of_its_status(
    kind: str,
    behave: Callable[[Server, socket.socket], None],
    error: type[RpcError],
    timeout: float,
) -> None:
    with serving(behave) as server:
        with pytest.raises(error) as caught:
            exchange(kind, server.url, timeout=timeout)
        assert server.url in caught.value.message
        assert len(server.requests) <= 1


@KINDS
def test_a_refused_connection_is_unavailable(kind: str) -> None:
    with own_port() as port, pytest.raises(Unavailable):
        exchange(kind, f"127.0.0.1:{port}")


@KINDS
@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        pytest.param(
            OK,
            Reply(
                status=200,
                headers={"content-type": "application/json", "content-length": "2"},
                body=b"{}",
            ),
            id="plain",
        ),
        pytest.param(
            CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
            Reply(status=200, headers={"transfer-encoding": "chunked"}, body=b"{}"),
            id="chunked",
        ),
        pytest.param(
            b"HTTP/1.1 500 Oops\r\nX-A: 1\r\n\r\n<p>",
            Reply(status=500, headers={"x-a": "1"}, body=b"<p>"),
            id="error, ended by the close",
        ),
        pytest.param(
            b"HTTP/1.1 204 No Content\r\n\r\n",
            Reply(status=204, headers={}, body=b""),
            id="nothing",
        ),
        pytest.param(
            b"HTTP/1.1 307 Go\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
            Reply(
                status=307,
                headers={"location": "/other", "content-length": "0"},
                body=b"",
            ),
            id="redirect",
        ),
    ],
)
def test_whatever_comes_back_is_returned_as_it_is(
    kind: str, answer: bytes, reply: Reply
) -> None:
    with serving(sending(answer)) as server:
        assert exchange(kind, server.url) == reply
        assert len(server.requests) == 1


@KINDS
def test_the_request_is_one_post_with_the_given_headers(kind: str) -> None:
    with serving(sending(OK)) as server:
        exchange(kind, server.url + "?a=1", headers={"x-trace": "7", "user-agent": "u"})
        (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /rpc?a=1 http/1.1"
    assert {b"x-trace: 7", b"user-agent: u", b"content-length: 3"} <= set(lines)
    assert body == b"[1]"


@KINDS
def test_a_proxy_is_asked_for_the_whole_url_and_told_who_asks(kind: str) -> None:
    with serving(sending(OK)) as proxy:
        address = f"http://ada:s%40crete@127.0.0.1:{proxy.port}"
        reply = exchange(kind, "http://users.invalid:81/rpc", proxy=address)
        (request,) = proxy.requests
    assert reply.body == b"{}"
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert lines[0] == b"POST http://users.invalid:81/rpc HTTP/1.1"
    assert b"Proxy-Authorization: Basic YWRhOnNAY3JldGU=" in lines


@KINDS
def test_a_proxy_out_of_reach_is_unavailable_and_its_password_stays_secret(
    kind: str,
) -> None:
    with own_port() as port:
        address = f"http://ada:s3cret@127.0.0.1:{port}"
        with pytest.raises(Unavailable) as caught:
            exchange(kind, "http://users.invalid/rpc", proxy=address)
    assert "s3cret" not in caught.value.message


@KINDS
def test_an_answer_in_time_is_not_late_without_a_timeout(kind: str) -> None:
    with serving(echoing) as server:
        assert exchange(kind, server.url, timeout=None).body == b"1:[1]"
