"""Every code that idlgen reports, in bands.

IDL0xx file and structure; IDL1xx names and types; IDL2xx style; IDL3xx compatibility;
IDL4xx targets, wires and output; IDL5xx configuration and command line. A code that is
retired stays in the table.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """What `idlgen explain` prints: a short title and what to do about it."""

    title: str
    hint: str
    severity: str = "error"


CODES: dict[str, Code] = {}
