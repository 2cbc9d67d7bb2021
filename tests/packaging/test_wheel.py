"""The main job from an installed wheel, with no checkout in sight."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

# One worker builds and installs for all of these.
pytestmark = pytest.mark.xdist_group("wheel")

CALL = """
import idlgen
from generated.user.client import UserServiceClient
from generated.user.testing import FakeUserService, in_process

with in_process(UserServiceClient, FakeUserService()) as users:
    print(users.get_user_by_id(1).name)
print(idlgen.__file__)
"""


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, root)
    return folder


@pytest.fixture(scope="session")
def installed(
    tmp_path_factory: pytest.TempPathFactory, dist: Path, wheelhouse: Path
) -> Path:
    """The `bin` of a venv in which nothing but the wheel was installed, offline."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    (wheel,) = dist.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin/python")]
    run(
        *pip, "install", "-q", "--no-index", "--find-links", wheelhouse, f"{wheel}[all]"
    )
    return venv / "bin"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Return what `command` prints, without this checkout's or the user's settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    env["PIP_CONFIG_FILE"] = os.devnull
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_an_installed_wheel_does_the_main_job(
    installed: Path, root: Path, tmp_path: Path
) -> None:
    shutil.copy(root / "schemas/user.yaml", tmp_path)
    run(installed / "idlgen", "build", "user.yaml", cwd=tmp_path)
    run(installed / "idlgen", "check", "user.yaml", cwd=tmp_path)
    name, place = run(installed / "python", "-c", CALL, cwd=tmp_path).splitlines()
    assert name == "홍길동"
    assert Path(place).is_relative_to(installed.parent)


def test_an_installed_wheel_knows_its_version(installed: Path, tmp_path: Path) -> None:
    assert "0.1.0" in run(installed / "idlgen", "version", cwd=tmp_path)
    metadata = "import importlib.metadata as m; print(m.version('idlgen'))"
    assert run(installed / "python", "-c", metadata, cwd=tmp_path) == "0.1.0\n"


def test_an_installed_wheel_prints_the_json_schema(
    installed: Path, root: Path, tmp_path: Path
) -> None:
    committed = (root / "schemas/idl.schema.json").read_text(encoding="utf-8")
    assert run(installed / "idlgen", "schema", cwd=tmp_path) == committed


def test_an_installed_wheel_explains_codes(installed: Path, tmp_path: Path) -> None:
    page = run(installed / "idlgen", "explain", "IDL102", cwd=tmp_path)
    assert page.startswith("error[IDL102]: a type is not known\n")


def test_the_wheels_of_the_checkout_and_of_the_sdist_hold_the_same(
    dist: Path, root: Path, tmp_path: Path
) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    run(*build, "--outdir", tmp_path, root)
    (from_sdist,) = dist.glob("*.whl")
    (from_checkout,) = tmp_path.glob("*.whl")
    assert contents(from_sdist) == contents(from_checkout)


def test_a_wheel_holds_templates_and_the_typing_marker_and_no_tests(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = contents(wheel).keys()
    assert "idlgen/py.typed" in names
    assert any(name.startswith("idlgen/templates/python/") for name in names)
    assert any(name.startswith("idlgen/templates/docs/") for name in names)
    assert {name.split("/")[0] for name in names} == {
        "idlgen",
        "idlgen-0.1.0.dist-info",
    }


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_editable_install_reads_the_templates_of_the_checkout(
    root: Path, tmp_path: Path
) -> None:
    code = "from idlgen.emit.templates import templates_root; print(templates_root(), end='')"
    assert run(sys.executable, "-c", code, cwd=tmp_path) == str(root / "templates")
