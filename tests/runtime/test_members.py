"""What no two readers need agree on is found, however msgspec would read it."""

from __future__ import annotations

import msgspec
import pytest

from idlgen.runtime.validation.members import TOO_LARGE, TWICE, read_shape


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (rb'{"a":1,"a":2}', TWICE),
        (rb'{"a":1, "b":{"c":[{"d":1,"d":1}]}}', TWICE),
        (rb'{"a":"::::","a":1}', TWICE),
        (rb'{"a":{"x":1,"y":2},"a":"::"}', TWICE),
        # A colon that is written as an escape stands for no lost member.
        (rb'{"a":1,"a":2,"b":"\u003a"}', TWICE),
        (rb'{"a":1,"\u0061":2}', TWICE),
        (rb"[1e999]", TOO_LARGE),
        (rb"[-1e999]", TOO_LARGE),
        (b"[" + b"9" * 309 + b"]", TOO_LARGE),
        (b"[" + b"9" * 5000 + b"]", TOO_LARGE),
        (b'["' + b"9" * 309 + b'"]', None),
        (b"[" + b"9" * 308 + b"]", None),
        (rb'{"a":"x:y","b":":"}', None),
        (rb'{"a":"\u003a"}', None),
        (rb'{"a":{"a":{"a":[]}}}', None),
        (rb"null", None),
    ],
)
def test_what_is_ambiguous_is_found(source: bytes, fault: str | None) -> None:
    assert read_shape(source).fault == fault


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        (b' {"a" : "x:y"} ', {"a": "x:y"}),
        (rb'{"a":"\n"}', {"a": "\n"}),
        (b'{"a":{"b":[null,true]}}', {"a": {"b": [None, True]}}),
        (b"null", None),
    ],
)
def test_the_shape_is_that_of_the_source(source: bytes, tree: object) -> None:
    assert read_shape(source).tree == tree


@pytest.mark.parametrize(
    "source",
    [b"", b"{", b"NaN", b"[1,]", b"\xff", b'"\xff"', b"[" * 100_000, b"\xef\xbb\xbf1"],
)
def test_what_is_no_json_is_refused(source: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, ValueError, RecursionError)):
        read_shape(source)
