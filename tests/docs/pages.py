"""A page whose blocks of code are the files of one project."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

from idlgen.compiler import compile
from idlgen.targets.python.target import PythonTarget

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", re.MULTILINE)


class Page:
    """A page of docs; `files` are its blocks that have a name."""

    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        self.files: dict[str, str] = dict(FENCE.findall(self.text))

    @property
    def names_each_block(self) -> bool:
        """Whether no block of code is left out of the files."""
        return self.text.count("\n```") == 2 * len(self.files)

    def write(self, folder: Path, schema: str) -> None:
        """Write all files, and beside them what the schema among them becomes."""
        path = PurePosixPath(schema)
        source = self.files[schema].encode()
        outcome = compile([path], {path: source}.get, [PythonTarget({})])
        assert outcome.diagnostics == ()
        for file in outcome.files:
            written = folder / "generated" / file.path
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(file.body, encoding="utf-8")
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")

    def rows(self, heading: str) -> dict[str, str]:
        """Return the rows of the last table under the heading: first cell and last."""
        section = self.text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        found = re.findall(r"^\| `(\w+)` \|.*?([^|]*) \|$", section, re.MULTILINE)
        return dict(found)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
    )


def environment() -> dict[str, str]:
    """Return the environment in which idlgen is that of this repo."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
