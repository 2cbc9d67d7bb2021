"""`idlgen serve`, `call` and `mock` as they are typed: each a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, takewhile
from pathlib import Path
from typing import IO

import pytest

PATIENCE = 60
"""Seconds after which a test fails instead of hanging."""
IDLGEN = [sys.executable, "-X", "utf8", "-m", "idlgen"]
ROOT = Path(__file__).parent.parent.parent
FEED = "tests/runtime/contract/feed.yaml"
GUARDED = "tests/runtime/contract/guarded.yaml"
RELOADING = r"(.*Reloading\.\.\.\n)*"


class Server:
    """A process of `idlgen serve` or `mock`, and the line that it printed."""

    def __init__(self, process: subprocess.Popen[str], line: str) -> None:
        self.process = process
        self.line = line
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\S*", line)
        assert found is not None, line
        self.url = found[0]
        self.port = int(found[1])
        self.websocket = f"ws{self.url.removeprefix('http')}"

    def lines(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout


@contextmanager
def started(*arguments: str, cwd: Path = ROOT, more: str = "") -> Iterator[Server]:
    """Start a server and end it as Ctrl-C does; by then it may have printed `more`."""
    process = subprocess.Popen(
        [*IDLGEN, *arguments, "--port", "0"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            yield Server(process, process.stdout.readline())
        except BaseException:
            process.kill()
            raise
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate()
    assert process.returncode == 130
    assert re.fullmatch(more, rest)


def call(
    url: str,
    *arguments: str,
    stdin: str = "",
    schema: str = FEED,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # A schema may leave less time than a busy machine takes.
        [*IDLGEN, "call", "--timeout", "60s", *arguments, "--schema", schema],
        cwd=ROOT,
        env={**os.environ, "IDLGEN_URL": url, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
    )


def called(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Server]:
    with started("serve", "tests.runtime.contract.newsroom:Newsroom") as server:
        yield server


def wires(server: Server) -> Sequence[str]:
    return server.url, server.websocket


def test_a_server_says_what_it_serves_and_where(newsroom: Server) -> None:
    assert newsroom.line == f"serving feed.Feed at {newsroom.url}\n"
    assert newsroom.url.endswith("/rpc")


def test_results_are_printed_and_errors_told() -> None:
    schema = "schemas/user.yaml"
    with started("serve", "examples.user_service:UsersInMemory") as server:
        for url in wires(server):
            done = call(url, "getUserById", '{"id": 1}', schema=schema)
            assert called(done) == (
                0,
                (
                    '{\n  "id": 1,\n  "name": "홍길동",\n  "email": "hong@example.com",\n'
                    '  "roles": [\n    "admin"\n  ],\n'
                    '  "created_at": "2026-01-01T00:00:00Z"\n}\n'
                ),
                "",
            )
            done = call(url, "user.UserService.deleteUser", "[7]", schema=schema)
            assert called(done) == (0, "false\n", "")
            done = call(url, "UserService.getUserById", "[7]", schema=schema)
            assert called(done) == (
                1,
                "",
                (
                    "error: user 7 does not exist\n  status: not_found\n"
                    '  error: user.UserNotFound\n  fields: {"id": 7}\n'
                ),
            )
            compact = ["--output-format", "json"]
            done = call(url, "getUserById", "[7]", *compact, schema=schema)
            assert json.loads(done.stderr) == {
                "status": "not_found",
                "error": "user.UserNotFound",
                "message": "user 7 does not exist",
                "fields": {"id": 7},
            }
            done = call(url, "getUserById", "[1]", *compact, schema=schema)
            assert done.stdout.count("\n") == 1
        nowhere = call(f"{server.url}/x", "getUserById", "[1]", schema=schema)
        assert (nowhere.returncode, nowhere.stdout) == (2, "")
        assert "answered 404 Not Found" in nowhere.stderr


def test_streams_are_lines_both_ways(newsroom: Server) -> None:
    for url in wires(newsroom):
        done = call(url, "watch", '{"topic": "posts", "limit": 1}')
        assert called(done) == (
            0,
            (
                '{"type": "removed", "value": 0}\n'
                '{"type": "posted", "value": {"id": 1, "text": "hello"}}\n'
                '{"type": "idle"}\n'
            ),
            "",
        )
        done = call(url, "watch", '["broken", 1]')
        assert (done.returncode, done.stdout) == (
            1,
            '{"type": "removed", "value": 0}\n',
        )
        assert done.stderr.startswith("error: no topic broken\n  status: not_found\n")
        posts = '{"id": 1, "text": "a"}\n\n{"id": 2, "text": "b"}\n'
        done = call(url, "upload", stdin=posts)
        assert called(done) == (0, "2\n", "")
        done = call(url, "upload", stdin=f'{posts}{{"id": "3"}}\n')
        assert called(done) == (
            2,
            "",
            (
                "error: line 4 of stdin is no item of feed.Feed.upload\n"
                "  $.id: Expected `int`, got `str`\n  $.text: Missing\n"
            ),
        )
        done = call(url, "talk", stdin='"a"\n"b"\n')
        assert called(done) == (0, '"A"\n"B"\n', "")


@contextmanager
def streaming(url: str, topic: str, limit: int = 3) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [
            *IDLGEN,
            "call",
            "watch",
            f'["{topic}", {limit}]',
            "--schema",
            FEED,
            "--url",
            url,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process


def test_items_come_when_they_are_sent_and_ctrl_c_ends_them(newsroom: Server) -> None:
    for url in wires(newsroom):
        with streaming(url, "endless") as process:
            assert process.stdout is not None
            for number in range(3):
                line = process.stdout.readline()
                assert line == f'{{"type": "removed", "value": {number}}}\n'
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 130


def test_a_reader_that_has_enough_ends_the_stream(newsroom: Server) -> None:
    for url in wires(newsroom):
        with streaming(url, "much", 10**15) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == '{"type": "removed", "value": 0}\n'
            process.stdout.close()
            assert process.wait(PATIENCE) == 0
            assert process.stderr.read() == ""


def test_the_wire_is_shown_without_credentials(newsroom: Server) -> None:
    env = {"IDLGEN_TOKEN": "hunter2"}
    options = ["--wire", "--header", "Cookie: hunter3", "--timeout", "50s"]
    done = call(newsroom.url, "count", '["x"]', *options, env=env)
    assert (done.returncode, done.stdout) == (0, "1\n")
    lines = done.stderr.splitlines()
    assert lines[0] == f"> POST {newsroom.url}"
    for line in (
        "> authorization: ***",
        "> cookie: ***",
        "> idlgen-timeout-ms: 50000",
        '> {"jsonrpc":"2.0","method":"feed.Feed.count","params":{"topic":"x"},"id":1}',
        "< 200 OK",
        "< content-type: application/json",
    ):
        assert line in lines
    assert lines[-1] == '< {"jsonrpc":"2.0","result":1,"id":1}'
    stream = call(newsroom.websocket, "watch", '["x", 1]', *options, env=env)
    lines = stream.stderr.splitlines()
    assert lines[0] == "> GET /rpc"
    for line in (
        "> authorization: ***",
        "< 101 Switching Protocols",
        (
            '> {"jsonrpc":"2.0","method":"feed.Feed.watch",'
            '"params":{"topic":"x","limit":1},"id":1,"meta":{"timeout_ms":50000}}'
        ),
        (
            '< {"jsonrpc":"2.0","method":"$/item",'
            '"params":{"id":1,"item":{"type":"removed","value":0}}}'
        ),
        '< {"jsonrpc":"2.0","result":null,"id":1}',
    ):
        assert line in lines
    assert "hunter" not in done.stderr + stream.stderr


def test_no_log_level_shows_credentials() -> None:
    words = [
        "serve",
        "tests.runtime.contract.newsroom:Newsroom",
        "--log-level",
        "debug",
    ]
    with subprocess.Popen(
        [*IDLGEN, *words, "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            server = Server(process, process.stdout.readline())
            for url in wires(server):
                done = call(url, "count", '["four"]', "--token", "hunter2")
                assert called(done) == (0, "4\n", "")
        finally:
            process.send_signal(signal.SIGINT)
        logged = "".join(process.communicate())
    assert '"POST /rpc HTTP/1.1" 200' in logged
    assert '"WebSocket /rpc" [accepted]' in logged
    assert "hunter" not in logged


HANDSHAKE = (
    b"GET /rpc HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "tests.runtime.contract.newsroom:Newsroom"],
        ["serve", "tests.runtime.contract.newsroom:Newsroom", "--workers", "2"],
        ["mock", FEED],
    ],
    ids=["serve", "workers", "mock"],
)
def test_a_message_that_is_too_large_is_not_waited_for(words: list[str]) -> None:
    with (
        started(*words) as server,
        socket.create_connection(("127.0.0.1", server.port), PATIENCE) as peer,
    ):
        peer.sendall(HANDSHAKE)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += peer.recv(1)
        assert head.startswith(b"HTTP/1.1 101 ")
        # A text is said to have 5 MiB, of which none is sent.
        peer.sendall(b"\x81\xff" + struct.pack(">Q", 5 * 1024 * 1024) + b"mask")
        closed = peer.recv(4)
        assert (closed[0], struct.unpack(">H", closed[2:])) == (0x88, (1009,))


def test_any_server_is_called_without_its_schema(newsroom: Server) -> None:
    for url in wires(newsroom):
        done = untyped(url, "feed.Feed.count", '["four"]')
        assert called(done) == (0, "4\n", "")
        done = untyped(url, "Feed.count", "-", stdin='{"topic": "four"}')
        assert called(done) == (0, "4\n", "")
        done = untyped(url, "nope")
        assert (done.returncode, done.stdout) == (1, "")
        assert "\n  status: unimplemented\n" in done.stderr
    done = untyped(
        newsroom.url, "Feed.count", '["x"]', "--wire", "-H", "Cookie: secret"
    )
    assert done.stdout == "1\n"
    assert "> cookie: ***\n" in done.stderr
    assert untyped(f"{newsroom.url}/x", "Feed.count", '["x"]').returncode == 2


def untyped(
    url: str, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Call where there is no schema."""
    return subprocess.run(
        [*IDLGEN, "call", "--untyped", *arguments, "--url", url],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
    )


