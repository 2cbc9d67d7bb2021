from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from idlgen.diagnostics import Diagnostic
from idlgen.emit import templates
from idlgen.emit.own_loading import references
from idlgen.emit.own_templates import OwnTemplate, TemplateFault
from idlgen.emit.templates import Templates


class View(NamedTuple):
    title: str = "T"


@pytest.fixture(autouse=True)
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A target `t` with two templates, whose bytecode may be kept."""
    folder = tmp_path / "t"
    folder.mkdir()
    (folder / "a.py.j2").write_text("x = '{{ view.title }}'\n")
    (folder / "b.md.j2").write_text("built-in {{ view.title }}\n")
    monkeypatch.setattr(templates, "templates_root", lambda: tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def render(name: str, own: dict[str, str], line_length: int = 88) -> str:
    made = {it: OwnTemplate(f"own/t/{it}", text) for it, text in own.items()}
    return Templates("t", {}, made, line_length).render(name, View())


def test_an_own_template_replaces_one_and_leaves_the_others() -> None:
    own = {"b.md.j2": "mine {{ view.title }}\n"}
    assert render("b.md.j2", own) == "mine T\n"
    assert render("a.py.j2", own) == "x = 'T'\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('> {% include "builtin/b.md.j2" %}', "> built-in T\n"),
        ('{% extends "builtin/b.md.j2" %}', "built-in T\n"),
        ('{% import "m.j2" as m %}{{ m.twice("y") }}', "yy"),
    ],
)
def test_an_own_template_may_use_others(text: str, expected: str) -> None:
    macros = "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}"
    assert render("b.md.j2", {"b.md.j2": text, "m.j2": macros}) == expected


def test_only_built_in_templates_are_kept_compiled(built_in: Path) -> None:
    def kept() -> int:
        return len(list(built_in.rglob("*.jinja")))

    render("b.md.j2", {"b.md.j2": "mine"})
    assert kept() == 0
    render("b.md.j2", {"b.md.j2": '{% include "builtin/b.md.j2" %}'})
    assert kept() == 1


def test_python_of_an_own_template_is_formatted_and_a_built_in_one_never() -> None:
    text = "x = f( {{ view.title }}, 'a', 'b' )\n"
    assert render("a.py.j2", {"a.py.j2": text}) == 'x = f(T, "a", "b")\n'
    wrapped = 'x = f(\n    T, "a", "b"\n)\n'
    assert render("a.py.j2", {"a.py.j2": text}, 16) == wrapped
    assert render("b.md.j2", {"b.md.j2": text}) == "x = f( T, 'a', 'b' )\n"
    assert render("a.py.j2", {"b.md.j2": ""}) == "x = 'T'\n"


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "hint"),
    [
        ("\n {{ viev }}", "IDL515", "2:2", "`viev` is undefined", "API 1"),
        ("{{ view.titel }}", "IDL515", "1:1", "did you mean `title`?", "API 1"),
        ("{{ view.zzz }}", "IDL515", "1:1", "`View` has no `zzz`", "API 1"),
        ("\n\n{{ 1 / 0 }}", "IDL515", "3:1", "ZeroDivisionError: div", None),
        ("{{ view.title + 1 }}", "IDL515", "1:1", "TypeError", None),
        ('{% include "x.j2" %}', "IDL515", "1:1", "no template `x.j2`", "`builtin/`"),
        ('\n{% include "b.md.j2" %}', "IDL515", "2:1", "Recursion", "`builtin/`"),
        ("{{ '\\ud800' }}", "IDL515", "", "writes U+D800", None),
        ("\n{{ view|nope }}", "IDL514", "2:1", "no filter named 'nope'", None),
        ("\n{% if %}", "IDL514", "2:1", "this is not a Jinja template", None),
        ("x{% for x in y %}\n", "IDL514", "", "expected", None),
    ],
)
def test_a_fault_of_an_own_template_has_a_place(
    text: str, code: str, place: str, message: str, hint: str | None
) -> None:
    found = fault("b.md.j2", {"b.md.j2": text})
    assert found.code == code
    assert message in found.message
    if place:
        assert found.span is not None
        assert found.span.source.path == "own/t/b.md.j2"
        assert "{}:{}".format(*found.span.position) == place
    assert (hint is None) == (found.hint is None)
    assert hint is None or hint in (found.hint or "")


def fault(name: str, own: dict[str, str]) -> Diagnostic:
    with pytest.raises(TemplateFault) as caught:
        render(name, own)
    return caught.value.diagnostic


def test_the_innermost_own_template_is_blamed() -> None:
    found = fault(
        "b.md.j2",
        {"b.md.j2": '{% include "part.j2" %}', "part.j2": "\n{{ nothing }}"},
    )
    assert found.span is not None
    assert found.span.source.path == "own/t/part.j2"
    assert found.span.position == (2, 1)


def test_a_built_in_template_that_fails_is_our_fault(built_in: Path) -> None:
    (built_in / "a.py.j2").write_text("{{ view.gone }}")
    with pytest.raises(Exception, match="gone") as caught:
        render("a.py.j2", {"b.md.j2": ""})
    assert not isinstance(caught.value, TemplateFault)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nx = = 1\n", "line 2: invalid syntax: `x = = 1`"),
        ("x = '''\n", "line 1: unterminated triple-quoted string literal"),
        ("\0", "source code string cannot contain null bytes"),
        ("(" * 3000, "line 1: too many nested parentheses"),
    ],
)
def test_what_is_not_python_is_refused(text: str, message: str) -> None:
    found = fault("a.py.j2", {"a.py.j2": text})
    assert (found.code, found.path) == ("IDL517", "own/t/a.py.j2")
    assert f"is not Python: {message}" in found.message
    assert len(found.message) < 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", set()),
        ('{% include "a.j2" %}{% import "b.j2" as b %}', {"a.j2", "b.j2"}),
        ('{% extends "builtin/a.j2" %}', {"builtin/a.j2"}),
        ("{% include view.title %}", set()),
    ],
)
def test_references(text: str, expected: set[str]) -> None:
    assert references(OwnTemplate("a", text)) == frozenset(expected)
