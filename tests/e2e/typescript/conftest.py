"""TypeScript clients, built by the real command, compiled, and run by node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generated_examples.kitchen_sink.stores.pantry.types import Supply
from idlgen.runtime import asgi_app
from idlgen.runtime.auth import Assumed
from tests.conftest import NODE_MODULES
from tests.e2e.kitchen.conftest import supplies
from tests.e2e.kitchen.staff import Cook, Keeper, Scrubber
from tests.e2e.typescript.users import SlowUsers
from tests.runtime.contract.serving import serving

__all__ = ["supplies"]

PROGRAMS = Path(__file__).parent / "programs"
SCHEMAS = ["schemas/user.yaml", "schemas/kitchen_sink.yaml"]
STRICT = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitOverride": True,
    "noPropertyAccessFromIndexSignature": True,
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "verbatimModuleSyntax": True,
    "isolatedModules": True,
    "erasableSyntaxOnly": True,
    "skipLibCheck": False,
    "target": "es2022",
    "module": "nodenext",
}

Run = Callable[[str], None]


def configured(folder: Path, **options: object) -> None:
    """Make `folder` a project of ES modules with the strictest settings."""
    package = folder / "package.json"
    package.write_text(json.dumps({"type": "module"}), "utf-8")
    settings = {"compilerOptions": {**STRICT, **options}, "include": ["src"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    (folder / "node_modules").symlink_to(NODE_MODULES)


def compiled(node: str, tsc: str, folder: Path) -> None:
    """Compile the project; fail with what the compiler says."""
    command = [node, tsc, "--project", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:5000]


def generated(root: Path, folder: Path) -> None:
    """Build the example schemas into `folder`."""
    command = [sys.executable, "-m", "idlgen", "build", "--target", "typescript"]
    done = subprocess.run(
        [*command, "--out", folder, *SCHEMAS],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def project(
    tmp_path_factory: pytest.TempPathFactory, root: Path, node: str, tsc: str
) -> Path:
    """The folder of the compiled programs; they know node's types and no browser's."""
    folder = tmp_path_factory.mktemp("typescript")
    generated(root, folder / "src/generated")
    for path in PROGRAMS.glob("*.ts"):
        (folder / "src" / path.name).write_bytes(path.read_bytes())
    configured(folder, types=["node"], lib=["es2022"], outDir="dist", rootDir="src")
    compiled(node, tsc, folder)
    return folder / "dist"


class EmptyPage(BaseHTTPRequestHandler):
    """Answers everything with an empty page."""

    def do_GET(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href='data:,'>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def pages() -> Iterator[int]:
    """The port of 127.0.0.1 where pages come from that call the server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def url(supplies: list[Supply], pages: int) -> Iterator[str]:
    """Where the kitchen's services and the users' answer, pages of one origin too."""
    app = asgi_app(
        *(SlowUsers(), Cook(), Scrubber(), Keeper(*supplies)),
        authenticate=Assumed(),
        origins=[f"http://127.0.0.1:{pages}"],
    )
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}/rpc"


@pytest.fixture
def run(project: Path, node: str, request: pytest.FixtureRequest) -> Run:
    """`run("user")`: run the tests of programs/user.test.ts, which find `URL` set."""

    def run(name: str) -> None:
        environment = {**os.environ, "URL": request.getfixturevalue("url")}
        done = subprocess.run(
            [node, "--test", "--test-reporter=spec", project / f"{name}.test.js"],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run
