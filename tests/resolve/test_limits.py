"""Small schemas that would come to something huge: each is refused, and at once."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile

N = 10_000
INT = f"A{N}: int"
STRUCT = f"A{N}: {{fields: {{a: {{type: int, default: 1}}}}}}"
PAIR = "  'Pair<A, B>': {fields: {a: A, b: B}}"
# Every level of these structs holds the one below twice.
DOUBLING = (
    "A{i}: {{fields: {{a: {{type: A{j}, default: {{}}}}, "
    "b: {{type: A{j}, default: {{}}}}}}}}"
)


def chain(link: str, last: str, count: int = N, *, backwards: bool = False) -> str:
    """Return types of which each names the next, as `link` says of `{i}` and `{j}`."""
    links = [link.format(i=N - count + i, j=N - count + i + 1) for i in range(count)]
    lines = [*links, last]
    return "types:\n" + "".join(
        f"  {line}\n" for line in (reversed(lines) if backwards else lines)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (chain("A{i}: A{j}", INT), "leads through more than 64 levels of types"),
        (chain("A{i}: list<A{j}>", INT), "leads through more than 64 levels"),
        (chain("A{i}: {{newtype: A{j}}}", INT), "leads through more than 64 levels"),
        (
            chain(
                "A{i}: 'Pair<A{j}, A{j}>'",
                f"{INT}\n  'Pair<A, B>': {{fields: {{a: A, b: B}}}}",
                60,
            ),
            "stands for more than 1,000 types inside one another",
        ),
        (
            chain("A{i}: {{extends: A{j}, fields: {{b{i}: int}}}}", STRUCT),
            "structs take over more than 100,000 fields",
        ),
        (
            chain("A{i}: {{fields: {{a: {{type: A{j}, default: {{}}}}}}}}", STRUCT),
            "the default of `a` is nested more than 64 levels deep",
        ),
        (
            chain(
                "A{i}: {{fields: {{a: {{type: A{j}, default: {{}}}}}}}}",
                STRUCT,
                backwards=True,
            ),
            "the default of `a` is nested more than 64 levels deep",
        ),
        (
            chain(
                "G{i}<T>: {{fields: {{next: 'G{j}<Pair<T, T>>?'}}}}",
                f"G{N}<T>: {{fields: {{t: T}}}}\n{PAIR}\n  Z: G9960<int>",
                40,
            ),
            "stands for more than 64 levels of types, or 1,000 altogether",
        ),
        (
            chain(
                "G{i}<T>: {{fields: {{next: G{j}<list<T>>}}}}",
                f"G{N}<T>: {{fields: {{t: T}}}}\n  Z: {{fields: {{z: G7000<int>}}}}",
                3_000,
            ),
            "stands for more than 64 levels of types, or 1,000 altogether",
        ),
        (
            chain(
                "G{i}<T>: {{extends: 'G{j}<Pair<T, T>>', fields: {{}}}}",
                f"G{N}<T>: {{fields: {{t: T}}}}\n{PAIR}",
                40,
            ),
            "the fields that `G9991` takes over stand for more than 64 levels",
        ),
        (
            chain(
                "G{i}<T>: {{fields: {{next: G{j}<T>?}}}}",
                f"G{N}<T>: {{fields: {{next: G9800<T>?}}}}\n"
                + "".join(
                    f"  Z{i}: {{fields: {{z: G9800<Z{i}>?}}}}\n" for i in range(200)
                ),
                200,
            ),
            "generic structs are used with more than 20,000 different arguments",
        ),
        (chain(DOUBLING, STRUCT, 40), "defaults fill in more than 100,000 values"),
        (
            chain(DOUBLING, STRUCT, 40, backwards=True),
            "defaults fill in more than 100,000 values",
        ),
    ],
    ids=[
        "aliases",
        "aliases of lists",
        "newtypes",
        "aliases that double",
        "fields that add up",
        "defaults",
        "defaults, the last first",
        "arguments that double",
        "arguments inside one another",
        "arguments of what is extended",
        "instances",
        "defaults that double",
        "defaults that double, the last first",
    ],
)
def test_a_chain_ends_at_a_limit(text: str, message: str) -> None:
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert {found.code for found in outcome.diagnostics} == {"IDL018"}
    assert message in outcome.diagnostics[0].message


@pytest.mark.parametrize(
    "text",
    [
        chain("A{i}: A{j}", INT, 60),
        chain("A{i}: {{extends: A{j}, fields: {{}}}}", STRUCT),
        chain("A{i}: {{fields: {{a: A{j}}}}}", STRUCT),
        chain(DOUBLING, STRUCT, 10),
    ],
    ids=["aliases", "structs that add nothing", "structs", "defaults that double"],
)
def test_a_chain_within_the_limits_is_read(text: str) -> None:
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert outcome.diagnostics == ()


@pytest.mark.parametrize("link", ["A{i}: A{j}", "A{i}: {{newtype: A{j}}}"])
def test_a_chain_of_aliases_is_one_fault(link: str) -> None:
    text = chain(link, f"{INT}\n  User: {{fields: {{a: A0, b: A9990}}}}")
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert [found.code for found in outcome.diagnostics] == ["IDL018"]


def test_a_way_that_is_long_is_not_shown_whole() -> None:
    text = chain("A{i}: A{j}", "A10000: A7000", 3_000)
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    [found] = outcome.diagnostics
    assert found.code == "IDL106"
    assert found.message == (
        "alias `A7000` refers to itself: `A7000` → `A7001` → `A7002` → `A7003` → "
        "`A7004` → 2,992 more → `A9997` → `A9998` → `A9999` → `A10000` → `A7000`"
    )
    assert len(found.labels) == 10


def test_arguments_that_grow_over_many_structs_are_one_fault() -> None:
    text = chain(
        "G{i}<T>: {{fields: {{next: G{j}<list<T>>?}}}}",
        "G10000<T>: {fields: {next: G7000<T>?}}",
        3_000,
    )
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert [found.code for found in outcome.diagnostics] == ["IDL125"]
