"""Lists in brackets: on one line, or an item a line where that is too long."""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.targets.tsdoc.comments import WIDTH


def bracketed(
    opening: str,
    items: Sequence[str],
    closing: str,
    *,
    around: int = 0,
    indent: str = "",
    mark: str = ",",
    inside: str = "",
) -> str:
    """Return the items between `opening` and `closing`, each with its `mark`.

    `around` is how much else stands on the line, `indent` that of the last of several
    lines, and `inside` what separates the items from brackets on the same line.
    """
    line = f"{opening}{inside}{f'{mark} '.join(items)}{inside}{closing}"
    if "\n" not in line and around + len(line) <= WIDTH:
        return line
    deeper = [item.replace("\n", f"\n{indent}  ") for item in items]
    lines = "".join(f"\n{indent}  {item}{mark}" for item in deeper)
    return f"{opening}{lines}\n{indent}{closing}"
