"""Every way in which committed files can differ from what their schemas give."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.drift.projects import (
    BUILD,
    ORDER_MD,
    ORDER_TS,
    USER,
    USER_MD,
    USER_TS,
    change_order,
    change_schema,
    change_template,
    delete,
    delete_schema,
    edit,
    files,
    idlgen,
    merge,
    rename_package,
    replace,
)


@pytest.mark.usefixtures("own_templates")
@pytest.mark.parametrize(
    ("changes", "named", "mended_by"),
    [
        (
            [change_schema],
            {USER_MD: "schema changed [IDL454]", USER_TS: "schema changed [IDL454]"},
            BUILD,
        ),
        (
            [change_template],
            {
                USER_MD: "generator or template changed [IDL455]",
                ORDER_MD: "generator or template changed [IDL455]",
            },
            BUILD,
        ),
        (
            [change_order, change_template],
            {
                USER_MD: "generator or template changed [IDL455]",
                ORDER_MD: "schema changed, generator or template changed [IDL456]",
                ORDER_TS: "schema changed, generator or template changed [IDL456]",
            },
            BUILD,
        ),
        ([edit], {USER_MD: "edited by hand [IDL453]"}, f"{BUILD} --force"),
        ([merge], {USER_MD: "edited by hand [IDL453]"}, f"{BUILD} --force"),
        ([delete], {USER_MD: "missing [IDL451]"}, BUILD),
        ([replace], {USER_MD: "not ours [IDL452]"}, None),
        (
            [delete_schema],
            {ORDER_MD: "orphaned [IDL457]", ORDER_TS: "orphaned [IDL457]"},
            BUILD,
        ),
        (
            [rename_package],
            {
                "generated/sales/sales.md": "missing [IDL451]",
                "generated/sales/sales.d.ts": "missing [IDL451]",
                ORDER_MD: "orphaned [IDL457]",
                ORDER_TS: "orphaned [IDL457]",
            },
            BUILD,
        ),
        (
            [edit, delete_schema],
            {
                USER_MD: "edited by hand [IDL453]",
                ORDER_MD: "orphaned [IDL457]",
                ORDER_TS: "orphaned [IDL457]",
            },
            f"{BUILD} --force",
        ),
    ],
    ids=lambda value: (
        "+".join(it.__name__ for it in value) if isinstance(value, list) else ""
    ),
)
def test_drift_is_named_and_the_command_mends_it(
    project: Path,
    changes: list[Callable[[Path], None]],
    named: dict[str, str],
    mended_by: str | None,
) -> None:
    assert idlgen("check").exit_code == 0
    for change in changes:
        change(project)
    before = files(project)
    result = idlgen("check")
    assert result.exit_code == 1
    found = dict(re.findall(r"^(\S+): (.* \[IDL\d+\])$", result.stdout, re.MULTILINE))
    assert found == named
    assert files(project) == before
    if mended_by is None:
        assert idlgen("build").exit_code == 1
        assert idlgen("build", "--force").exit_code == 1
        assert files(project) == before
        return
    assert result.stdout.endswith(f" to mend; run: {mended_by}\n")
    assert idlgen(*mended_by.split()[1:]).exit_code == 0
    assert idlgen("check").exit_code == 0


def test_machines_get_the_same_findings(project: Path) -> None:
    edit(project)
    delete_schema(project)
    result = idlgen("check", "--output-format", "github")
    assert result.exit_code == 1
    assert result.stdout.count("::error") == 3
    assert f"file={USER_MD}" in result.stdout
    result = idlgen("--output-format", "json", "check")
    assert result.exit_code == 1
    assert '"code": "IDL453"' in result.stdout
    assert result.stderr == ""


def test_check_prints_a_diff_within_bounds(project: Path) -> None:
    fields = "".join(f"    f{number}: int\n" for number in range(100))
    (project / "schemas/user.yaml").write_text(f"types:\n  User:\n   fields:\n{fields}")
    short, whole = idlgen("check"), idlgen("check", "--diff")
    assert f"--- {USER_MD}\n+++ {USER_MD}\n@@" in whole.stdout
    assert len(short.stdout.splitlines()) < 60 < len(whole.stdout.splitlines())
    assert "more lines; `--diff` prints all" in short.stdout


def test_equal_text_is_clean_whatever_the_digests_say(project: Path) -> None:
    file = project / USER_MD
    data = file.read_bytes()
    stale = re.sub(rb"(schema|target)=\w{12}", rb"\1=000000000000", data)
    assert stale != data
    file.write_bytes(stale)
    assert idlgen("check").exit_code == 0
    assert idlgen("build").exit_code == 0
    assert file.read_bytes() == data


def test_a_checkout_with_crlf_is_clean_and_stays(project: Path) -> None:
    for path in (project / "generated").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = files(project)
    assert idlgen("check").exit_code == 0
    assert idlgen("build").exit_code == 0
    assert files(project) == before
    file = project / USER_MD
    file.write_bytes(file.read_bytes().replace(b"name", b"mane"))
    assert "edited by hand" in idlgen("check").stdout


def test_a_schema_with_crlf_gives_the_same_bytes(project: Path) -> None:
    before = files(project / "generated")
    (project / "schemas/user.yaml").write_bytes(USER.replace("\n", "\r\n").encode())
    assert idlgen("check").exit_code == 0
    assert idlgen("build").exit_code == 0
    assert files(project / "generated") == before


def test_a_second_build_writes_nothing(project: Path) -> None:
    def times() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in project.rglob("*")}

    for path in (project / "generated").rglob("*"):
        os.utime(path, ns=(1_000_000_000, 1_000_000_000))
    before = times()
    assert idlgen("build").stdout == "4 files unchanged\n"
    assert times() == before
