"""One finding, as data; prose is made of it only when it is printed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct as Record

from idlgen.diagnostics.codes import CODES
from idlgen.diagnostics.source import Span


class Severity(StrEnum):
    """How bad a finding is: errors stop a build, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


class Label(Record, frozen=True):
    """Another place that matters, and what it has to do with the finding."""

    span: Span
    message: str


class Diagnostic(Record, frozen=True, kw_only=True):
    """A finding with a code of `CODES`.

    `message` is one lower-case sentence that names the thing in backticks; advice goes
    into `hint`. `span` is None where no text has the fault; `path` then names the file.
    """

    code: str
    message: str
    span: Span | None = None
    path: str | None = None
    labels: tuple[Label, ...] = ()
    hint: str | None = None

    @property
    def severity(self) -> Severity:
        """Error or warning, as `CODES` says."""
        return Severity(CODES[self.code].severity)
