"""What went wrong, where it was written and what to do about it."""

from idlgen.diagnostics.diagnostic import Diagnostic, Label, Severity
from idlgen.diagnostics.source import Position, Source, Span

__all__ = ["Diagnostic", "Label", "Position", "Severity", "Source", "Span"]
