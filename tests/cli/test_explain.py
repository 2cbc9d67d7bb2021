from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import Result

from idlgen.diagnostics import codes, explanation
from idlgen.diagnostics.codes import CODES, Code
from idlgen.diagnostics.explanation import Explanation, Section

Idlgen = Callable[..., Result]

IDL453 = """\
error[IDL453]: a generated file was edited by hand

What it means

A generated file is not as idlgen wrote it: what follows its header does not fit
the digest in the header. Somebody edited it, or a merge left its marks in it.

Why it is an error

The next build would drop the change, so idlgen asks first.

Example

  user.yaml
    types:
      User: {fields: {id: int}}

    $ idlgen build user.yaml
    $ echo "A remark of mine." >> generated/user/user.md
    $ idlgen check user.yaml

Use instead

Move the change to a file of your own or into the schema. Then:

    $ idlgen build --force user.yaml
    $ idlgen check user.yaml
"""


@pytest.mark.parametrize("code", ["IDL453", "idl453", " 453"])
def test_a_page_is_laid_out_for_a_terminal(idlgen: Idlgen, code: str) -> None:
    result = idlgen("explain", code)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == IDL453


def test_headings_names_and_code_are_coloured(idlgen: Idlgen) -> None:
    shown = idlgen("explain", "IDL453", "--color=always").stdout
    assert shown.startswith("\x1b[1;31merror[IDL453]\x1b[0m\x1b[1m: a generated file")
    assert "\n\x1b[1mExample\x1b[0m\n\n  \x1b[36muser.yaml\x1b[0m\n    types:" in shown
    shown = idlgen("explain", "IDL458", "--color=always").stdout
    assert "Run \x1b[36m`idlgen build`\x1b[0m and" in shown


def test_a_warning_is_called_one(
    idlgen: Idlgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(codes.CODES, "IDL299", Code("odd", "Do not.", "warning"))
    page = Explanation("odd", (Section("What it means", "Odd."),))
    monkeypatch.setattr(explanation, "explanation", lambda _: page)
    shown = idlgen("explain", "IDL299", "--color=always").stdout
    assert shown.startswith("\x1b[1;33mwarning[IDL299]\x1b[0m\x1b[1m: odd\x1b[0m\n\n")
    assert "  IDL299  warning  odd\n" in idlgen("rules").stdout


def test_machines_get_the_sections_as_markdown(idlgen: Idlgen) -> None:
    result = idlgen("explain", "IDL011", "--output-format", "json")
    assert json.loads(result.stdout) == {
        "code": "IDL011",
        "severity": "error",
        "title": "the file is empty",
        "hint": "Add `types:`, `errors:` or `services:`; `idlgen init` writes an example.",
        "sections": {
            "What it means": "The schema holds nothing, or only comments.",
            "Why it is an error": "Nothing can be generated from it, so it is either "
            "unfinished or the wrong file.",
            "Example": "```yaml\n# types: to be written\n```",
            "Use instead": "```yaml\ntypes:\n  User: {fields: {id: int}}\n```\n\n"
            "`idlgen init` writes an example to begin with.",
        },
    }


@pytest.mark.parametrize("code", CODES)
def test_every_page_fits_a_terminal(idlgen: Idlgen, code: str) -> None:
    shown = idlgen("explain", code).stdout
    assert shown.startswith(f"{CODES[code].severity}[{code}]: {CODES[code].title}\n")
    assert max(map(len, shown.splitlines())) <= 88
    assert "```" not in shown
    assert "\n\n\n" not in shown


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("zzz", "No such code 'zzz'. `idlgen rules` lists all codes."),
        ("IDL-453", "Did you mean 'IDL453'?"),
        ("iidl506", "Did you mean 'IDL506'?"),
        ("../IDL102", "No such code '../IDL102'."),
    ],
)
def test_an_unknown_code_is_a_usage_error(
    idlgen: Idlgen, code: str, message: str
) -> None:
    result = idlgen("explain", code)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["explain", "IDL102"], ["explain", "IDL102", "--output-format=json"], ["rules"]],
)
def test_nothing_heavy_is_loaded(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from idlgen.cli import run\n"
        f"sys.argv = ['idlgen', *{arguments}]\n"
        "try:\n"
        "    run()\n"
        "finally:\n"
        "    print({'jinja2', 'yaml', 'msgspec'} & set(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == "set()\n"
