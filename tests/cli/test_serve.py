"""What `idlgen serve` and `idlgen mock` refuse before they listen, and what they say."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application
from idlgen.cli.compiled import Compiled, compile_schemas
from idlgen.cli.console import Console
from idlgen.cli.options import Settings
from idlgen.cli.serving.fakes import all_fakes

MODULES = {
    "serve_good.py": """
from generated_examples.user.server import UserService, UserServiceUnimplemented
from generated_examples.user.testing import FakeUserService
from idlgen.runtime import asgi_app
from tests.runtime.contract.guarded.server import VaultUnimplemented

users = FakeUserService()
app = asgi_app(users)
number = 3

class Holder:
    fake = users

class Plain:
    pass

class Half(UserService):
    async def delete_user(self, id: int) -> bool:
        return True

class Needy(UserServiceUnimplemented):
    def __init__(self, database: str) -> None:
        pass

def broken() -> FakeUserService:
    raise ValueError("no database")

async def later() -> FakeUserService:
    return users

def plain() -> Plain:
    return Plain()

def parametrised(name: str) -> FakeUserService:
    return users
""",
    "serve_bad.py": "def begin():\n    return undefined\n\nbegin()\n",
    "serve_syntax.py": "x = = 1\n",
    "serve_inner.py": "import serve_nowhere\n",
    "serve_exits.py": "import sys\nsys.exit(4)\n",
    "serve_folder/__init__.py": "",
    "serve_folder/inside.py": "",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with modules; what was imported from it is forgotten in the end."""
    folder = tmp_path_factory.mktemp("serve")
    for name, text in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    path = list(sys.path)
    yield folder
    sys.path[:] = path
    for name in [it for it in sys.modules if it.startswith("serve_")]:
        del sys.modules[name]


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(application, arguments, prog_name="idlgen")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'MODULE:OBJECT...'."),
        (["serve_good"], "'serve_good' lacks the object: give MODULE:OBJECT, such as"),
        (["serve_good:"], "'serve_good:' is no MODULE:OBJECT"),
        ([":users"], "':users' is no MODULE:OBJECT"),
        (["serve_good:users()"], "'serve_good:users()' is no MODULE:OBJECT"),
        (
            ["serve_good.py:users"],
            "'serve_good.py:users' names a file: give the module, 'serve_good:users'.",
        ),
        (
            ["./serve_folder/inside.py"],
            "give the module, 'serve_folder.inside:OBJECT'.",
        ),
        (["serve_god:users"], "Did you mean 'serve_good'?"),
        (
            ["serve_folder.insde:users"],
            "No module 'serve_folder.insde'. Did you mean 'serve_folder.inside'?",
        ),
        (["serve_god:users", "--reload"], "Did you mean 'serve_good'?"),
        (["serve_god.x:users", "--reload"], "Did you mean 'serve_good.x'?"),
        (["serve_good:usres"], "'serve_good' has no 'usres'. Did you mean 'users'?"),
        (
            ["serve_good:Holder.fak"],
            "'serve_good:Holder' has no 'fak'. Did you mean 'fake'?",
        ),
        (
            ["serve_bad:x"],
            (
                "Error: cannot import 'serve_bad': NameError: name 'undefined' is not "
                "defined\n  serve_bad.py:2, in begin\n    return undefined\n"
            ),
        ),
        (["serve_syntax:x"], "SyntaxError: invalid syntax\n"),
        (
            ["serve_inner:x"],
            (
                "cannot import 'serve_inner': ModuleNotFoundError: No module named "
                "'serve_nowhere'\n  serve_inner.py:1, in <module>\n"
            ),
        ),
        (
            ["serve_exits:x"],
            (
                "cannot import 'serve_exits': it ended the program (exit code 4)\n"
                "  serve_exits.py:2, in <module>\n    sys.exit(4)\n"
            ),
        ),
        (["serve_good:number"], "'serve_good:number' is of <class 'int'>, which"),
        (["serve_good:Plain"], "'serve_good:Plain' implements no service: give an"),
        (["serve_good:plain"], "'serve_good:plain()' is of <class 'serve_good.Plain'>"),
        (["serve_good:Needy"], "'serve_good:Needy' needs arguments: name an object"),
        (["serve_good:parametrised"], "'serve_good:parametrised' needs arguments"),
        (["serve_good:later"], "is an `async def`, which nobody awaits here"),
        (
            ["serve_good:broken"],
            (
                "'serve_good:broken' cannot be made: ValueError: no database\n"
                "  serve_good.py:26, in broken\n"
            ),
        ),
        (["serve_good:VaultUnimplemented"], "give `authenticate`, a function of"),
        (
            ["serve_good:VaultUnimplemented"],
            (
                "or None for nobody. Only an app has that: write `app = asgi_app(..., "
                "authenticate=...)` into 'serve_good' and serve 'serve_good:app'.\n"
            ),
        ),
        (["serve_good:UserService"], "'serve_good:UserService' is the interface of a"),
        (["serve_good:Half"], "Half lacks `get_user_by_id`, `create_user`"),
        (
            ["serve_good:users", "serve_good:users"],
            "user.UserService has two implementations",
        ),
        (["serve_good:users", "serve_good:app"], "An app is served alone"),
        (
            ["serve_good:app", "--lenient"],
            "'serve_good:app' is an app already: give --path, --lenient, --max-body",
        ),
        (["serve_good:app", "--path", "/x"], "is an app already"),
        (["serve_good:app", "--origin", "*"], "is an app already"),
        (["serve_good:users", "--origin", "app.example"], "'app.example' is no origin"),
        (["serve_good:users", "--path", "rpc"], "'rpc' is no path such as '/rpc'."),
        (["serve_good:users", "--path", "/a b"], "'/a b' is no path"),
        (["serve_good:users", "--max-body", "4x"], "'4x' is no size: write 65536"),
        (["serve_good:users", "--max-body", "0"], "'0' is no size"),
        (["serve_good:users", "--max-body", "-1"], "'-1' is no size"),
        (["serve_good:users", "--port", "x"], "'x' is not a valid integer"),
        (["serve_good:users", "--port", "65536"], "65536 is not in the range"),
        (["serve_good:users", "--port", "-1"], "-1 is not in the range"),
        (["serve_good:users", "--workers", "0"], "0 is not in the range"),
        (["serve_good:users", "--log-level", "loud"], "'loud' is not one of"),
        (
            ["serve_good:users", "--reload", "--workers", "2"],
            "--reload and --workers exclude each other.",
        ),
        (
            ["serve_good:users", "--host", "192.0.2.1"],
            "cannot listen on 192.0.2.1:8000: cannot assign requested address.",
        ),
        (["serve_good:users", "--host", ""], "--host is empty."),
    ],
)
def test_misuse_of_serve_says_what_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    result = run(folder, monkeypatch, "serve", *arguments)
    assert message in result.stderr
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert "idlgen/cli" not in result.stderr


