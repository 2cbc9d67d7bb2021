"""Both compilers accept what is generated, and right uses of it alone."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.typescript.conftest import compiled, configured, generated

HERE = Path(__file__).parent
SILENCED = re.compile(
    r"@ts-|eslint|: any\b|as any\b|<any>|\bunknown as\b|export default"
)


def test_consumers_are_told_of_wrong_uses(
    root: Path, tmp_path: Path, node: str, each_tsc: str
) -> None:
    """Browsers' types alone are known; each `@ts-expect-error` must be needed."""
    generated(root, tmp_path / "src/generated")
    (tmp_path / "src/consumer.ts").write_bytes((HERE / "consumer.ts").read_bytes())
    configured(tmp_path, noEmit=True, types=[], lib=["es2022", "dom"])
    compiled(node, each_tsc, tmp_path)


def test_no_check_is_silenced(root: Path, tmp_path: Path) -> None:
    generated(root, tmp_path)
    files = sorted(tmp_path.rglob("*.ts"))
    assert len(files) > 20
    found = [
        f"{path.name}:{number}: {line}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if SILENCED.search(line)
    ]
    assert found == []
