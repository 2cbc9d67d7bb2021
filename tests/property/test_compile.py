"""Random schemas mean what they were printed from, and random bytes are never a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from random import Random

import msgspec
from hypothesis import given, note, strategies as st

from idlgen.compiler import compile
from idlgen.diagnostics import Severity, Span
from idlgen.diagnostics.render import render_text
from idlgen.model import Api, Scalar
from idlgen.targets import TARGETS, target_factory
from idlgen.workspace.stamping import schema_digests
from tests.property.apis import apis
from tests.property.building import examples
from tests.property.drawing import SEEDS
from tests.property.drawn import Drawn
from tests.property.schema_printer import print_schemas

ENTRY = PurePosixPath("pkg.yaml")
# Pieces of the language and of YAML, in no order.
_PIECES = """
    imports types errors services fields enum union alias newtype extends params returns
    methods type tag flat closed strict since sensitive number auth scopes paginate stream
    default example wire doc name status message examples pick partial omit list map set
    int string any | ? < > ( ) [ ] { } , : - # & * ! % @ ` ' " << --- ... ~ null true 0x1F
    1e999 .inf -0 A B a b x-y A? list<A> map<A,B> {id} {{ }} $ ^ \\d \\u0000 \\ud800
"""
PIECES = _PIECES.split()


def meaning(api: Api) -> object:
    """Return the packages by name, without paths and spans."""
    return {
        name: msgspec.to_builtins(
            msgspec.structs.replace(package, path=""), enc_hook=_without_span
        )
        for name, package in api.packages.items()
    }


def _without_span(value: object) -> None:
    assert isinstance(value, Span)


@examples(100)
@given(apis(), SEEDS, SEEDS)
def test_a_schema_means_what_it_was_printed_from(
    drawn: Drawn, seed: int, other_seed: int
) -> None:
    digests = set()
    for style in (seed, other_seed):
        schemas = print_schemas(drawn, style)
        note(str(schemas))
        outcome = compile(schemas.entries, schemas.files.get, [])
        assert outcome.diagnostics == ()
        assert meaning(outcome.api) == meaning(drawn.api)
        digests.add(tuple(sorted(schema_digests(outcome.api).items())))
    assert len(digests) == 1


def crash(
    entries: Sequence[PurePosixPath], files: Mapping[PurePosixPath, bytes]
) -> None:
    """Fail if the compiler or the renderer of its messages raises."""
    targets = [target_factory(name)({}) for name in TARGETS]
    outcome = compile(entries, files.get, targets)
    render_text(outcome.diagnostics, color=False)
    has_error = any(f.severity is Severity.ERROR for f in outcome.diagnostics)
    assert bool(outcome.files) != has_error


@examples(200)
@given(st.binary(max_size=60))
def test_no_bytes_are_a_crash(text: bytes) -> None:
    crash([ENTRY], {ENTRY: text})


@examples(200)
@given(st.text(max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    crash([ENTRY], {ENTRY: text.encode("utf-8", "surrogatepass")})


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
    text = "".join(piece + space for piece, space in pieces)
    crash([ENTRY], {ENTRY: text.encode()})


# Wherever the language reads a text of its own inside YAML's.
POSITIONS = [
    "types: {A: %s}",
    "types: {S: {fields: {a: int}}, A: %s}",
    "types: {A: {fields: {a: %s}}}",
    "types: {A: {alias: string, pattern: %s}}",
    "types: {A: {enum: [a, %s]}}",
    "types: {A: {fields: {}}, B: {union: {a: A, %s: {type: %s}}, tag: %s, flat: true}}",
    "types: {'A<%s>': {fields: {a: %s, b: 'A<T>?'}}, B: 'A<%s>'}",
    "imports: {a: %s}\ntypes: {A: a.%s}",
    "services: {S: {auth: %s, scopes: [%s], methods: {m: {paginate: %s}}}}",
    "services: {S: {methods: {m: {params: {a: stream<%s>}, returns: stream<%s>}}}}",
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


@examples(400)
@given(st.sampled_from(POSITIONS), st.lists(WORDS, max_size=9), st.booleans())
def test_no_text_of_the_language_is_a_crash(
    position: str, words: list[str], spaced: bool
) -> None:
    text = json.dumps((" " if spaced else "").join(words))
    crash([ENTRY], {ENTRY: position.replace("%s", text).encode()})


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
@given(apis(), SEEDS)
def test_no_damaged_schema_is_a_crash(drawn: Drawn, seed: int) -> None:
    random = Random(seed)
    schemas = print_schemas(drawn, seed)
    for _ in range(5):
        path = random.choice([*schemas.files])
        damaged = mutated(schemas.files[path], random)
        note(repr(damaged))
        crash(schemas.entries, {**schemas.files, path: damaged})
