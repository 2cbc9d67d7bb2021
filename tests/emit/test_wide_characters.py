from __future__ import annotations

from black.strings import str_width

from idlgen.emit.wide_characters import width


def test_wide_characters_take_two_columns() -> None:
    assert width("홍길동") == 6
    assert width("Ada") == 3


def test_the_table_is_blacks() -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    wrong = [c for c in characters if width(c) != str_width(c)]
    assert wrong == []
