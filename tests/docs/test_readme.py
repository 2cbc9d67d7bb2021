"""The README tells the truth: what it has people type is typed, and prints what it says."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page, environment, run

PAGE = Page("../README.md")
URL = "127.0.0.1:8000"
GENERATED = ROOT / "generated_examples/user"
PYTHON = re.compile(r"^```python\n((?:.*\n)*?)```$", re.MULTILINE)
INDENTED = re.compile(r"^   ```python\n((?:.*\n)*?)   ```$", re.MULTILINE)

# What stands before the pieces of code that are no whole programs.
BEFORE = """\
from app import Users
from generated.user.client import UserServiceClient
from generated.user.errors import UserNotFound
from generated.user.server import UserService
from generated.user.testing import FakeUserService
from idlgen.runtime import asgi_app, in_process, known_tokens
from idlgen.runtime.interceptors import logged, measured, traced

who = known_tokens({})
url = "http://127.0.0.1:8000"


def current_token() -> str:
    return "t-1"


"""
BETWEEN = "users = in_process(UserServiceClient, Users())\n"
BEHIND = """
try:
    users.get_user_by_id(7)
except UserNotFound as error:
    print(error.id)
print(users.get_user_by_id(7).id)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    PAGE.write(folder, "user.yaml")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Host and port of what `idlgen serve app:Users` serves."""
    process = subprocess.Popen(
        [sys.executable, "-m", "idlgen", "serve", "app:Users", "--port", "0"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        yield process.stdout.readline().split("://")[1].split("/")[0]
        process.send_signal(signal.SIGINT)


def test_its_client_prints_what_it_says(folder: Path, address: str) -> None:
    client = PAGE.files["client.py"]
    assert client.count(URL) == 2
    (folder / "client.py").write_text(client.replace(URL, address))
    printed = PAGE.text.split(client)[1].split("\n```\n")[1]
    ended = run(folder, "client.py")
    assert (ended.stdout, ended.stderr) == (f"{printed}\n", "")


def test_its_shell_calls_the_server(folder: Path, address: str) -> None:
    line = re.search(r"^idlgen (call getUserById .*)$", PAGE.text, re.MULTILINE)
    assert line is not None
    words = line[1].replace(URL, address).replace("'", "").split()
    ended = run(folder, "-m", "idlgen", *words)
    assert '"name": "Ada"' in ended.stdout, ended.stderr


def test_its_pieces_of_code_run(folder: Path, address: str) -> None:
    whole = set(PAGE.files.values())
    pieces = [piece for piece in PYTHON.findall(PAGE.text) if piece not in whole]
    first, app, batch, stream, fake = pieces
    program = BEFORE + first + app + BETWEEN + batch + stream + fake + BEHIND
    (folder / "pieces.py").write_text(program.replace(URL, address))
    ended = run(folder, "pieces.py")
    assert (ended.stdout, ended.stderr) == ("Ada\nAda\n7\n7\n", "")


def test_the_lines_of_generated_code_are_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in GENERATED.glob("*.py")]
    generated = "\n".join(texts)
    pieces = INDENTED.findall(PAGE.text)
    assert len(pieces) == 5
    for piece in pieces:
        assert joined(piece) in joined(generated)


def joined(code: str) -> str:
    """Return the code without the white space by which lines of other lengths differ."""
    return re.sub(r"\s", "", code)
