"""Ways from one thing to the next in messages: a schema may make them as long as it likes."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.diagnostics.diagnostic import Label
from idlgen.diagnostics.source import Span

# How many steps people are shown.
MAX_SHOWN = 10


def route(names: Sequence[str]) -> str:
    """Return "`A` → `B` → `A`" of names; of a long way the middle is left out."""
    shown = [f"`{name}`" for name in names]
    left_out = len(shown) - MAX_SHOWN
    if left_out > 1:
        head, tail = MAX_SHOWN // 2, -MAX_SHOWN // 2
        shown[head:tail] = [f"{left_out:,} more"]
    return " → ".join(shown)


def stations(spans: Sequence[Span], message: str) -> tuple[Label, ...]:
    """Return a label for each place that a way leads through, the first ones of a long way."""
    return tuple(Label(span, message) for span in spans[:MAX_SHOWN])