SERVICE = "services: {Health: {methods: {ping: {returns: bool}}}}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No schema is known: give one by SCHEMAS, or set `schemas`"),
        (["gone.yaml"], "no such file: `gone.yaml`"),
        (["helth.yaml"], "did you mean `health.yaml`?"),
        (["faulty.yaml"], "unknown type `Bee`"),
        (["types.yaml"], "nothing to serve: the schemas declare no services"),
        (["health.yaml", "--port", "1.5"], "'1.5' is not a valid integer"),
        (["health.yaml", "--path", "x"], "'x' is no path"),
        (["health.yaml", "--fast"], "No such option '--fast'"),
    ],
)
def test_misuse_of_mock_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    (tmp_path / "health.yaml").write_text(SERVICE)
    (tmp_path / "types.yaml").write_text("types: {A: int}")
    (tmp_path / "faulty.yaml").write_text("types: {A: Bee}")
    result = run(tmp_path, monkeypatch, "mock", *arguments)
    assert message in result.stderr
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_port_that_is_taken_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "health.yaml").write_text(SERVICE)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments in (["serve", "serve_good:users"], ["mock", "health.yaml"]):
            result = run(folder, monkeypatch, *arguments, "--port", port)
            assert result.exit_code == 2
            assert result.stderr == (
                f"Error: cannot listen on 127.0.0.1:{port}: address already in use. "
                "`--port 0` takes any port that is free.\n"
            )


def test_serving_needs_an_extra(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = run(folder, monkeypatch, "serve", "serve_good:users")
    assert result.exit_code == 2
    assert "serving needs uvicorn: run `pip install 'idlgen[server]'`" in result.stderr


def test_a_mock_may_run_for_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "health.yaml").write_text(SERVICE)
    compiled = compile_schemas(
        ["health.yaml"], Console(Settings()), targets=["python"], option="SCHEMAS"
    )
    assert isinstance(compiled, Compiled)
    modules = compiled.modules()
    ((name, fake),) = all_fakes(compiled, modules)
    assert name == "health.Health"
    handler = vars(type(fake))["ping"].__get__(fake)
    for _ in range(3):
        assert isinstance(handler(), bool)
    assert fake.calls == []
    modules.forget()