def test_a_mock_answers_with_examples_and_values_that_it_makes() -> None:
    with started("mock", FEED, "schemas/user.yaml") as server:
        assert server.line == f"serving feed.Feed, user.UserService at {server.url}\n"
        for url in wires(server):
            done = call(url, "watch", '["news"]')
            assert called(done) == (
                0,
                (
                    '{"type": "posted", "value": {"id": 1, "text": "hello"}}\n'
                    '{"type": "removed", "value": 1}\n'
                ),
                "",
            )
            done = call(url, "count", '["no example has this"]')
            assert (done.returncode, done.stderr) == (0, "")
            assert isinstance(json.loads(done.stdout), int)


def test_a_mock_takes_every_credential_but_none() -> None:
    with started("mock", GUARDED) as server:
        for url in wires(server):
            done = call(url, "look", schema=GUARDED)
            assert done.returncode == 1
            assert "  status: unauthenticated\n" in done.stderr
            done = call(url, "look", "--token", "anything", schema=GUARDED)
            assert (done.returncode, done.stderr) == (0, "")
            key = {"IDLGEN_TOKEN": "a-key"}
            done = call(url, "post", '["x"]', schema=GUARDED, env=key)
            assert (done.returncode, done.stderr) == (0, "")


def test_a_mock_follows_its_schema(tmp_path: Path) -> None:
    def declare(result: str) -> None:
        text = f"services: {{S: {{methods: {{m: {{returns: {result}}}}}}}}}\n"
        (tmp_path / "new").write_text(text)
        # At no moment is half of it there.
        (tmp_path / "new").replace(tmp_path / "s.yaml")

    schema = str(tmp_path / "s.yaml")
    declare("bool")
    with started("mock", "s.yaml", "--reload", cwd=tmp_path) as server:
        assert call(server.url, "m", schema=schema).stdout in ("true\n", "false\n")
        declare("strng")
        fault = [server.lines().readline() for _ in range(2)]
        assert fault == ["error[IDL102]: unknown type `strng`\n", " --> s.yaml:1:39\n"]
        for line in server.lines():
            if line == "serving what was there before\n":
                break
        declare("list<string>")
        assert server.lines().readline() == "serving s.S anew\n"
        done = call(server.url, "m", schema=schema)
        assert isinstance(json.loads(done.stdout), list)


