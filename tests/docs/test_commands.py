"""The page about serve, call and mock tells the truth: what it types is typed here."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE))
BLOCKS = re.findall(r"^```(\w+)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
URL = "http://127.0.0.1:8000/rpc"
BIN = Path(sys.executable).parent


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield what is typed in a block, and what is printed then."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build = [sys.executable, "-m", "idlgen", "build", "-q"]
    subprocess.run(build, cwd=folder, env=environment(), check=True)
    return folder


def environment(**more: str) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return {**os.environ, **own, **more}


@contextmanager
def serving(folder: Path, block: str) -> Iterator[str]:
    """Type the block's command, but for any free port; give the URL that is printed."""
    ((command, printed),) = commands(block)
    process = subprocess.Popen(
        [sys.executable, "-m", *command.split(), "--port", "0"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        line = process.stdout.readline()
        url = line.split()[-1]
        assert line.replace(url, URL) == printed
        try:
            yield url
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 130


def test_its_commands_print_what_it_says(folder: Path) -> None:
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds == ["server", *["console"] * 4, "mock", "console"]
    server, *typed, mock, mocked = (block for _, block in BLOCKS)
    with serving(folder, server) as url:
        for block in typed:
            for command, printed in commands(block):
                assert (command, run(folder, command, url)) == (command, printed)
    with serving(folder, mock) as url:
        for command, printed in commands(mocked):
            assert (command, run(folder, command, url)) == (command, printed)


def run(folder: Path, command: str, url: str) -> str:
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment(IDLGEN_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ).stdout


def test_every_block_is_a_file_or_typed() -> None:
    assert PAGE.count("\n```") == 2 * (len(FILES) + len(BLOCKS))
