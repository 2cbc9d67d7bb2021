from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from idlgen.workspace.transaction import Transaction, Write


def snapshot(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return bytes, mode and time of change of every file; folders are empty bytes."""
    return {
        path.relative_to(root).as_posix(): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mode,
            path.stat().st_mtime_ns if path.is_file() else 0,
        )
        for path in root.rglob("*")
    }


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "user").mkdir()
    (tmp_path / "old").mkdir()
    (tmp_path / "user/types.py").write_text("old types\n")
    (tmp_path / "user/client.py").write_text("old client\n")
    (tmp_path / "old/types.py").write_text("orphan\n")
    (tmp_path / "user/mine.py").write_text("mine\n")
    return tmp_path


def change(root: Path) -> None:
    Transaction(root).run(
        [
            Write(root / "user/types.py", b"new types\n", 0o640),
            Write(root / "new/deep/types.py", b"fresh\n", None),
            Write(root / "user/client.py", b"new client\n", 0o644),
        ],
        [root / "old/types.py"],
    )


def test_everything_is_written_and_removed(tree: Path) -> None:
    change(tree)
    assert {name: data for name, (data, *_) in snapshot(tree).items() if data} == {
        "user/types.py": b"new types\n",
        "user/client.py": b"new client\n",
        "user/mine.py": b"mine\n",
        "new/deep/types.py": b"fresh\n",
    }
    assert not (tree / "old").exists()
    assert (tree / "user/types.py").stat().st_mode & 0o777 == 0o640


def failing(method: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the call number `at` of a method of Path fail, and no other."""
    real: Callable[..., object] = getattr(Path, method)
    calls = 0

    def wrapped(self: Path, *args: object, **keywords: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(28, "No space left on device")
        return real(self, *args, **keywords)

    monkeypatch.setattr(Path, method, wrapped)


@pytest.mark.parametrize(
    ("method", "at"),
    [
        ("open", 1),
        ("open", 3),
        ("mkdir", 1),
        ("mkdir", 2),
        ("replace", 1),
        ("replace", 2),
        ("replace", 3),
        ("rename", 1),
    ],
)
def test_a_failure_leaves_the_tree_as_it_was(
    tree: Path, monkeypatch: pytest.MonkeyPatch, method: str, at: int
) -> None:
    before = snapshot(tree)
    with monkeypatch.context() as patch:
        failing(method, at, patch)
        with pytest.raises(OSError, match="No space left"):
            change(tree)
    assert snapshot(tree) == before


def test_a_failure_leaves_the_tree_as_it_was_without_hard_links(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(tree)

    def refuse(self: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "hardlink_to", refuse)
        failing("replace", 3, patch)
        with pytest.raises(OSError, match="No space left"):
            change(tree)
    assert snapshot(tree) == before
    with monkeypatch.context() as patch:
        patch.setattr(Path, "hardlink_to", refuse)
        change(tree)
    assert (tree / "user/types.py").read_text() == "new types\n"


def test_an_interrupt_leaves_the_tree_as_it_was(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(tree)

    def interrupt(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupt)
        with pytest.raises(KeyboardInterrupt):
            change(tree)
    assert snapshot(tree) == before


def test_new_files_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        Transaction(tmp_path).run([Write(tmp_path / "a.py", b"", None)], [])
    finally:
        os.umask(before)
    assert (tmp_path / "a.py").stat().st_mode & 0o777 == 0o640
