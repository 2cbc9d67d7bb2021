"""What `idlgen call` refuses before anything is sent, and what it says then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from idlgen.cli.application import application

Call = Callable[..., Result]

SCHEMA = """
package: user
types:
  Role: {enum: [admin, member]}
  User: {fields: {id: int, name: {type: string, max_length: 5}, roles: list<Role>}}
services:
  UserService:
    methods:
      getUserById: {params: {id: {type: int, min: 1}}, returns: User}
      createUser: {params: {user: User, secret: {type: string?, sensitive: true}}}
      importUsers: {params: {users: stream<User>, dry: bool?}, returns: int}
      ping: {}
  Health:
    methods: {ping: {returns: bool}}
"""
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("ping")` in a folder with a configuration and a schema; nobody answers."""
    monkeypatch.chdir(tmp_path)
    for name in ("IDLGEN_URL", "IDLGEN_TOKEN", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "user.yaml").write_text(SCHEMA)
    (tmp_path / "idlgen.toml").write_text("schemas = ['user.yaml']")

    def run(*arguments: str, stdin: bytes = b"", url: str = NOBODY) -> Result:
        words = ["call", *arguments, *(["--url", url] if url else [])]
        return CliRunner().invoke(
            application, words, prog_name="idlgen", input=stdin, color=False
        )

    return run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'METHOD'."),
        (["getUserByid"], "No method 'getUserByid'. Did you mean 'getUserById'?"),
        (["get_user_by_id"], "Did you mean 'getUserById'?"),
        (
            ["UserServise.getUserById"],
            (
                "No method 'UserServise.getUserById'. "
                "Did you mean 'UserService.getUserById'?"
            ),
        ),
        (
            ["usr.UserService.getUserById"],
            "Did you mean 'user.UserService.getUserById'?",
        ),
        (["Users.getUserByID"], "Did you mean 'UserService.getUserById'?"),
        (["user.UserService.old"], "No method 'user.UserService.old'. Methods are "),
        (["ping"], "'ping' could be user.Health.ping and user.UserService.ping."),
        (["zzz"], "Methods are user.Health.ping, user.UserService.createUser, "),
        (["getUserById", "{id: 1}"], "PARAMS are no JSON: "),
        (
            ["getUserById", "{id: 1}"],
            "A shell wants quotes around them: '{\"id\": 1}'.",
        ),
        (["getUserById", "1"], "PARAMS are a JSON object, or an array of params"),
        (["getUserById", "[" * 100_000], "PARAMS are nested too deeply."),
        (["getUserById", "@gone.json"], "Cannot read '@gone.json': No such file"),
        (["getUserById", "@."], "Cannot read '@.': Is a directory."),
        (["getUserById", "@bytes"], "Cannot read '@bytes': it is not UTF-8."),
        (["importUsers", "-"], "importUsers reads the items of `users` from stdin"),
        (["getUserById", "--timeout", "2"], "--timeout '2' is no duration: write `2s`"),
        (["getUserById", "--timeout", "0s"], "--timeout '0s' is no duration"),
        (["getUserById", "--header", "x"], "--header takes a name and a value: "),
        (["getUserById", "--header", ": x"], "--header takes a name and a value: "),
        (
            ["getUserById", "[1]", "--header", "Content-Type: x"],
            "Header `Content-Type` is set by the client itself.",
        ),
        (
            ["getUserById", "[1]", "--header", "a b: x"],
            "'a b' cannot be the name of a header.",
        ),
        (
            ["getUserById", "[1]", "--header", "x: \N{SNOWMAN}"],
            "The value of header `x` holds more than printable ASCII",
        ),
        (
            ["getUserById", "[1]", "--token", "t", "--header", "authorization: x"],
            "Two credentials: leave out --header 'Authorization: ...', or the token",
        ),
        (
            ["getUserById", "[1]", "--idempotency-key", "\N{SNOWMAN}"],
            "--idempotency-key: the value of header `idempotency-key` holds more",
        ),
        (
            ["getUserById", "[1]", "--token", "a b"],
            "a token is printable ASCII without",
        ),
        (["getUserById", "[1]", "--token", ""], "a token is printable ASCII without"),
        (["getUserById", "{}", "too", "much"], "Got unexpected extra argument"),
        (["getUserById", "--wiire"], "No such option '--wiire'"),
        (["--untyped", "m", "{id: 1}"], "PARAMS are no JSON: "),
        (["--untyped", "m", "1"], "PARAMS are a JSON object, or an array of params"),
        (["--untyped", "m", "[1e999]"], "PARAMS cannot be sent: "),
        (
            ["--untyped", "m", '{"a": 1, "a": 2}'],
            "PARAMS cannot be sent: Member is written twice.",
        ),
        (
            ["--untyped", "m", "--schema", "user.yaml"],
            "--untyped goes with neither --schema nor --idempotency-key.",
        ),
        (["--untyped", "m", "--idempotency-key", "k"], "--untyped goes with neither"),
    ],
)
def test_misuse_is_a_usage_error(
    call: Call, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    result = call(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "Which server? Give --url http://127.0.0.1:8000, or set IDLGEN_URL."),
        ("ftp://host", "Cannot call 'ftp://host': scheme `ftp://` is not supported"),
        ("http://", "Cannot call 'http://': it names no host."),
        ("http://host:x", "Cannot call 'http://host:x'"),
        ("http://a b", "a URL holds no spaces or controls."),
    ],
)
def test_a_url_that_is_none_is_a_usage_error(
    call: Call, url: str, message: str
) -> None:
    result = call("getUserById", "[1]", url=url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize(
    ("method", "params", "lines"),
    [
        ("getUserById", "{}", ["$.id: Missing"]),
        ("getUserById", '["x"]', ["$.id: Expected `int`, got `str`"]),
        ("getUserById", "[1, 2]", ["$: Expected at most 1 params, got 2"]),
        ("getUserById", '{"id": 0}', ["$.id: Expected `int` >= 1"]),
        ("getUserById", '{"id": 1, "id": 2}', ["$.id: Member is written twice"]),
        (
            "createUser",
            '{"user": {"id": 1.5, "name": "Stephanie", "roles": ["admin", "membr"]}}',
            [
                "$.user.id: Expected `int`, got `float`",
                "$.user.name: Expected `str` of length <= 5",
                "$.user.roles[1]: Unknown value `membr`; did you mean `member`?",
            ],
        ),
        (
            "createUser",
            '{"usr": {}, "secret": 7}',
            [
                "$.user: Missing",
                "$.secret: Expected `str`",
                "$.usr: Unknown name `usr`; did you mean `user`?",
            ],
        ),
    ],
)
def test_every_problem_of_params_is_told_with_its_path(
    call: Call, method: str, params: str, lines: list[str]
) -> None:
    result = call(method, params)
    assert (result.exit_code, result.stdout) == (2, "")
    first, *rest = result.stderr.splitlines()
    assert first == f"error: wrong params of user.UserService.{method}"
    assert sorted(rest) == sorted(f"  {line}" for line in lines)


def test_params_come_from_files_and_stdin(call: Call, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"id": "x"}')
    for result in (
        call("getUserById", "@p.json"),
        call("getUserById", "-", stdin=b"[]"),
    ):
        assert result.exit_code == 2
        assert "\n  $.id: " in result.stderr


def test_problems_for_programs(call: Call) -> None:
    result = call("getUserById", "{}", "--output-format", "json")
    assert json.loads(result.stderr) == {
        "message": "wrong params of user.UserService.getUserById",
        "problems": [{"path": "$.id", "message": "Missing"}],
    }


def test_a_server_that_cannot_be_reached_is_no_answer(call: Call) -> None:
    result = call("getUserById", "[1]")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "error: http://127.0.0.1:1/rpc could not be reached"
    )
    assert "\n  status: unavailable\n" in result.stderr


