"""The anchors that GitHub makes of a page's headings."""

from __future__ import annotations

import re

_DROPPED = re.compile(r"[^\w\- ]")


class Anchors:
    """Gives each heading its anchor; headings must come in the order of the page."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def add(self, heading: str) -> str:
        """Return the anchor of `heading`, its text as it is seen, without markup.

        As GitHub's html-pipeline does: lower case, punctuation dropped, spaces as
        hyphens, and a number for the second heading of the kind and those after it.
        """
        if heading.isalnum():
            slug = heading.lower()
        else:
            slug = _DROPPED.sub("", heading.lower()).replace(" ", "-")
        count = self._seen.get(slug, 0)
        self._seen[slug] = count + 1
        return f"{slug}-{count}" if count else slug
