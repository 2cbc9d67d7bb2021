"""The page about errors tells the truth: its programs run, its tables are the code's."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import msgspec
import pytest

import idlgen.runtime
from idlgen.compiler import compile
from idlgen.runtime import NotFound, RpcError, Status
from idlgen.runtime.errors import error_class
from idlgen.runtime.protocols.jsonrpc.failures import (
    RESERVED,
    ErrorObject,
    rpc_error,
    status_error,
)
from idlgen.runtime.transports.reply import STATUSES, Reply, refusal
from idlgen.targets.python.target import PythonTarget

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)
FILES: dict[str, str] = dict(FENCE.findall(PAGE))
PROGRAMS = sorted(name for name in FILES if name.endswith(".py"))
ANSWERING = """
import asyncio, json, sys
from idlgen.runtime.server.dispatcher import Dispatcher
from service import Accounts
request = open("request.json", "rb").read()
answer = asyncio.run(Dispatcher(Accounts()).dispatch(request))
assert json.loads(answer) == json.load(open("answer.json")), answer
"""
SURVIVING = """
import pickle
from datetime import timedelta
from generated.bank.errors import NoSuchAccount, TooBusy
error = pickle.loads(pickle.dumps(NoSuchAccount(id=7)))
assert (error.id, str(error), error.details) == (7, "there is no account 7", {"id": 7})
assert str(TooBusy(retry_after=timedelta(seconds=1))) == "too busy"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the page beside what its schema becomes."""
    folder = tmp_path_factory.mktemp("errors")
    schema = FILES["bank.yaml"].encode()
    path = PurePosixPath("bank.yaml")
    outcome = compile([path], {path: schema}.get, [PythonTarget({})])
    assert outcome.diagnostics == ()
    for file in outcome.files:
        written = folder / "generated" / file.path
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(file.body, encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def telling(text: str) -> tuple[str, list[str]]:
    """Return the program, printing each error that it catches, and what it prints."""
    tree = ast.parse(text)
    caught: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught.append(f"caught in line {node.lineno}")
            node.body[:0] = ast.parse(f"print({caught[-1]!r})").body
    return ast.unparse(tree), caught


@pytest.mark.parametrize("name", sorted({*PROGRAMS} - {"service.py"}))
def test_its_programs_run_and_see_every_error_that_they_catch(
    folder: Path, name: str
) -> None:
    program, caught = telling(FILES[name])
    assert caught
    ran = run(folder, "-c", program)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(ran.stdout.splitlines()) == sorted(caught)


def test_its_programs_are_what_type_checkers_want_to_see(folder: Path) -> None:
    checked = run(folder, "-m", "mypy", "--strict", *PROGRAMS)
    assert checked.stdout.startswith("Success"), checked.stdout


def test_its_request_has_its_answer(folder: Path) -> None:
    ran = run(folder, "-c", ANSWERING)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_every_block_of_code_is_a_file() -> None:
    assert PAGE.count("\n```") == 2 * len(FILES)


def table(column: str) -> list[list[str]]:
    """Return the rows of the table whose first column is called so."""
    _, _, after = PAGE.partition(f"\n| {column} |")
    rows = after.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in row.split("|")[1:-1]] for row in rows]


def test_the_table_of_statuses_is_true() -> None:
    rows = table("status")
    assert [row[0] for row in rows] == [status.value for status in Status]
    for status, name, code, _ in rows:
        kind = error_class(Status(status))
        assert kind is getattr(idlgen.runtime, name)
        assert status_error(kind()).code == int(code)
        assert kind().retryable == (status == "unavailable")


def test_the_table_of_reserved_errors_is_true() -> None:
    rows = table("code")
    assert {int(row[0]) for row in rows} == RESERVED.keys()
    for code, _, name in rows:
        error = rpc_error(ErrorObject(code=int(code), message="no"), {})
        assert type(error).__name__ == name


def test_other_codes_are_what_it_says() -> None:
    def received(data: bytes) -> RpcError:
        wire = ErrorObject(code=42, message="no", data=msgspec.Raw(data))
        return rpc_error(wire, {})

    assert type(received(b'{"status": "not_found"}')) is NotFound
    foreign = received(b'{"why": "so"}')
    assert type(foreign).__name__ == "UnknownError"
    assert foreign.details == {"why": "so"}
    assert received(b"[1]").details == {"data": [1]}


def refused(status: int) -> str:
    reply = Reply(status=status, headers={}, body=b"oops")
    error = refusal(reply, "http://bank")
    assert error.__notes__ == ["the answer began with 'oops'"]
    return type(error).__name__


def test_the_table_of_http_is_true() -> None:
    told = {status: row[1] for row in table("HTTP") for status in row[0].split(", ")}
    ranges = {"2xx": (200, 204), "3xx": (301, 308), "any other": (402, 418, 505, 599)}
    assert {int(status) for status in told.keys() - ranges} == STATUSES.keys()
    for status, name in told.items():
        for number in ranges.get(status) or (int(status),):
            assert refused(number) == name


def test_errors_survive_pickle_and_have_a_text(folder: Path) -> None:
    ran = run(folder, "-c", SURVIVING)
    assert (ran.returncode, ran.stderr) == (0, "")


def headings(page: str) -> set[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    return {heading.lower().replace("`", "").replace(" ", "-") for heading in found}


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        page, _, anchor = target.partition("#")
        assert not anchor or anchor in headings(page or "errors.md"), target
        assert (ROOT / "docs" / page).exists()
