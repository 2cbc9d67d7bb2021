from __future__ import annotations

import pytest

from idlgen.emit.typescript_text import (
    comment_code,
    comment_json,
    comment_text,
    property_name,
    string_literal,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A plain sentence.", "A plain sentence."),
        ("홍길동 👩‍👩‍👧", "홍길동 👩‍👩‍👧"),
        ("one\ntwo\r\nthree\rfour", "one\ntwo\nthree\nfour"),
        ("a */ b **/", "a *\\/ b **\\/"),
        ("@ts-ignore", "\\@ts-ignore"),
        ("{@link X} (@see) @", "{\\@link X} (\\@see) \\@"),
        ("ada@example.com", "ada@example.com"),
        ("tab\there", "tab here"),
        ("\x00 \x1b \x7f \x85", "\\u0000 \\u001b \\u007f \\u0085"),
        ("\u202e\u2066\u200f\ufeff", "\\u202e\\u2066\\u200f\\ufeff"),
        ("one\u2028two", "one\\u2028two"),
        ("back\\slash `code` <b>", "back\\slash `code` <b>"),
    ],
)
def test_text_in_comments(text: str, written: str) -> None:
    assert comment_text(text) == written


@pytest.mark.parametrize(
    ("json", "written"),
    [
        ('{"a": 1}', '`{"a": 1}`'),
        ('"*/"', '`"*\\/"`'),
        ('"a`b"', '`"a\\u0060b"`'),
        ('"{@link X} a@b"', '`"{\\u0040link X} a@b"`'),
        ('"a @ts-ignore @"', '`"a \\u0040ts-ignore \\u0040"`'),
        ('["@a", "[^@]+"]', '`["@a", "[^@]+"]`'),
    ],
)
def test_json_in_comments_stays_the_same_value(json: str, written: str) -> None:
    assert comment_code(json) == written
    assert comment_json(json) == written.strip("`").replace("\\u0060", "`")


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", '""'),
        ("us-east-1", '"us-east-1"'),
        ("it's", '"it\'s"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("*/ ${x} `", '"*/ ${x} `"'),
        ("one\ntwo\r\t", '"one\\ntwo\\r\\t"'),
        ("\u2028\u202e\x00\x7f", '"\\u2028\\u202e\\u0000\\u007f"'),
        ("홍길동", '"홍길동"'),
    ],
)
def test_string_literals(text: str, literal: str) -> None:
    assert string_literal(text) == literal


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("created_at", "created_at"),
        ("__proto__", "__proto__"),
        ("class", "class"),
        ("x-amz-id", '"x-amz-id"'),
        ("1st", '"1st"'),
        ("", '""'),
        ("이름", '"이름"'),
    ],
)
def test_keys_are_quoted_only_where_they_must_be(name: str, key: str) -> None:
    assert property_name(name) == key
