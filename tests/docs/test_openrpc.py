"""The page about OpenRPC shows what the target writes and what servers answer."""

from __future__ import annotations

import json
import re
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from idlgen.compiler import compile
from idlgen.targets.openrpc.target import OpenRpcTarget

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/openrpc.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "idlgen/targets/openrpc").glob("*.py")


def blocks(language: str) -> dict[str, str]:
    pattern = rf"^```{language} (\S+)\n((?:.*\n)*?)```$"
    return dict(re.findall(pattern, PAGE, re.MULTILINE))


def document() -> Any:
    schema = blocks("yaml")["user.yaml"].encode()
    path = PurePosixPath("user.yaml")
    outcome = compile([path], lambda _: schema, [OpenRpcTarget({})])
    assert outcome.diagnostics == ()
    (file,) = outcome.files
    return json.loads("{" + file.body)


def part(whole: Any, name: str) -> Any:
    return whole[int(name)] if isinstance(whole, list) else whole[name]


@pytest.mark.parametrize("pointer", blocks("json"))
def test_every_block_is_a_part_of_the_document(pointer: str) -> None:
    found = reduce(part, pointer.split("/")[1:], document())
    assert json.loads(blocks("json")[pointer]) == found


def test_every_key_of_ours_is_told() -> None:
    written = {
        key
        for path in SOURCES
        for key in re.findall(r'"(x-idl-[a-zA-Z-]+)"', path.read_text("utf-8"))
    }
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    written |= {f"x-idl-{bound}" for bound in (*bounds, "multipleOf")}
    assert len(written) == 15
    table = PAGE.split("| Key | Where | Meaning |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(x-idl-[a-zA-Z-]+)`", table)) == written


def test_the_version_is_told() -> None:
    assert f"The version of OpenRPC is {document()['openrpc']}," in PAGE
