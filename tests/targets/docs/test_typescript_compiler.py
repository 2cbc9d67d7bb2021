from __future__ import annotations

import shutil
from pathlib import Path

from tests.targets.docs.conftest import CheckTypeScript

HERE = Path(__file__).parent


def test_declarations_accept_right_uses_and_refuse_wrong_ones(
    tmp_path: Path, check_typescript: CheckTypeScript
) -> None:
    shutil.copy(HERE / "expected/library.d.ts", tmp_path)
    shutil.copy(HERE / "consumer.ts", tmp_path)
    assert check_typescript(tmp_path) == ""
