"""Strict structs: servers refuse members that nobody knows, clients ignore them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct

from idlgen.runtime import strict
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.validation.members import scan
from idlgen.runtime.validation.strict import StrictBranches
from tests.runtime.contract.events import (
    ChoiceDeep,
    ChoiceFlat,
    Event,
    Page,
    Report,
    Settings,
)
from tests.runtime.contract.user.types import User
from tests.runtime.refusals import refusal

SETTINGS: Codec[Settings] = Codec(Settings)


KNOWN = "known are `theme`, `pages`, `by_name`, `either`, `maybe`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"theme":"x","thme":1,"zzz":null}',
            [
                ("$.thme", "Unknown name `thme`; did you mean `theme`?"),
                ("$.zzz", f"Unknown name `zzz`; {KNOWN}"),
            ],
        ),
        (
            '{"theme":"x","by_name":{"a b":{"theme":"y","Theme":"z"}}}',
            [('$.by_name["a b"].Theme', "Unknown name `Theme`; did you mean `theme`?")],
        ),
        (
            '{"theme":"x","maybe":[{"theme":"y"},{"theme":"y","new":1}]}',
            [("$.maybe[1].new", f"Unknown name `new`; {KNOWN}")],
        ),
        (
            '{"theme":"x","pages":{"items":[{"name":"Bo","nam":1}],"later":1}}',
            [("$.pages.items[0].nam", "Unknown name `nam`; did you mean `name`?")],
        ),
        (
            '{"theme":"x","either":{"width":1,"is":"flat","height":2}}',
            [("$.either.height", "Unknown name `height`; known are `width`")],
        ),
        (
            '{"theme":"x","either":{"is":"deep","value":{"theme":"","n":1},"extra":1}}',
            [("$.either.value.n", f"Unknown name `n`; {KNOWN}")],
        ),
        (
            '{"theme":5,"n":1,"maybe":[{"n":1}]}',
            [
                ("$.theme", "Expected `str`, got `int`"),
                ("$.maybe[0].theme", "Missing"),
                ("$.maybe[0].n", f"Unknown name `n`; {KNOWN}"),
                ("$.n", f"Unknown name `n`; {KNOWN}"),
            ],
        ),
    ],
)
def test_servers_refuse_all_unknown_members_and_clients_ignore_them(
    text: str, expected: list[Any]
) -> None:
    assert refusal(SETTINGS, text) == expected
    if '"theme":5' not in text:
        assert SETTINGS.decode(text.encode()).theme == "x"


@pytest.mark.parametrize(
    "text",
    [
        '{"theme":"x"}',
        '{"theme":"x","pages":null,"by_name":{},"either":null,"maybe":null}',
        '{"theme":"x","maybe":[{"theme":"y","maybe":[]}],"by_name":{"theme":{"theme":""}}}',
        '{"theme":"x","pages":{"items":[{"name":"Bo","paidWith":null}],"later":1}}',
        '{"theme":"x","either":{"is":"flat","width":1}}',
        '{"theme":"x","either":{"is":"deep","value":{"theme":""},"extra":1}}',
    ],
)
def test_what_is_known_is_taken_and_so_is_more_in_other_structs(text: str) -> None:
    value = SETTINGS.decode_strictly(text.encode(), scan(text).tree)
    assert value == SETTINGS.decode(text.encode())


def test_variants_are_strict_where_they_say_so() -> None:
    codec: Codec[Any] = Codec(ChoiceFlat | ChoiceDeep)
    assert refusal(codec, '{"is":"flat","width":1,"w":2}') == [
        ("$.w", "Unknown name `w`; known are `width`")
    ]
    # The tag is known, and no answer to what `width` was to be.
    text = '{"is":"flat","width":1}'
    assert codec.decode_strictly(text.encode(), scan(text).tree).width == 1


def test_clients_do_not_speak_of_unknown_members_beside_other_faults() -> None:
    with pytest.raises(Refused) as caught:
        SETTINGS.decode(b'{"theme":5,"new":1}')
    assert caught.value.problems == (("$.theme", "Expected `str`, got `int`"),)


@pytest.mark.parametrize(
    ("annotation", "pays"),
    [
        (User, False),
        (Page[User], False),
        (Event, False),
        (Report, True),  # it holds a union of one variant
        (Page[Settings], True),
        (list[Settings | None], True),
    ],
)
def test_only_types_with_strict_structs_and_unions_of_one_variant_pay(
    annotation: Any, pays: bool
) -> None:
    codec: Codec[Any] = Codec(annotation)
    assert bool(StrictBranches(codec.node)) is pays


@strict
class Tree(Struct, frozen=True):
    children: list[Tree]


def test_what_is_nested_too_deeply_for_the_check_is_refused() -> None:
    codec: Codec[Tree] = Codec(Tree)
    text = '{"children":[' * 200 + "]}" * 200
    codec.decode(text.encode())
    assert refusal(codec, text) == [("$", "Nested too deeply")]
