"""Random schemas mean what they were printed from, and random bytes are never a crash."""

from __future__ import annotations

import json
from random import Random

import msgspec
from hypothesis import given, note, strategies as st

from idlgen.compiler import compile
from idlgen.diagnostics import Span
from idlgen.diagnostics.render import render_text
from idlgen.model import Package, Scalar
from idlgen.targets import TARGETS, target_factory
from idlgen.workspace.stamping import schema_digest
from tests.property.apis import packages
from tests.property.building import ENTRY, SEEDS, examples
from tests.property.drawn import Drawn
from tests.property.schema_printer import print_schema

# Pieces of the language and of YAML, in no order.
_PIECES = """
    types errors services fields enum alias newtype extends params returns methods type
    default example wire doc name status message examples pick partial omit list map set
    int string any | ? < > ( ) [ ] { } , : - # & * ! % @ ` ' " << --- ... ~ null true 0x1F
    1e999 .inf -0 A B a b x-y A? list<A> map<A,B> {id} {{ }} $ ^ \\d \\u0000 \\ud800
"""
PIECES = _PIECES.split()


def meaning(package: Package) -> object:
    """Return the package without its spans."""
    return msgspec.to_builtins(
        msgspec.structs.replace(package, path=""), enc_hook=_without_span
    )


def _without_span(value: object) -> None:
    assert isinstance(value, Span)


@examples(100)
@given(packages(), SEEDS, SEEDS)
def test_a_schema_means_what_it_was_printed_from(
    drawn: Drawn, seed: int, other_seed: int
) -> None:
    digests = set()
    for style in (seed, other_seed):
        text = print_schema(drawn, style)
        note(text.decode())
        outcome = compile([ENTRY], {ENTRY: text}.get, [])
        assert outcome.diagnostics == ()
        package = outcome.api.packages["pkg"]
        assert meaning(package) == meaning(drawn.package)
        digests.add(schema_digest(package))
    assert len(digests) == 1


def crash(text: bytes) -> None:
    """Fail if the compiler or the renderer of its messages raises for `text`."""
    targets = [target_factory(name)({}) for name in TARGETS]
    outcome = compile([ENTRY], lambda _: text, targets)
    render_text(outcome.diagnostics, color=False)
    assert bool(outcome.files) != bool(outcome.diagnostics)


@examples(200)
@given(st.binary(max_size=60))
def test_no_bytes_are_a_crash(text: bytes) -> None:
    crash(text)


@examples(200)
@given(st.text(max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    crash(text.encode("utf-8", "surrogatepass"))


@examples(300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PIECES),
            st.sampled_from(["", " ", ": ", ", ", "\n", "\n  "]),
        ),
        max_size=40,
    )
)
def test_no_pieces_of_the_language_are_a_crash(pieces: list[tuple[str, str]]) -> None:
    crash("".join(piece + space for piece, space in pieces).encode())


# Wherever the language reads a text of its own inside YAML's.
POSITIONS = [
    "types: {A: %s}",
    "types: {S: {fields: {a: int}}, A: %s}",
    "types: {A: {fields: {a: %s}}}",
    "types: {A: {alias: string, pattern: %s}}",
    "types: {A: {enum: [a, %s]}}",
    "types: {A: {fields: {a: {type: int, wire: %s, name: %s}}}}",
    "errors: {E: {status: aborted, message: %s, fields: {a: int}}}",
    "services: {S: {methods: {m: {timeout: %s}}}}",
    "package: %s",
    *(
        f"types: {{A: {{fields: {{a: {{type: {scalar}, default: %s}}}}}}}}"
        for scalar in Scalar
    ),
]
WORDS = st.sampled_from([*PIECES, "int", "S", "a", "<", ">", "(", ")", "|", "\\", "1"])


@examples(600)
@given(st.sampled_from(POSITIONS), st.lists(WORDS, max_size=9), st.booleans())
def test_no_text_of_the_language_is_a_crash(
    position: str, words: list[str], spaced: bool
) -> None:
    text = json.dumps((" " if spaced else "").join(words))
    crash(position.replace("%s", text).encode())


def mutated(text: bytes, random: Random) -> bytes:
    """Return `text` with a few pieces cut, doubled, moved or put in."""
    data = bytearray(text)
    for _ in range(random.choice((1, 1, 1, 2, 5, 20))):
        at, length = random.randrange(len(data) + 1), random.choice((1, 1, 3, 10, 50))
        other = random.randrange(len(data) + 1)
        piece = random.choice(
            (
                b"",
                random.choice(PIECES).encode(),
                bytes(data[other : other + length]),
                random.randbytes(1),
                b"\n" + b" " * random.randrange(9),
            )
        )
        data[at : at + random.choice((0, length))] = piece
    return bytes(data)


@examples(100)
@given(packages(), SEEDS)
def test_no_damaged_schema_is_a_crash(drawn: Drawn, seed: int) -> None:
    random = Random(seed)
    text = print_schema(drawn, seed)
    for _ in range(5):
        damaged = mutated(text, random)
        note(repr(damaged))
        crash(damaged)
