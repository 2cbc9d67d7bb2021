from __future__ import annotations

from decimal import Decimal

import pytest

from idlgen.emit.json_text import json_block, json_document, json_line


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (50, "50"),
        (2**64 - 1, "18446744073709551615"),
        (1.5, "1.5"),
        (Decimal("1.10"), "1.10"),
        ("홍길동", '"홍길동"'),
        ('"\\\n\x7f\u202e', '"\\"\\\\\\n\\u007f\\u202e"'),
        ([], "[]"),
        ({"a": [1, {"b": None}], "c": {}}, '{"a": [1, {"b": null}], "c": {}}'),
    ],
)
def test_one_line(value: object, text: str) -> None:
    assert json_line(value) == text


def test_only_what_does_not_fit_is_broken() -> None:
    value = {"name": "Ada", "roles": ["admin", "member"], "more": [{"a": 1}, {"b": 2}]}
    assert json_block(value, 80) == (
        '{"name": "Ada", "roles": ["admin", "member"], "more": [{"a": 1}, {"b": 2}]}'
    )
    assert json_block(value, 24) == """\
{
  "name": "Ada",
  "roles": [
    "admin",
    "member"
  ],
  "more": [
    {"a": 1},
    {"b": 2}
  ]
}"""


def test_a_line_may_be_as_wide_as_the_width_with_its_comma() -> None:
    assert json_block(["a", "b"], 11) == '["a", "b"]'
    assert json_block(["a", "b"], 10) == '[\n  "a",\n  "b"\n]'


def test_what_cannot_be_broken_is_left_long() -> None:
    assert json_block(["x" * 20], 10) == '[\n  "xxxxxxxxxxxxxxxxxxxx"\n]'
    assert json_block([{}, []], 2) == "[\n  {},\n  []\n]"


def test_a_document_has_a_member_or_an_item_on_each_line() -> None:
    value = {"a": [1, Decimal("1.10")], "b": {}, "c": "홍\u202e\n", "d": {"e": []}}
    assert json_document(value) == r"""{
  "a": [
    1,
    1.10
  ],
  "b": {},
  "c": "홍\u202e\n",
  "d": {
    "e": []
  }
}
"""
