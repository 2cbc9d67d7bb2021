from __future__ import annotations

import pytest

from idlgen.emit.markdown_text import (
    cell,
    code,
    fenced_json,
    paragraphs,
    without_template_tags,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A plain sentence, with (marks); and 'quotes'.",) * 2,
        ("Some `code` and snake_case.",) * 2,
        ("https://example.com/a_b?c=1&d=2",) * 2,
        ("*bold* _it_ ~gone~ $x$", "\\*bold\\* \\_it\\_ \\~gone\\~ \\$x\\$"),
        ("[a](javascript:b) ![c](d)", "\\[a\\](javascript:b) !\\[c\\](d)"),
        ("<script>", "&#60;script&#62;"),
        ("a & b &lt; &#60;", "a & b &#38;lt; &#38;#60;"),
        ("{{ x }} {% y %} {z}", "&#123;{ x }} &#123;% y %} {z}"),
        ("a | b \\ c", "a \\| b \\\\ c"),
        ("Done :tada: (:+1:)", "Done :&#8203;tada: (:&#8203;+1:)"),
        ("`:tada:` at 12:30:00, urn:isbn:123, a::b::c",) * 2,
        ("one ` two", "one \\` two"),
        ("``` x", "\\`\\`\\` x"),
        ("`a|b`", "<code>a&#124;b</code>"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("2)\nno list", "2\\)\nno list"),
        ("1.5 is a number",) * 2,
        ("+ no list", "\\+ no list"),
        ("> no quote", "&#62; no quote"),
        ("no heading\n===\n---", "no heading\n\\===\n\\---"),
        ("    no code\n\tno code", "no code\nno code"),
        ("A list:\n- one\n* two\n  - three", "A list:\n- one\n- two\n- three"),
        ("- - -", "- \\- -"),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("\u202e \x1b", "\\u202e \\u001b"),
    ],
)
def test_paragraphs_show_the_text_and_nothing_else(text: str, written: str) -> None:
    assert paragraphs(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one<br><br>two"),
        ("List:\n- a | b\n- c", "List:<br>• a \\| b<br>• c"),
        ("- a\n- b", "• a<br>• b"),
        ("  ", ""),
    ],
)
def test_cells_are_one_line(text: str, written: str) -> None:
    assert cell(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("name", "`name`"),
        ('["member"]', '`["member"]`'),
        ("us-east-1", "`us-east-1`"),
        ("*_<&", "`*_<&`"),
        ("back\\slash\\", "`back\\slash\\`"),
        ("", '`""`'),
        (" ", "<code> </code>"),
        ("a|b", "<code>a&#124;b</code>"),
        ("`*`", "<code>&#96;&#42;&#96;</code>"),
        ("{{x}}", "<code>&#123;&#123;x&#125;&#125;</code>"),
        ("a\nb\u202e", "`a\\u000ab\\u202e`"),
    ],
)
def test_code_within_a_line(text: str, written: str) -> None:
    assert code(text) == written


def test_fences_hold_no_tags_of_templates() -> None:
    value = {"a": "{{ x }} {% y %}", "b": {"c": {}}}
    assert fenced_json(value, 30) == (
        '{\n  "a": "\\u007b{ x }} \\u007b% y %}",\n  "b": {"c": {}}\n}'
    )
    assert without_template_tags('{"a": {"b": "{{{"}}') == (
        '{"a": {"b": "\\u007b\\u007b{"}}'
    )
