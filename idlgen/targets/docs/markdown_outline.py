"""The headings of a page in the order of the template, which decides their anchors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from idlgen.emit.markdown_text import paragraphs
from idlgen.model import Package
from idlgen.targets.docs.markdown_anchors import Anchors


class ContentsLine(NamedTuple):
    """One entry of the contents; `indent` is the spaces before its bullet."""

    indent: str
    link: str


class Outline:
    """The contents of a package's page, and the anchor of each declaration by name."""

    def __init__(self, package: Package) -> None:
        self.title = f"Package {package.name}"
        self.contents: list[ContentsLine] = []
        self.declarations: dict[str, str] = {}
        self._anchors = Anchors()
        self._anchors.add(self.title)
        self._anchors.add("Contents")
        if package.services:
            self._add("", "Services")
        for service in package.services.values():
            self.declarations[service.name] = self._add("  ", service.name)
            for method in service.methods:
                self._add("    ", method.name)
        self._add_section("Types", package.types)
        self._add_section("Errors", package.errors)

    def _add_section(self, heading: str, names: Iterable[str]) -> None:
        for number, name in enumerate(names):
            if number == 0:
                self._add("", heading)
            self.declarations[name] = self._add("  ", name)

    def _add(self, indent: str, heading: str) -> str:
        anchor = self._anchors.add(heading)
        link = f"[{paragraphs(heading)}](#{anchor})"
        self.contents.append(ContentsLine(indent, link))
        return anchor
