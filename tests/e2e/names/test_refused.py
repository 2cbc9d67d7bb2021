"""A name is refused only where it meets another one, and `name:` mends it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.diagnostics import Diagnostic
from idlgen.targets import TARGETS, target_factory
from tests.e2e.names.refused import REFUSED
from tests.e2e.names.schemas import POSITIONS, schema, schemas
from tests.e2e.names.scopes import PACKAGE_NAMES, SCOPES, SERVED, TYPE_NAMES
from tests.e2e.names.table import NAMES
from tests.e2e.names.type_schemas import IMPORTED, NO_TAG, SERVICE


def test_the_table_is_long_and_holds_each_name_once() -> None:
    assert len(NAMES) >= 300
    assert len({*NAMES}) == len(NAMES) == sum(map(len, SCOPES.values()))


@pytest.mark.parametrize("position", POSITIONS)
def test_only_names_that_meet_another_one_are_refused(position: str) -> None:
    refused: dict[str, str] = {}
    # Names are given to what is refused until nothing is, as a user would do it.
    while found := refusals(position, refused):
        assert found.keys().isdisjoint(refused)
        refused |= found
    assert refused == REFUSED.get(position, {})
    rows = TYPE_NAMES if position == "services" else NAMES
    assert len(refused) * 20 <= len(rows)


def refusals(position: str, renamed: dict[str, str]) -> dict[str, str]:
    """Return the code of what is found by the text that it is found at."""
    found = {}
    for each in diagnostics(schema(position, {position: renamed})):
        assert each.span is not None
        named = each.span.source.text[each.span.start : each.span.end].strip('"')
        found[named] = each.code
    # A method meets another one only because its service does.
    found.pop("go", None)
    return found


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    packages = schemas({})
    content = {
        PurePosixPath(f"{package}.yaml"): text.encode()
        for package, text in packages.items()
    }
    entry = PurePosixPath("entry_of_test.yaml")
    content[entry] = text.encode()
    targets = [target_factory(name)({}) for name in TARGETS]
    return compile([entry], content.get, targets).diagnostics


def test_only_packages_that_are_not_served_are_refused() -> None:
    refused = {
        name: [found.code for found in diagnostics(f"package: '{name}'\n{SERVICE}")]
        for name in PACKAGE_NAMES
    }
    assert {name: codes for name, codes in refused.items() if codes} == {
        "rpc": ["IDL134"]
    }
    assert {*PACKAGE_NAMES} - {*SERVED} == {"rpc"}
    assert diagnostics(f"package: rpc\n{IMPORTED}") == ()


def test_a_tag_may_not_be_called_as_the_payload_but_in_a_flat_union() -> None:
    nested = f"types: {{U: {{union: {{a: int, b: null}}, tag: {NO_TAG}}}}}"
    flat = f"types: {{U: {{union: {{a: null, b: null}}, tag: {NO_TAG}, flat: true}}}}"
    assert [found.code for found in diagnostics(nested)] == ["IDL126"]
    assert diagnostics(flat) == ()
