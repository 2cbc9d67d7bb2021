"""What tests of every folder share: tools outside Python, and how random tests run."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest

ROOT = Path(__file__).parent.parent
NODE_MODULES = ROOT / "tests/node/node_modules"

# The suite must say the same twice, however slow the machine is; `make soak` looks further.
SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=SLOW,
)
hypothesis.settings.register_profile(
    "soak",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=SLOW,
)
hypothesis.settings.load_profile("suite")

# A shell has what runs in its background ignore Ctrl-C, and so would what tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class RequireTool(Protocol):
    """Gives the path of a program that a test cannot do without."""

    def __call__(self, name: str, install: str) -> str: ...


def found_or_skip(path: str | Path | None, name: str, install: str) -> str:
    """Return `path` as text, or skip the test; in CI, where all is installed, fail."""
    if path is not None and Path(path).exists():
        return str(path)
    reason = f"{name} is missing: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def require_tool() -> RequireTool:
    """`require_tool("node", "install node 20")`: the program's path."""

    def require(name: str, install: str) -> str:
        return found_or_skip(shutil.which(name), name, install)

    return require


@pytest.fixture(scope="session")
def node(require_tool: RequireTool) -> str:
    """The path of node."""
    return require_tool("node", "apt-get install nodejs")


def node_tool(path: str) -> str:
    return found_or_skip(NODE_MODULES / path, path, "cd tests/node && npm ci")


@pytest.fixture(scope="session")
def tsc(node: str) -> str:
    """The path of the TypeScript compiler; not that in `.bin`, which 5.9 has as well."""
    return node_tool("typescript/bin/tsc")


@pytest.fixture(scope="session", params=["typescript", "typescript5"])
def each_tsc(request: pytest.FixtureRequest, node: str) -> str:
    """The path of the TypeScript compiler, in both versions."""
    return node_tool(f"{request.param}/bin/tsc")


@pytest.fixture(scope="session")
def pyright(node: str) -> str:
    """The path of pyright."""
    return node_tool(".bin/pyright")


@pytest.fixture(scope="session")
def chromium(node: str) -> str:
    """The path of a browser, which `tests/node/chromium.mjs` starts without a window."""
    node_tool("playwright-core/package.json")
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return found_or_skip(found, "chromium", "apt-get install chromium")


@pytest.fixture(scope="session")
def openrpc(node: str) -> Sequence[str]:
    """The command that judges OpenRPC documents: see `tests/node/openrpc.mjs`."""
    library = NODE_MODULES / "@open-rpc/schema-utils-js"
    found_or_skip(library, "OpenRPC's library", "cd tests/node && npm ci")
    return [node, str(ROOT / "tests/node/openrpc.mjs")]


@pytest.fixture(scope="session")
def wheelhouse() -> Path:
    """The folder of wheels from which idlgen can be installed without network."""
    folder = Path(sys.prefix) / "wheels"
    return Path(found_or_skip(folder, "the wheelhouse", "make .venv/stamps/wheels"))
