"""Every way in which committed files can differ from what their schemas give."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application
from idlgen.emit import templates

USER = """\
package: user
types:
  User: {fields: {id: int, name: string}}
"""
ORDER = """\
package: order
types:
  Order: {fields: {id: int}}
"""
CONFIGURATION = """\
schemas = ["schemas/*.yaml"]
targets = ["docs"]
"""


def idlgen(*arguments: str) -> Result:
    result = CliRunner().invoke(application, arguments, prog_name="idlgen")
    assert result.exit_code != 3, result.output
    return result


def files(root: Path) -> dict[str, bytes]:
    """What a person would miss: not the templates that Jinja keeps compiled."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two schemas, built, and the working folder in it."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/user.yaml").write_text(USER)
    (tmp_path / "schemas/order.yaml").write_text(ORDER)
    (tmp_path / "idlgen.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    assert idlgen("build").exit_code == 0
    return tmp_path


def change_schema(project: Path) -> None:
    (project / "schemas/user.yaml").write_text(USER.replace("name", "title"))


def change_order(project: Path) -> None:
    (project / "schemas/order.yaml").write_text(ORDER.replace("id", "number"))


def change_template(project: Path) -> None:
    template = project / "templates/docs/package.md.j2"
    template.write_text(template.read_text() + "One more line.\n")


def edit(project: Path) -> None:
    """Change a file as an editor may that keeps size and time."""
    file = project / "generated/user/user.md"
    status, text = file.stat(), file.read_text()
    file.write_text(text.replace("name", "mane"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (
        status.st_size,
        status.st_mtime_ns,
    )


def delete(project: Path) -> None:
    (project / "generated/user/user.md").unlink()


def replace(project: Path) -> None:
    (project / "generated/user/user.md").write_text("# Mine\n")


def delete_schema(project: Path) -> None:
    (project / "schemas/order.yaml").unlink()


def rename_package(project: Path) -> None:
    (project / "schemas/order.yaml").write_text(ORDER.replace("order", "sales"))


def merge(project: Path) -> None:
    """Leave a file as a merge does that found the stamps in conflict."""
    file = project / "generated/user/user.md"
    lines = file.read_text().split("\n")
    lines[1:2] = ["<<<<<<< HEAD", lines[1], "=======", lines[1], ">>>>>>> theirs"]
    file.write_text("\n".join(lines))


@pytest.fixture
def own_templates(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The built-in templates, copied into the project so that a test may edit them."""
    shutil.copytree(templates.templates_root(), project / "templates")
    monkeypatch.setattr(templates, "templates_root", lambda: project / "templates")
    return project


USER_MD, USER_TS = "generated/user/user.md", "generated/user/user.d.ts"
ORDER_MD, ORDER_TS = "generated/order/order.md", "generated/order/order.d.ts"
BUILD = "idlgen build"


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


def test_build_never_touches_what_is_not_its_own(project: Path) -> None:
    hand_written = project / "generated/user/mine.md"
    hand_written.write_text("# Code generated by me\n")
    change_order(project)
    before = files(project / "generated")
    change_schema(project)
    assert idlgen("build", "schemas/user.yaml").exit_code == 0
    after = files(project / "generated")
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"user/user.md", "user/user.d.ts"}
    assert before.keys() == after.keys()
    assert idlgen("check", "schemas/user.yaml").exit_code == 0
    assert idlgen("check").exit_code == 1


def test_what_another_build_writes_at_the_moment_is_left_alone(project: Path) -> None:
    other = project / "generated/user/.user.md.new.01234567.idlgen"
    other.write_bytes((project / USER_MD).read_bytes())
    assert idlgen("check").exit_code == 0
    assert idlgen("build").exit_code == 0
    assert other.exists()


def test_an_orphan_that_somebody_edited_is_kept(project: Path) -> None:
    delete_schema(project)
    (project / ORDER_MD).write_text((project / ORDER_MD).read_text() + "Mine.\n")
    assert f"{ORDER_MD}: orphaned, edited by hand" in idlgen("check").stdout
    before = files(project)
    result = idlgen("build")
    assert result.exit_code == 1
    assert "IDL453" in result.stderr
    assert files(project) == before
    assert idlgen("build", "--force").exit_code == 0
    assert not (project / "generated/order").exists()


def test_a_target_that_the_configuration_drops_leaves_orphans(project: Path) -> None:
    assert idlgen("build", "--target", "docs", "--target", "python").exit_code == 0
    assert idlgen("check", "--target", "docs").exit_code == 0
    result = idlgen("check")
    assert "generated/user/types.py: orphaned [IDL457]" in result.stdout
    assert "user.md" not in result.stdout
    assert idlgen("build").exit_code == 0
    assert set(files(project / "generated")) == {
        "user/user.md",
        "user/user.d.ts",
        "order/order.md",
        "order/order.d.ts",
    }


def test_two_projects_may_share_an_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, package in (("a", "user"), ("b", "order")):
        (tmp_path / name / "schemas").mkdir(parents=True)
        schema = USER.replace("package: user", f"package: {package}")
        (tmp_path / name / "schemas/user.yaml").write_text(schema)
        (tmp_path / name / "idlgen.toml").write_text(CONFIGURATION + 'out = "../out"')
    for _ in range(2):
        for name in ("a", "b"):
            monkeypatch.chdir(tmp_path / name)
            assert idlgen("build").exit_code == 0
            assert idlgen("check").exit_code == 0
    assert set(files(tmp_path / "out")) == {
        "user/user.md",
        "user/user.d.ts",
        "order/order.md",
        "order/order.d.ts",
    }


def test_a_project_inside_a_project_is_left_alone(project: Path) -> None:
    inner = project / "generated/inner"
    shutil.copytree(project / "schemas", inner / "schemas")
    shutil.copytree(project / "generated/user", inner / "generated/user")
    (inner / "idlgen.toml").write_text(CONFIGURATION)
    (project / "schemas/user.yaml").write_text(USER.replace(": user", ": account"))
    before = files(inner)
    assert idlgen("build").exit_code == 0
    assert files(inner) == before
    assert not (project / "generated/user").exists()


class TestWithoutConfiguration:
    """Headers hold bare names, so less can be known."""

    @pytest.fixture
    def folder(self, project: Path) -> Path:
        (project / "idlgen.toml").unlink()
        shutil.rmtree(project / "generated")
        schemas = ["schemas/user.yaml", "schemas/order.yaml"]
        assert idlgen("build", *schemas, "--target", "docs").exit_code == 0
        first = (project / USER_TS).read_text().splitlines()[0]
        assert first == "// Code generated by idlgen from user.yaml. DO NOT EDIT."
        return project

    def test_a_schema_that_went_is_reported_but_its_files_stay(
        self, folder: Path
    ) -> None:
        assert idlgen("check", "schemas/user.yaml", "--target", "docs").exit_code == 0
        delete_schema(folder)
        result = idlgen("check", "schemas/user.yaml", "--target", "docs")
        assert result.exit_code == 1
        assert f"{ORDER_MD}: orphaned [IDL457]" in result.stdout
        assert f"delete `{ORDER_MD}`" in result.stdout
        before = files(folder)
        assert idlgen("build", "schemas/user.yaml", "--target", "docs").exit_code == 0
        assert files(folder) == before

    def test_a_package_that_was_renamed_leaves_orphans(self, folder: Path) -> None:
        rename_package(folder)
        result = idlgen("build", "schemas/order.yaml", "--target", "docs")
        assert result.exit_code == 0
        assert set(files(folder / "generated")) == {
            "user/user.md",
            "user/user.d.ts",
            "sales/sales.md",
            "sales/sales.d.ts",
        }

    def test_schemas_of_one_name_in_two_folders_are_kept_apart(
        self, folder: Path
    ) -> None:
        (folder / "other").mkdir()
        (folder / "other/user.yaml").write_text(USER.replace(": user", ": other"))
        for schema in ("other/user.yaml", "schemas/user.yaml", "other/user.yaml"):
            assert idlgen("build", schema, "--target", "docs").exit_code == 0
            assert idlgen("check", schema, "--target", "docs").exit_code == 0
        assert (folder / USER_MD).exists()
        assert (folder / "generated/other/other.md").exists()


def test_a_file_of_another_schema_is_not_overwritten(project: Path) -> None:
    (project / "schemas/twin.yaml").write_text(USER.replace("name", "title"))
    before = files(project)
    result = idlgen("build", "schemas/twin.yaml")
    assert result.exit_code == 2
    assert "IDL465" in result.stderr
    assert files(project) == before
    (project / "schemas/user.yaml").unlink()
    assert idlgen("build", "schemas/twin.yaml").exit_code == 0


class TestPython:
    """What only the python target writes: folders that several packages share."""

    @pytest.fixture
    def shared(self, project: Path) -> Path:
        (project / "idlgen.toml").write_text('schemas = ["schemas/*.yaml"]\n')
        for name, text in (("user", USER), ("order", ORDER)):
            nested = text.replace("package: ", "package: acme.")
            (project / f"schemas/{name}.yaml").write_text(nested)
        shutil.rmtree(project / "generated")
        assert idlgen("build", "--target", "python").exit_code == 0
        return project

    def test_a_shared_file_is_the_same_whoever_built_it_last(
        self, shared: Path
    ) -> None:
        together = files(shared / "generated")
        assert {"__init__.py", "acme/__init__.py"} < together.keys()
        for order in (["user", "order"], ["order", "user"]):
            shutil.rmtree(shared / "generated")
            for name in order:
                schema = f"schemas/{name}.yaml"
                assert idlgen("build", schema, "--target", "python").exit_code == 0
            assert files(shared / "generated") == together

    def test_a_shared_file_stays_while_another_package_needs_it(
        self, shared: Path
    ) -> None:
        (shared / "schemas/order.yaml").write_text(ORDER)
        built = idlgen("build", "schemas/order.yaml", "--target", "python")
        assert built.exit_code == 0
        assert not (shared / "generated/acme/order").exists()
        assert (shared / "generated/acme/__init__.py").exists()
        assert idlgen("check", "--target", "python").exit_code == 0

    def test_a_shared_file_goes_with_the_last_of_its_folder(self, shared: Path) -> None:
        (shared / "schemas/order.yaml").unlink()
        assert idlgen("build", "--target", "python").exit_code == 0
        assert (shared / "generated/acme/__init__.py").exists()
        (shared / "schemas/user.yaml").write_text(USER)
        assert idlgen("build", "--target", "python").exit_code == 0
        assert not (shared / "generated/acme").exists()
        assert (shared / "generated/__init__.py").exists()

    def test_a_hand_written_one_is_left_and_is_no_drift(self, shared: Path) -> None:
        (shared / "generated/acme/__init__.py").write_text("import os\n")
        assert idlgen("check", "--target", "python").exit_code == 0
        change_schema(shared)
        assert idlgen("build", "--target", "python").exit_code == 0
        assert (shared / "generated/acme/__init__.py").read_text() == "import os\n"

    def test_every_file_carries_the_header(self, shared: Path) -> None:
        for path, data in files(shared / "generated").items():
            assert data.startswith(b"# Code generated by idlgen from "), path

    def test_an_option_counts_as_generator(self, shared: Path) -> None:
        assert idlgen("check", "--target", "python").exit_code == 0
        before = files(shared / "generated")
        (shared / "pyproject.toml").write_text("[tool.black]\nline-length = 40\n")
        assert idlgen("build", "--target", "python").exit_code == 0
        assert files(shared / "generated") != before


SHOP = """\
imports: {money: shared/money.yaml}
types:
  Item: {fields: {price: {type: money.Money, default: {amount: 1}}}}
"""
MONEY = """\
types:
  Money: {fields: {amount: int, currency: {type: string, default: EUR}}}
"""
SHOP_TYPES, MONEY_TYPES = "generated/shop/types.py", "generated/money/types.py"


def named(result: Result) -> dict[str, str]:
    """Return what `check` says of each file."""
    return dict(re.findall(r"^(\S+): (.* \[IDL\d+\])$", result.stdout, re.MULTILINE))


class TestImports:
    """A schema that no glob names, but that one which a glob names imports."""

    @pytest.fixture
    def shop(self, project: Path) -> Path:
        (project / "idlgen.toml").write_text('schemas = ["schemas/*.yaml"]\n')
        (project / "schemas/shared").mkdir()
        (project / "schemas/shop.yaml").write_text(SHOP)
        (project / "schemas/shared/money.yaml").write_text(MONEY)
        shutil.rmtree(project / "generated")
        assert idlgen("build").exit_code == 0
        assert idlgen("check").exit_code == 0
        return project

    def test_headers_name_the_file_that_a_package_stands_in(self, shop: Path) -> None:
        first = (shop / SHOP_TYPES).read_text().splitlines()[0]
        assert first == (
            "# Code generated by idlgen from schemas/shop.yaml. DO NOT EDIT."
        )
        first = (shop / MONEY_TYPES).read_text().splitlines()[0]
        assert first == (
            "# Code generated by idlgen from schemas/shared/money.yaml. DO NOT EDIT."
        )

    def test_a_change_of_the_import_alone_is_one_of_the_schema(
        self, shop: Path
    ) -> None:
        money = shop / "schemas/shared/money.yaml"
        money.write_text(MONEY.replace("EUR", "USD"))
        found = named(idlgen("check"))
        assert found[SHOP_TYPES] == "schema changed [IDL454]"
        assert found[MONEY_TYPES] == "schema changed [IDL454]"
        assert not any("user" in path or "order" in path for path in found)
        # It is the same for one that names only the schema which imports.
        assert named(idlgen("check", "schemas/shop.yaml")) == found
        assert idlgen("build", "schemas/shop.yaml").exit_code == 0
        assert idlgen("check").exit_code == 0
        assert 'currency="USD"' in (shop / SHOP_TYPES).read_text()

    def test_a_change_further_away_is_one_too(self, shop: Path) -> None:
        between = "imports: {money: money.yaml}\ntypes: {Price: money.Money}\n"
        (shop / "schemas/shared/price.yaml").write_text(between)
        text = SHOP.replace("money", "price").replace("price.Money", "price.Price")
        (shop / "schemas/shop.yaml").write_text(text)
        assert idlgen("build").exit_code == 0
        assert idlgen("check").exit_code == 0
        money = shop / "schemas/shared/money.yaml"
        money.write_text(MONEY.replace("EUR", "USD"))
        assert named(idlgen("check"))[SHOP_TYPES] == "schema changed [IDL454]"

    def test_hands_in_the_output_of_an_import_are_seen(self, shop: Path) -> None:
        file = shop / MONEY_TYPES
        file.write_text(file.read_text() + "# Mine.\n")
        assert named(idlgen("check", "schemas/shop.yaml")) == {
            MONEY_TYPES: "edited by hand [IDL453]"
        }
        (shop / "generated/money/money.md").unlink()
        assert named(idlgen("check", "schemas/shop.yaml")) == {
            MONEY_TYPES: "edited by hand [IDL453]",
            "generated/money/money.md": "missing [IDL451]",
        }

    @pytest.mark.parametrize(
        "runs",
        [
            ["schemas/shop.yaml"],
            ["schemas/shared/money.yaml schemas/shop.yaml"],
            ["schemas/shop.yaml schemas/shared/../shared/money.yaml"],
            ["schemas/shared/money.yaml", "schemas/shop.yaml"],
            ["schemas/shop.yaml", "schemas/shared/money.yaml"],
        ],
    )
    def test_the_bytes_do_not_depend_on_who_was_named(
        self, shop: Path, runs: list[str]
    ) -> None:
        before = {
            path: data
            for path, data in files(shop / "generated").items()
            if path.startswith(("shop/", "money/", "__init__"))
        }
        shutil.rmtree(shop / "generated")
        for schemas in runs:
            assert idlgen("build", *schemas.split()).exit_code == 0
        assert files(shop / "generated") == before
        assert idlgen("build", *runs[0].split()).stdout.endswith("files unchanged\n")

    def test_schemas_that_import_each_other_are_built_from_either(
        self, shop: Path
    ) -> None:
        money = shop / "schemas/shared/money.yaml"
        money.write_text(f"imports: {{shop: ../shop.yaml}}\n{MONEY}")
        for schema in ("schemas/shop.yaml", "schemas/shared/money.yaml"):
            assert idlgen("build", schema).exit_code == 0
            assert idlgen("check", schema).exit_code == 0
        money.write_text(money.read_text().replace("EUR", "USD"))
        for schema in ("schemas/shop.yaml", "schemas/shared/money.yaml"):
            assert {SHOP_TYPES, MONEY_TYPES} < named(idlgen("check", schema)).keys()

    def test_a_build_without_the_import_leaves_its_output(self, shop: Path) -> None:
        before = files(shop / "generated")
        assert idlgen("build", "schemas/user.yaml").exit_code == 0
        assert files(shop / "generated") == before
        # Nor is it an orphan where nobody imports the file any longer: it is there.
        (shop / "schemas/shop.yaml").write_text("types: {}\n")
        assert idlgen("build").exit_code == 0
        assert (shop / MONEY_TYPES).read_bytes() == before["money/types.py"]

    def test_what_an_import_no_longer_makes_is_an_orphan(self, shop: Path) -> None:
        money = shop / "schemas/shared/money.yaml"
        money.write_text(f"package: coins\n{MONEY}")
        found = named(idlgen("check", "schemas/shop.yaml"))
        assert found[MONEY_TYPES] == "orphaned [IDL457]"
        assert found["generated/coins/types.py"] == "missing [IDL451]"
        assert found[SHOP_TYPES] == "schema changed [IDL454]"
        assert idlgen("build", "schemas/shop.yaml").exit_code == 0
        assert not (shop / "generated/money").exists()
        assert idlgen("check").exit_code == 0

    def test_the_output_of_an_import_that_went_is_an_orphan(self, shop: Path) -> None:
        (shop / "schemas/shared/money.yaml").unlink()
        before = files(shop)
        result = idlgen("check")
        assert result.exit_code == 1
        assert "error[IDL028]: no such file: `schemas/shared/money.yaml`" in (
            result.stderr
        )
        assert idlgen("build").exit_code == 1
        assert files(shop) == before
        (shop / "schemas/shop.yaml").write_text("types: {}\n")
        assert named(idlgen("check"))[MONEY_TYPES] == "orphaned [IDL457]"
        assert idlgen("build").exit_code == 0
        assert not (shop / "generated/money").exists()

    def test_the_output_of_an_import_is_not_taken_over(self, shop: Path) -> None:
        twin = shop / "schemas/twin.yaml"
        twin.write_text("package: money\ntypes: {Coin: int}\n")
        before = files(shop / "generated")
        result = idlgen("build", "schemas/twin.yaml")
        assert result.exit_code == 2
        assert "is made from `schemas/shared/money.yaml`" in result.stderr
        result = idlgen("build")
        assert result.exit_code == 1
        assert "error[IDL107]: package `money` is declared by two files" in (
            result.stderr
        )
        assert files(shop / "generated") == before


class TestImportsWithoutConfiguration:
    @pytest.fixture
    def shop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "api/shared").mkdir(parents=True)
        (tmp_path / "api/shop.yaml").write_text(SHOP)
        (tmp_path / "api/shared/money.yaml").write_text(MONEY)
        monkeypatch.chdir(tmp_path)
        assert idlgen("build", "api/shop.yaml").exit_code == 0
        return tmp_path

    def test_headers_hold_the_name_whoever_was_named(self, shop: Path) -> None:
        before = files(shop / "generated")
        first = before["money/types.py"].decode().splitlines()[0]
        assert first == "# Code generated by idlgen from money.yaml. DO NOT EDIT."
        for schema in ("api/shared/money.yaml", "api/shop.yaml"):
            assert idlgen("build", schema).stdout.endswith("files unchanged\n")
            assert idlgen("check", schema).exit_code == 0
        assert files(shop / "generated") == before

    def test_what_an_import_no_longer_makes_is_an_orphan(self, shop: Path) -> None:
        money = shop / "api/shared/money.yaml"
        money.write_text(f"package: coins\n{MONEY}")
        found = named(idlgen("check", "api/shop.yaml"))
        assert found[MONEY_TYPES] == "orphaned [IDL457]"
        assert idlgen("build", "api/shop.yaml").exit_code == 0
        assert not (shop / "generated/money").exists()

    def test_the_output_of_an_import_is_not_taken_over(self, shop: Path) -> None:
        (shop / "twin.yaml").write_text("package: money\ntypes: {Coin: int}\n")
        before = files(shop / "generated")
        result = idlgen("build", "twin.yaml")
        assert result.exit_code == 2
        assert "is made from `money.yaml`, and `twin.yaml` makes it too" in (
            result.stderr
        )
        assert files(shop / "generated") == before

    def test_two_files_of_one_name_cannot_be_told_apart(self, shop: Path) -> None:
        (shop / "api/shared/shop.yaml").write_text("package: other\ntypes: {}\n")
        (shop / "api/shop.yaml").write_text(
            SHOP.replace("}\n", ", other: shared/shop.yaml}\n", 1)
        )
        before = files(shop)
        result = idlgen("build", "api/shop.yaml")
        assert result.exit_code == 2
        assert "error[IDL508]: two schemas are called `shop.yaml`" in result.stderr
        assert "--> api/shop.yaml:1:" in result.stderr
        assert files(shop) == before
        (shop / "idlgen.toml").write_text("")
        assert idlgen("build", "api/shop.yaml").exit_code == 0

    def test_messages_call_an_import_as_seen_from_here(self, shop: Path) -> None:
        (shop / "api/shared/money.yaml").write_text("types: {Money: {fields: {a: B}}}")
        result = idlgen("build", "api/shop.yaml")
        assert result.exit_code == 1
        assert "--> api/shared/money.yaml:1:29" in result.stderr
