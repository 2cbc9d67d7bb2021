from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from idlgen.diagnostics.codes import CODES

Idlgen = Callable[..., Result]


def test_every_code_stands_in_its_band(idlgen: Idlgen) -> None:
    result = idlgen("rules")
    assert (result.exit_code, result.stderr) == (0, "")
    bands = dict(band.split("\n", 1) for band in result.stdout.split("\n\n"))
    assert (
        "  IDL012  error    the file is not valid YAML\n" in bands["File and structure"]
    )
    assert "  IDL102  error    a type is not known\n" in bands["Names and types"]
    targets = bands["Targets, wires and output"]
    assert "  IDL451  error    a generated file is missing\n" in targets
    assert "IDL506" in bands["Configuration and command line"]
    lines = "\n".join(bands.values()).split("\n")
    assert [line.split()[0] for line in lines if line] == list(CODES)


def test_bands_are_bold_where_colour_is_wanted(idlgen: Idlgen) -> None:
    shown = idlgen("rules", "--color=always").stdout
    assert shown.startswith("\x1b[1mFile and structure\x1b[0m\n  IDL001  error")


def test_machines_get_one_list(idlgen: Idlgen) -> None:
    rows = json.loads(idlgen("rules", "--output-format", "json").stdout)
    assert [row["code"] for row in rows] == list(CODES)
    assert {
        "code": "IDL102",
        "band": "Names and types",
        "severity": "error",
        "title": "a type is not known",
        "hint": "Correct the spelling, or declare the type under `types:`.",
    } in rows
