"""Texts of a schema arrive as they are, whatever they hold, and nothing comes of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.text_table import TEXTS
from tests.targets.docs.hostile_schema import schema
from tests.targets.openrpc.conftest import RenderFiles, parsed

SHORT = {name: text for name, text in TEXTS.items() if len(text) < 100}
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def shape(value: Any) -> Any:
    """Return the document with every text as "", members in their order."""
    if isinstance(value, dict):
        return [shape(member) for member in value.values()]
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "" if isinstance(value, str) else value


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT.keys())
def test_texts_stay_texts(text: str, render_files: RenderFiles) -> None:
    (file,) = render_files({"pkg.yaml": schema(text)}).values()
    assert not INVISIBLE.search(file.body)
    document = parsed(file)
    (harmless,) = render_files({"pkg.yaml": schema("harmless text")}).values()
    assert shape(document) == shape(parsed(harmless))
    schemas = document["components"]["schemas"]
    members = schemas["hostile.S"]["properties"]
    assert members["filled"]["default"] == text
    assert members["plain"]["examples"] == [text]
    assert members["nested"]["examples"] == [{text: [text, text]}]
    assert text in members
    assert schemas["hostile.Bare"]["anyOf"][0]["enum"] == [text, "other"]
    tag = schemas["hostile.F"]["oneOf"][0]["properties"][f"tag {text}"]
    assert tag == {"const": text}
    (method,) = document["methods"]
    (example,) = method["examples"]
    assert example["name"] == text
    assert example["result"]["value"] == text
    told = text.strip()
    assert document["info"]["description"] == told
    assert method["description"].startswith(told)
    assert method["description"].endswith(f"Deprecated: {text}".strip())
