"""Small schemas that would come to something huge: each is refused, and at once."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile

N = 10_000
INT = f"A{N}: int"
STRUCT = f"A{N}: {{fields: {{a: {{type: int, default: 1}}}}}}"
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
