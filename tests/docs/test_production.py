"""The page about production tells the truth: its server runs, is asked, and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from idlgen.cli.options_of_servers import LIMITS
from idlgen.runtime import Unauthenticated
from idlgen.runtime.untyped import Client

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/production.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)
FILES: dict[str, str] = dict(FENCE.findall(PAGE))
IDLGEN = [sys.executable, "-X", "utf8", "-m", "idlgen"]
COMMAND = re.search(r"```sh\nTOKENS='(.*)' KEYS=(\S+) idlgen (.*)\n```", PAGE)
PATIENCE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the page, built as its reader would."""
    folder = tmp_path_factory.mktemp("production")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "idlgen.toml").write_text('schemas = ["notes.yaml"]\n')
    assert run(folder, *IDLGEN, "build").returncode == 0
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, encoding="utf-8"
    )


def test_its_server_serves_logs_and_ends(folder: Path) -> None:
    assert COMMAND is not None
    tokens, keys, arguments = COMMAND.groups()
    env = {"PYTHONPATH": str(ROOT), "TOKENS": tokens, "KEYS": keys}
    process = subprocess.Popen(
        [*IDLGEN, *arguments.split(), "--port", "0"],
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/rpc", process.stdout.readline())
            assert found is not None
            port = int(found[1])
            url = f"http://127.0.0.1:{port}/rpc"
            with Client(url, token="t-ada") as known, Client(url) as nobody:
                assert known.call("Notes.add", "Milk") == 1
                with pytest.raises(Unauthenticated):
                    nobody.call("Notes.count")
            for path in ("/healthz", "/readyz"):
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", path)
                assert connection.getresponse().read() == b"ok\n"
                connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
        _, logs = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    lines = [json.loads(line) for line in logs.splitlines()]
    told = [(it["rpc_method"], it["rpc_status"]) for it in lines if "rpc_method" in it]
    assert told == [("notes.Notes.add", "ok"), ("notes.Notes.count", "unauthenticated")]
    assert "Milk" not in logs
    assert "t-ada" not in logs


def test_its_client_and_its_check_run(folder: Path) -> None:
    assert run(folder, sys.executable, "client.py").returncode == 0
    command = FILES["ci.sh"].split()
    assert run(folder, *IDLGEN, *command[1:]).returncode == 0
    (folder / "notes.yaml").write_text(FILES["notes.yaml"].replace("count", "number"))
    assert run(folder, *IDLGEN, *command[1:]).returncode == 1


def test_whoever_stops_the_server_waits_longer_than_its_grace() -> None:
    pod = yaml.safe_load(FILES["deployment.yaml"])["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert container["command"][-2:] == ["--grace", f"{LIMITS.grace:g}s"]
    assert pod["terminationGracePeriodSeconds"] > LIMITS.grace + pause
    stop = re.search(r"TimeoutStopSec=(\d+)", FILES["notes.service"])
    assert stop is not None
    assert int(stop[1]) > LIMITS.grace
    idle = re.search(r"keepalive_timeout (\d+)s", FILES["notes.conf"])
    assert idle is not None
    assert int(idle[1]) < LIMITS.idle_timeout


def test_every_item_of_its_list_is_a_section() -> None:
    headings = {
        f"#{line[3:].lower().replace(' ', '-')}"
        for line in PAGE.splitlines()
        if line.startswith("## ")
    }
    assert set(re.findall(r"\]\((#[\w-]+)\)", PAGE)) == headings
