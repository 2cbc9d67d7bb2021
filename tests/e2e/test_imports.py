"""What an import brings along: a client must not carry the generator."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
import {module}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(module: str, root: Path) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after the import."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module)],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        (
            "generated_examples.user.client",
            {"jinja2", "yaml", "click", "uvicorn", "urllib3", "aiohttp", "asyncio"},
        ),
        ("generated_examples.user.types", {"jinja2", "yaml", "click", "urllib3"}),
        ("generated_examples.user.server", {"jinja2", "yaml", "click", "uvicorn"}),
        ("idlgen", {"jinja2", "yaml", "click", "msgspec"}),
    ],
)
def test_an_import_loads_no_more_than_it_needs(
    module: str, unwanted: set[str], root: Path
) -> None:
    assert loaded(module, root) & unwanted == set()
