"""What is printed, and where: results on stdout, findings in text on stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from idlgen.cli.options import Settings
    from idlgen.diagnostics import Diagnostic


class Console:
    """Prints as the settings of this run ask.

    `base` is the real folder that the paths of findings are relative to.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.base = Path()

    @property
    def is_text(self) -> bool:
        """Whether people read the output; else stdout holds what machines read."""
        return self._settings.output_format == "text"

    @property
    def quiet(self) -> bool:
        """Whether only findings are wanted."""
        return self._settings.quiet

    @property
    def shows_progress(self) -> bool:
        """Whether somebody watches who wants to know that work goes on."""
        return self.is_text and not self._settings.quiet and sys.stderr.isatty()

    def result(self, text: str) -> bool:
        """Print what was asked for, whole lines, on stdout; false if nobody reads it."""
        return _write(sys.stdout, text)

    def diff(self, lines: Sequence[str]) -> None:
        """Print the lines of a unified diff on stdout."""
        from idlgen.cli.diffs import colored

        shown = colored(lines) if self.colors(sys.stdout) else lines
        _write(sys.stdout, "".join(f"{line}\n" for line in shown))

    def detail(self, line: str) -> None:
        """Print a line that only `--verbose` wants."""
        if self._settings.verbose:
            self.summary(line)

    def summary(self, line: str) -> None:
        """Print a line for people, which `--quiet` and machines do without."""
        if not self._settings.quiet:
            _write(sys.stdout if self.is_text else sys.stderr, f"{line}\n")

    def warn(self, line: str) -> None:
        """Print a line for people that `--quiet` keeps, on stderr."""
        _write(sys.stderr, f"{line}\n")

    def error(self, line: str) -> None:
        """Print the line that says what went wrong, on stderr."""
        begin = "error:"
        if self.colors(sys.stderr):
            begin = click.style(begin, fg="red", bold=True)
        self.warn(f"{begin} {line}")

    def findings(
        self, diagnostics: Sequence[Diagnostic], *, aside: bool = False
    ) -> None:
        """Print the findings; machine formats go to stdout unless `aside`.

        JSON is printed even if there are none: one document a run.
        """
        if self.is_text and not diagnostics:
            return
        from idlgen.diagnostics.render import render_github, render_json, render_text

        machine = sys.stderr if aside else sys.stdout
        if self._settings.output_format == "json":
            _write(machine, render_json(diagnostics).rstrip("\n") + "\n")
        elif self._settings.output_format == "github":
            from idlgen.cli.places import annotated_path, with_paths

            annotated = with_paths(diagnostics, partial(annotated_path, self.base))
            _write(machine, render_github(annotated))
        else:
            _write(sys.stderr, render_text(diagnostics, self.colors(sys.stderr)))

    def colors(self, stream: TextIO) -> bool:
        """Whether to colour what goes to `stream`; https://no-color.org for `auto`."""
        if self._settings.color != "auto":
            return self._settings.color == "always"
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return stream.isatty() and not plain

    def internal_error(self, error: Exception) -> None:
        """Print that idlgen itself is at fault, and how to report it."""
        if self._settings.verbose:
            import traceback

            _write(sys.stderr, "".join(traceback.format_exception(error)))
        more = "" if self._settings.verbose else "; `idlgen -v ...` shows the traceback"
        self.warn(
            f"internal error: {type(error).__name__}: {error} (a fault of idlgen: please "
            f"report it with the schema and the command{more})"
        )

    def flush(self) -> None:
        """Write out what is buffered, so that a closed pipe shows now."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                _close_quietly(stream)


def prepare_streams() -> None:
    """Let both streams print every character, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _write(stream: TextIO, text: str) -> bool:
    """Write the text at once; return whether there was a reader for it."""
    try:
        click.echo(text, file=stream, nl=False, color=True)
    except BrokenPipeError:
        _close_quietly(stream)
        return False
    return True


def _close_quietly(stream: TextIO) -> None:
    """Send what is left to nowhere: the reader has gone, the work goes on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
