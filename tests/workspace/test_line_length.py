from __future__ import annotations

from pathlib import Path

import pytest

from idlgen.workspace.line_length import formatter_line_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, 88),
        ("[project]\n", 88),
        ("[tool.black]\nline-length = 100\n", 100),
        ("[tool.black]\nline_length = 101\n", 101),
        ("[tool.ruff]\nline-length = 120\n", 120),
        ("[tool.ruff]\nline-length = 120\n[tool.black]\nline-length = 100\n", 100),
        ("[tool.isort]\nline_length = 79\n", 88),
        ("[tool.black]\nline-length = 'x'\n", 88),
        ("[tool.black]\nline-length = \n", 88),
    ],
)
def test_the_formatters_setting_counts(
    tmp_path: Path, text: str | None, expected: int
) -> None:
    (tmp_path / "deep/deeper").mkdir(parents=True)
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert formatter_line_length(tmp_path / "deep/deeper").columns == expected


def test_the_place_of_a_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    text = "[tool.black]\n\nline-length = 100\n[tool.ruff]\nline-length = 99\n"
    (tmp_path / "pyproject.toml").write_text(text)
    found = formatter_line_length(tmp_path / "deep")
    assert (found.columns, found.table) == (100, "[tool.black]")
    assert found.place is not None
    assert found.place.source.path == "../pyproject.toml"
    assert found.place.position == (3, 1)
