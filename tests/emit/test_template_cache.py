from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from idlgen.emit.template_cache import TemplateCache


def render(folder: Path, settings: object = 1) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        bytecode_cache=TemplateCache(folder, settings),
    )
    return environment.get_template("a.j2").render()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.j2").write_text("one", encoding="utf-8")
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*.jinja"))


def test_a_compiled_template_is_kept_and_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render(folder) == "one"
    assert len(kept(folder)) == 1

    monkeypatch.setattr(jinja2.Environment, "_generate", None)

    assert render(folder) == "one"


def test_a_changed_template_is_compiled_anew(folder: Path) -> None:
    render(folder)
    (folder / "a.j2").write_text("two", encoding="utf-8")

    assert render(folder) == "two"


def test_other_settings_do_not_share_bytecode(folder: Path) -> None:
    render(folder, settings=1)
    render(folder, settings=2)

    assert len(kept(folder)) == 2


def test_damaged_bytecode_is_replaced(folder: Path) -> None:
    render(folder)
    kept(folder)[0].write_bytes(b"\x00damaged")

    assert render(folder) == "one"


def test_nothing_is_kept_where_nothing_can_be_written(folder: Path) -> None:
    (folder / "__pycache__").write_text("a file in the way", encoding="utf-8")

    assert render(folder) == "one"


def test_nothing_is_kept_if_python_writes_no_bytecode(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert render(folder) == "one"
    assert kept(folder) == []
