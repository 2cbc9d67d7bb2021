"""SECURITY.md tells the truth: every limit is there, with the number that the code has."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from idlgen.cli.options_of_servers import LIMITS
from idlgen.cli.serving import listening, timed
from idlgen.runtime import asgi_app
from idlgen.runtime.metadata import NOT_A_CALLERS_PREFIXES, is_a_callers
from idlgen.runtime.protocols.jsonrpc import credit
from idlgen.runtime.server import answers, health, refused_body, websocket
from idlgen.runtime.server.asgi import DEFAULT_GRACE
from idlgen.runtime.server.idempotency import memory
from idlgen.runtime.validation import findings, problems

PAGE = (Path(__file__).parent.parent.parent / "SECURITY.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")]
    for row in re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)
]
MIB = 1024 * 1024


def default(option: str) -> Any:
    return inspect.signature(asgi_app).parameters[option].default


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("`max_body`, `--max-body`", "4 MiB"),
        ("`read_timeout`", "30"),
        ("`max_batch`", "1000"),
        ("`batch_concurrency`", "16"),
        ("`max_concurrent`", "10,000"),
        ("`max_calls`", "1000, of 8 times `max_body` together"),
        ("`max_connections`", "10,000"),
        ("`threads`", "32"),
        ("`MemoryKeys(...)`", "10,000, 64 MiB, a day"),
        ("`--idle-timeout`", "75"),
        ("`--max-connections`", "10,000"),
        ("`--grace`", "30"),
    ],
)
def test_each_limit_that_can_be_changed_has_a_row(where: str, says: str) -> None:
    assert [row[1] for row in ROWS if row[-1] == where] == [says]


def test_the_numbers_are_those_of_the_code() -> None:
    assert {
        name: default(name)
        for name in inspect.signature(asgi_app).parameters
        if name.startswith("max_") or name in ("batch_concurrency", "threads")
    } == {
        "max_body": 4 * MIB,
        "max_batch": 1000,
        "batch_concurrency": 16,
        "max_calls": 1000,
        "max_connections": 10_000,
        "max_concurrent": 10_000,
        "threads": 32,
    }
    assert default("read_timeout") == 30
    assert (LIMITS.idle_timeout, LIMITS.max_connections) == (75, 10_000)
    assert LIMITS.grace == DEFAULT_GRACE == 30
    assert (timed.HEAD_TIMEOUT, timed.MAX_HEAD) == (10, 64 * 1024)
    config = listening.configuration(None, "error", LIMITS)
    assert (config.ws_ping_interval, config.ws_ping_timeout) == (20, 20)
    assert (credit.ITEMS, credit.BYTES) == (64, MIB)
    assert (answers.MAX_UNSENT, websocket.MESSAGES) == (MIB, 8)
    assert (refused_body.TIMES, refused_body.PATIENCE) == (16, 30)
    assert (refused_body.SILENCE, health.PATIENCE) == (5, 5)
    assert (findings.MAX_PROBLEMS, findings.MAX_NODES) == (50, 100_000)
    assert problems.MAX_DEPTH == 64
    assert (memory.DEFAULT_MAX_KEYS, memory.DEFAULT_MAX_BYTES) == (10_000, 64 * MIB)
    assert memory.DAY == 24 * 60 * 60


def test_headers_that_meta_may_not_name_are_those_that_are_refused() -> None:
    section = PAGE.split("## What a request may not say")[1].split("\n\n")[1]
    named = set(re.findall(r"`([a-z*-]+)`", section)) - {"-32600"}
    prefixes = {name.removesuffix("*") for name in named if name.endswith("*")}
    assert prefixes == set(NOT_A_CALLERS_PREFIXES)
    single = {name for name in named if not name.endswith("*")}
    assert {"host", "origin", "cookie", "authorization", "connection"} <= single
    assert not any(is_a_callers(name) for name in single)
