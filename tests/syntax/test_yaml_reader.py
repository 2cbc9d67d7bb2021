from __future__ import annotations

import pytest

from idlgen.diagnostics import Diagnostic, Source
from idlgen.syntax.parser import parse
from idlgen.syntax.yaml_reader import MAX_BYTES, read_yaml
from idlgen.syntax.yaml_tree import MappingNode, Node, ScalarNode, plain_value


def read(text: str) -> tuple[Node | None, list[str]]:
    found: list[Diagnostic] = []
    node = read_yaml(Source("a.yaml", text), found.append)
    return node, [f.code for f in found]


def codes(content: bytes) -> list[str]:
    found: list[Diagnostic] = []
    parse("a.yaml", content, found.append)
    return [f.code for f in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("~", None),
        ("Null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("True", True),
        ("FALSE", False),
        ("'true'", "true"),
        ('"1"', "1"),
        ("2026-01-01", "2026-01-01"),
        ("홍길동", "홍길동"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    node, faults = read(text)

    assert node is not None
    assert (plain_value(node), faults) == (value, [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: x\nb: y\n", (8, 9)),
        ("a: x\r\nb: y\r\n", (9, 10)),
        ("가: 나\nb: y\n", (8, 9)),
        ("😀: 😀\nb: y\n", (8, 9)),
        ("a: '\u2028'\nb: y\n", (10, 11)),
    ],
)
def test_offsets_count_code_points(text: str, place: tuple[int, int]) -> None:
    node, _ = read(text)

    assert isinstance(node, MappingNode)
    value = node.entries["b"].value
    assert isinstance(value, ScalarNode)
    assert (value.start, value.end) == place
    assert text[slice(*place)] == "y"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["IDL011"]),
        (b"\xef\xbb\xbftypes: {A: int}\n", []),
        (b"types: {A: int}\r\n", []),
        ("types: {A: int}".encode("utf-16"), ["IDL010"]),
        (b"types: {A: \xff}", ["IDL010"]),
        (b"types: {A: int}\x00", ["IDL026"]),
        (b"types: {A: \x1b}", ["IDL026"]),
        (b"[" * 20_000, ["IDL018"]),
        (b"[" * 20_000 + b"]" * 20_000, ["IDL018"]),
        (b"[" * 200_000, ["IDL018"]),
        (b"{a: " * 20_000, ["IDL020", "IDL018"]),
        (b"".join(b" " * i + b"a:\n" for i in range(3_000)), ["IDL020", "IDL018"]),
        (b"#" * (MAX_BYTES + 1), ["IDL018"]),
        (b"types: {A: int}\n...\n---\n{}", ["IDL017"]),
        (b"types: {A: int, <<: {B: int}}", ["IDL015"]),
        (b"types: {A: ! int}", []),
        (b"a: *b", ["IDL013", "IDL020"]),
        (b"%YAML 9.9\n---\ntypes: {}", ["IDL012"]),
        (b"types: {A: {fields: {}}}\n? |\n  block key\n: 1\n", ["IDL020"]),
    ],
)
def test_hostile_files_get_codes(content: bytes, expected: list[str]) -> None:
    assert sorted(codes(content)) == sorted(expected)


def test_a_bomb_of_aliases_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]

    node, faults = read("\n".join(lines))

    assert set(faults) == {"IDL013"}
    assert isinstance(node, MappingNode)
    assert len(node.entries) == 40