def test_without_a_schema_nothing_is_called(call: Call, tmp_path: Path) -> None:
    (tmp_path / "idlgen.toml").unlink()
    result = call("getUserById", "[1]")
    assert result.exit_code == 2
    assert (
        "No schema is known: give one by --schema FILE, call without one by --untyped, "
        "or set `schemas`"
    ) in result.stderr


def test_a_faulty_schema_keeps_a_call_from_being_made(
    call: Call, tmp_path: Path
) -> None:
    (tmp_path / "user.yaml").write_text("types: {A: Bee}")
    result = call("getUserById", "[1]", "--output-format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert json.loads(result.stderr)[0]["code"] == "IDL102"
    result = call("getUserById", "[1]", "--schema", "gone.yaml")
    assert result.exit_code == 2
    assert "no such file: `gone.yaml`" in result.stderr


HOSTILE = """
package: user
doc: "\\"\\"\\"\\n__import__('os').system('touch ran')\\n'''"
types:
  Role: {enum: ["'; __import__('os').system('touch ran') #", "a\\nb"]}
services:
  S:
    doc: "{{ 1 }} \\"\\"\\"\\n__import__('os').system('touch ran')"
    methods:
      m:
        params: {role: Role, text: {type: string, default: "\\"\\"\\"\\n__import__('os')"}}
        returns: Role
        examples:
          "\\"), __import__('os').system('touch ran'), (\\"":
            {params: {role: "a\\nb"}, returns: "a\\nb"}
"""


def test_the_text_of_a_schema_never_runs(call: Call, tmp_path: Path) -> None:
    (tmp_path / "user.yaml").write_text(HOSTILE)
    result = call("m", '{"role": "x"}')
    assert result.exit_code == 2
    assert result.stderr == (
        "error: wrong params of user.S.m\n"
        "  $.role: Unknown value `x`; known are "
        "`'; __import__('os').system('touch ran') #`, `a\\u000ab`\n"
    )
    assert call("m", '{"role": "a\\nb"}').stderr.startswith(
        f"error: {NOBODY}/rpc could"
    )
    assert not (tmp_path / "ran").exists()
