"""Params of calls without types: what JSON has no text for is refused by the client."""

from __future__ import annotations

import math
from typing import Any

import pytest

from idlgen.runtime.errors import InvalidArgument
from idlgen.runtime.protocols.jsonrpc.caller import encode_untyped_call

ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
OF_ITSELF: dict[str, Any] = {}
OF_ITSELF["a"] = OF_ITSELF


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ([math.nan], "params of m: `$[0]`: JSON has no number for nan"),
        ({"a": [math.inf]}, "params of m: `$.a[0]`: JSON has no number for inf"),
        (
            [object()],
            "params of m: Encoding objects of type object is unsupported",
        ),
        (ENDLESS, "params of m: Nested too deeply"),
        (OF_ITSELF, "params of m: Nested too deeply"),
    ],
    ids=["nan", "inf", "object", "list", "dict"],
)
def test_what_json_has_no_text_for_is_a_wrong_argument(
    params: Any, message: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        encode_untyped_call("m", params, 1)
    assert caught.value.message == message
