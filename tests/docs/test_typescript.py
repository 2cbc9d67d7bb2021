"""The page about TypeScript compiles, and tells all options."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.typescript.conftest import compiled, configured, generated

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/typescript.md").read_text(encoding="utf-8")
RUNTIME = ROOT / "templates/typescript/runtime"


def test_every_block_compiles(tmp_path: Path, node: str, each_tsc: str) -> None:
    generated(ROOT, tmp_path / "src/generated")
    blocks = re.findall(r"^```typescript\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
    assert len(blocks) == 7
    for number, block in enumerate(blocks):
        (tmp_path / f"src/block{number}.ts").write_text(block, "utf-8")
    configured(tmp_path, noEmit=True, types=[], lib=["es2022", "dom"])
    compiled(node, each_tsc, tmp_path)


def test_the_options_of_a_call_are_its_options() -> None:
    methods = (RUNTIME / "methods.ts").read_text("utf-8")
    options = methods.split("export interface CallOptions {")[1].split("\n}\n")[0]
    declared = re.findall(r"^  readonly (\w+)\?", options, re.MULTILINE)
    table = PAGE.split("| Option of a call |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == declared
