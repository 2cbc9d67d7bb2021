from __future__ import annotations

import sys
import threading

import pytest

from idlgen.cli.console import Console
from idlgen.cli.options import Settings
from idlgen.cli.progress import Progress


class Terminal:
    """A stream that somebody watches; `shown` is set once something was written."""

    def __init__(self) -> None:
        self.text = ""
        self.shown = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        if self.text:
            self.shown.set()


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in stderr's place; a fixture would, but pytest takes it back."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_long_work_shows_a_line_and_erases_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    with Progress(Console(Settings()), "compiling 3 schemas ...", patience=0):
        assert terminal.shown.wait(timeout=60)
        assert terminal.text == "compiling 3 schemas ..."
    assert terminal.text == "compiling 3 schemas ...\r\x1b[K"


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    with Progress(Console(Settings()), "compiling ...", patience=3600):
        pass
    assert terminal.text == ""


@pytest.mark.parametrize(
    "settings", [Settings(quiet=True), Settings(output_format="json")]
)
def test_machines_and_the_quiet_get_no_line(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    watched(monkeypatch)
    assert not Console(settings).shows_progress


def test_a_file_gets_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(Console(Settings()), "compiling ...", patience=0):
        pass
    assert capsys.readouterr().err == ""
