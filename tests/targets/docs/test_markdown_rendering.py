"""What a Markdown renderer makes of a page: the texts of the schema, and nothing of theirs.

Pages of hostile texts are rendered as CommonMark with tables, raw HTML let through, and
compared with a page of harmless ones: the same elements and links, and the same text with
one for the other.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from tests.e2e.text_table import TEXTS as TABLE
from tests.targets.docs.conftest import RenderDocs
from tests.targets.docs.hostile_schema import Texts, schema, schema_of
from tests.targets.docs.test_hostile_text import TEXTS

# A key of YAML has no room for more; long enough for any line.
HOSTILE = {
    f"{name} {number}": text[:400]
    for number, (name, text) in enumerate([*TEXTS.items(), *TABLE.items()])
    if text.strip()
}
MARKERS = Texts("QPROSEQ", "QCODEQ", "QJSONQ", "QMESSAGEQ")
# Elements that a text may have: its own paragraphs, bullets and `code`.
PROSE = {"p", "ul", "li", "br", "code"}
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


class Page(HTMLParser):
    """The text of a page, and what it is made of."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.alien: list[str] = []
        self.feed(renderer().render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in PROSE:
            self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.alien.append(data)

    def handle_decl(self, decl: str) -> None:
        self.alien.append(decl)

    def handle_pi(self, data: str) -> None:
        self.alien.append(data)


def renderer() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def prose(text: str) -> str:
    lines = re.split("\r\n|\r|\n", text)
    return "\n".join(as_escapes(line.replace("\t", " ")) for line in lines)


def as_escapes(text: str) -> str:
    return INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def in_json(text: str) -> str:
    return as_escapes(json.dumps(text, ensure_ascii=False)[1:-1])


def squeezed(text: str) -> str:
    """The text without what layout adds or takes: spaces, bullets, marks of sentences.

    Two backticks around `code` are no part of its text; template tags are escapes in
    JSON, and no shortcode of an emoji stays one.
    """
    return re.sub(r"[\s.,`•*\u200b-]", "", text.replace("\\u007b", "{"))


@pytest.fixture(scope="module")
def harmless(render_docs: RenderDocs) -> Page:
    return Page(render_docs(schema_of(MARKERS)).markdown)


def test_the_harmless_page_says_each_text_in_each_way(harmless: Page) -> None:
    # As often as the schema does; the error's doc stands at the method too, and the
    # default in its signature.
    counts = [harmless.text.count(marker) for marker in MARKERS]
    assert counts == [29, 20, 12, 1]
    assert harmless.alien == []
    assert {*harmless.elements} == (
        {"h1", "h2", "h3", "h4", "a", "pre", "strong"}
        | {"table", "thead", "tbody", "tr", "th", "td"}
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_pages_show_the_literal_text_and_nothing_else(
    text: str, harmless: Page, render_docs: RenderDocs
) -> None:
    page = Page(render_docs(schema(text)).markdown)
    assert page.elements == harmless.elements
    assert page.alien == []
    # Links lead to the same headings; code is of the same languages.
    assert page.attributes == harmless.attributes
    message = " ".join(text.replace("{", "{{").replace("}", "}}").split())
    code = as_escapes(text)
    expected = squeezed(harmless.text)
    for marker, shown in zip(
        MARKERS,
        (prose(text), code, in_json(text), as_escapes(message)),
        strict=True,
    ):
        expected = expected.replace(marker, squeezed(shown))
    assert squeezed(page.text) == expected
