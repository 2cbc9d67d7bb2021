"""What went wrong, where it was written and what to do about it.

Each name is loaded when it is first used: `idlgen explain` needs the table of codes and
none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idlgen.diagnostics.diagnostic import Diagnostic, Label, Severity
    from idlgen.diagnostics.source import Position, Source, Span

__all__ = ["Diagnostic", "Label", "Position", "Severity", "Source", "Span"]

if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any misspelt name for one of ours.
    _OF_SOURCE = {"Position", "Source", "Span"}

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = "source" if name in _OF_SOURCE else "diagnostic"
        value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return value
