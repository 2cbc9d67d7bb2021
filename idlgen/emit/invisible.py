"""Characters that a reader cannot see: controls, and marks that reorder a line's text."""

from __future__ import annotations

import re

INVISIBLE = (
    "\x00-\x1f\x7f-\x9f"  # C0 without exception, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode's bidi controls (UAX 9)
    "\u2028\u2029"  # end a line in some languages, in others not
    "\ufeff\ufff9-\ufffb"
)
"""The inside of a character class. Joiners stay: scripts and emoji need them."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def code_point(character: str) -> str:
    r"""Return `character`, of the basic plane, as JSON and most languages write it: `\u202e`."""
    return f"\\u{ord(character):04x}"


def visible(text: str) -> str:
    r"""Return `text` with every invisible character as `\uXXXX`, line ends included."""
    # Whatever is printable is visible; the reverse does not hold (emoji joiners).
    if text.isprintable():
        return text
    return _INVISIBLE.sub(lambda found: code_point(found[0]), text)


def with_plain_line_ends(text: str) -> str:
    """Return `text` with every line end as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