def service(tmp_path: Path, answer: int) -> None:
    (tmp_path / "app.py").write_text(
        "from tests.runtime.contract.feed.server import FeedUnimplemented\n"
        "class Feed(FeedUnimplemented):\n"
        f"    async def count(self, topic: str) -> int:\n        return {answer}\n"
    )


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Give the file later and later times: the first may come before the first look."""
    seen = threading.Event()

    def change() -> None:
        for later in count(2_000_000_000):
            os.utime(path, (later, later))
            if seen.wait(0.5):
                return

    thread = threading.Thread(target=change)
    thread.start()
    yield
    seen.set()
    thread.join()


def test_a_server_starts_anew_when_its_code_changes(tmp_path: Path) -> None:
    service(tmp_path, 1)
    options = ["serve", "app:Feed", "--reload"]
    with started(*options, cwd=tmp_path, more=RELOADING) as server:
        assert server.line == f"serving app:Feed at {server.url}\n"
        assert called(call(server.url, "count", '["x"]')) == (0, "1\n", "")
        service(tmp_path, 2)
        with changing(tmp_path / "app.py"):
            assert "Reloading" in server.lines().readline()
        # Until the process has ended that serves the old code, it may still answer.
        answers = (called(call(server.url, "count", '["x"]')) for _ in range(100))
        assert (0, "2\n", "") in answers


def test_calls_are_refused_while_the_code_cannot_be_loaded(tmp_path: Path) -> None:
    service(tmp_path, 1)
    good = (tmp_path / "app.py").rename(tmp_path / "good")
    (tmp_path / "app.py").write_text("x = = 1\n")
    options = ["serve", "app:Feed", "--reload"]
    with started(*options, cwd=tmp_path, more=RELOADING) as server:
        for url in (server.url, server.websocket):
            refused = call(url, "count", '["x"]')
            assert refused.returncode == 2
            assert "503 Service Unavailable" in refused.stderr
        good.replace(tmp_path / "app.py")
        with changing(tmp_path / "app.py"):
            told = takewhile(lambda line: "Reloading" not in line, server.lines())
            first, *_, last = told
        assert first.startswith("Error: cannot import 'app': ")
        assert "calls are refused until" in last
        # Until it has ended, the process that refuses calls may go on to do so.
        answers = (called(call(server.url, "count", '["x"]')) for _ in range(100))
        assert (0, "1\n", "") in answers


def test_several_processes_serve(tmp_path: Path) -> None:
    service(tmp_path, 1)
    options = ["--workers", "2", "--path", "/v1/rpc"]
    with started("serve", "app:Feed", *options, cwd=tmp_path) as server:
        assert server.url.endswith("/v1/rpc")
        assert called(call(server.url, "count", '["x"]')) == (0, "1\n", "")
