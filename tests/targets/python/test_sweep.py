"""Whole files with names of every length: black has nothing to change in any of them."""

from __future__ import annotations

from collections.abc import Callable

import black
import pytest

LENGTHS = range(4, 121, 5)
Render = Callable[..., dict[str, str]]


def schema(member: Callable[[int], int], declared: Callable[[int], int]) -> str:
    """Return a schema with a type, an error and a service for each length."""
    types, errors, services = [], [], []
    for n in LENGTHS:
        type_, name = "T" + f"{n:03}" + "t" * (declared(n) - 4), "m" * member(n)
        types.append(f"""
  {type_}:
    doc: {"d" * n} {"e" * n}
    fields:
      {name}: string
      {name}_b: list<{type_}> | null
      {name}_c: {{type: list<E{type_}>, default: [a]}}
      {name}_d: {{type: 'map<string, {type_}>?', doc: {"d" * n}}}
      {name}_e: {{type: E{type_}, default: {"a" * n}}}
      {name}F: datetime
      {name}_g: {{type: string, min_length: 1, max_length: 5, pattern: {"p" * n}}}
      {name}_h: {{type: list<int>?, min_items: {n}}}
      {name}_i: {{type: {type_}A | null, pattern: '^a$', wire: {"w" * n}}}
      {name}_j: {{type: '({type_}N | null)?', max: '5'}}
      {name}_k: {{type: float, min: 1, multiple_of: 0.1, default: {n}}}
  E{type_}: {{enum: [a, {"a" * n}]}}
  A{type_}: {{alias: 'map<string, list<{type_}>>'}}
  N{type_}: {{newtype: datetime}}
  {type_}A: {{alias: string, pattern: {"q" * n}, max_length: 320}}
  {type_}B: {{alias: {type_}A | null, min_length: {n}}}
  {type_}N: {{newtype: decimal, min: '1', max: '1{"0" * n}'}}
  {type_}M: {{newtype: int, min: 1, max: 2000}}
  U{type_}:
    doc: {"d" * n} {"e" * n}
    union:
      {name}: {type_}
      {"v" * declared(n)}: {{type: list<U{type_}>, doc: {"d" * n}}}
      a b: null
  {type_}C: {{closed: true, union: {{{name}: int, {name}_b: null}}}}
  {type_}O: {{union: {{{name}: int}}}}
  {type_}F: {{flat: true, tag: {name}t, union: {{{name}: {type_}H, none: null}}}}
  {type_}H:
    strict: true
    fields:
      {name}: {{type: string, sensitive: true}}
      {name}_b: {{type: string?, sensitive: true}}
      {name}_c: int
  {type_}G<K{n}, {type_}P>:
    fields:
      {name}: list<K{n}>
      {name}_b: '{type_}G<K{n}, {type_}P>?'
      {name}_c: 'map<{type_}G<list<{type_}P>, datetime>>'
      {name}_d: {{type: U{type_}, default: {{type: a b}}}}
  {type_}I:
    fields:
      {name}: {{type: {type_}F, default: {{{name}t: {name}, {name}: a, {name}_c: {n}}}}}
      {name}_b: {{type: list<{type_}C>, default: [{{type: {name}, value: 1}}, {{type: {name}_b}}]}}
  {type_}J: {type_}G<int, U{type_}>""")
        errors.append(
            f"""
  X{type_}:
    status: not_found
    message: {"m" * n}
    fields: {{{name}: {type_}, {name}_b: {{type: list<{type_}>, default: []}}, {name}_c: {{type: {type_}M, min: 5}}}}"""
        )
        services.append(
            f"""
  S{type_}:
    methods:
      {name}:
        params: {{{name}: {type_}, {name}_b: 'map<string, {type_}>?'}}
        returns: map<string, {type_}>
        errors: [X{type_}]
      {name}_b: {{params: {{a: partial<{type_}>}}, errors: [X{type_}]}}
      {name}_c: {{params: {{a: {{type: list<E{type_}>, default: [a]}}}}, returns: {type_} | null}}
      {name}_d: {{returns: list<{type_}>, params: {{{name}: {{type: int?, min: 1, max: {n}}}, {name}_b: {{type: {type_}A, pattern: x, default: {"q" * n}x}}}}}}
      {name}_e: {{returns: U{type_} | null, params: {{{name}: {{type: {type_}J, sensitive: true}}}}}}
      {name}_f: {{returns: 'list<{type_}G<{type_}C, {type_}>>', params: {{{name}: {{type: {type_}O, default: {{type: {name}, value: {n}}}}}}}}}"""
        )
    return (
        f"types:{''.join(types)}\nerrors:{''.join(errors)}\n"
        f"services:{''.join(services)}\n"
    )


@pytest.mark.parametrize(
    ("member", "declared"),
    [
        (lambda n: n, lambda n: n),
        (lambda n: n, lambda n: 10),
        (lambda n: 5, lambda n: n),
        (lambda n: n, lambda n: 124 - n),
    ],
    ids=["both", "members", "types", "one long, one short"],
)
def test_black_leaves_files_with_names_of_every_length(
    render: Render, member: Callable[[int], int], declared: Callable[[int], int]
) -> None:
    files = render(schema(member, declared))
    for path, body in files.items():
        source = f"# One line.\n# Another.\n{body}"
        if body:
            assert black.format_str(source, mode=black.Mode()) == source, path


def test_another_line_length_is_obeyed(render: Render) -> None:
    files = render(schema(lambda n: n % 20 + 1, lambda n: 10), line_length=60)
    mode = black.Mode(line_length=60)
    for path, body in files.items():
        if body:
            assert black.format_str(body, mode=mode) == body, path
