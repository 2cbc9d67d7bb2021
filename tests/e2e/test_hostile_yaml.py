"""Hostile schemas, each in a process of its own: a finding with a code, soon and cheaply.

With `-s` the tests print what each took; the aim is 1 s and 300 MB.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parent / "measured.py"
MEGABYTES = 300
# Only so that a test which waits for ever ends: what is spent is judged by the launcher.
TIMEOUT = 300

USER = "types:\n  User: {fields: {id: int}}\n"
IMPORTING = f"imports: {{hostile: hostile.yaml}}\n{USER}"
N = 10_000


def spell(link: str, last: str, count: int = N) -> str:
    """Return types of which each names the next, as `link` says of `{i}` and `{j}`."""
    lines = [link.format(i=i, j=i + 1) for i in range(count)]
    return "types:\n" + "".join(f"  {line}\n" for line in (*lines, last))


def alias_bomb() -> str:
    levels = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]\n" for i in range(1, 30)]
    return f"x-bomb:\n  l0: &l0 [lol]\n  {'  '.join(levels)}{USER}"


def merge_bomb() -> str:
    levels = [
        f"  m{i}: &m{i}\n    <<: [{', '.join([f'*m{i - 1}'] * 10)}]\n"
        for i in range(1, 30)
    ]
    return f"x-bomb:\n  m0: &m0 {{a: 1}}\n{''.join(levels)}{USER}"


def indents(count: int) -> str:
    return "".join(f"{' ' * i}a{i}:\n" for i in range(count))


REFUSED: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "alias bomb": ("IDL013", alias_bomb),
    "merge-key bomb": ("IDL015", merge_bomb),
    "an anchor that holds itself": ("IDL013", lambda: f"x-a: &a [*a]\n{USER}"),
    "20,000 brackets, closed": ("IDL018", lambda: "[" * 20_000 + "]" * 20_000),
    "20,000 brackets, open": ("IDL018", lambda: "[" * 20_000),
    "20,000 braces, closed": ("IDL018", lambda: "{a: " * 20_000 + "}" * 20_000),
    "200,000 brackets, closed": ("IDL018", lambda: "[" * 200_000 + "]" * 200_000),
    "200,000 brackets, open": ("IDL018", lambda: "[" * 200_000),
    "200,000 dashes": ("IDL018", lambda: "- " * 200_000),
    "200,000 complex keys": ("IDL018", lambda: "? " * 200_000),
    "3,000 indents": ("IDL018", lambda: indents(3_000)),
    "duplicate keys": ("IDL016", lambda: "types:\n" + "  A: int\n" * N),
    "tabs": ("IDL012", lambda: "types:\n\tUser: {fields: {id: int}}\n"),
    "UTF-16": ("IDL010", lambda: USER.encode("utf-16")),
    "UTF-16 without a mark": ("IDL026", lambda: USER.encode("utf-16-le")),
    "UTF-32": ("IDL010", lambda: USER.encode("utf-32")),
    "Latin-1": ("IDL010", lambda: f"doc: caf\xe9\n{USER}".encode("latin-1")),
    "NUL": ("IDL026", lambda: f"doc: a\0b\n{USER}"),
    "NUL alone": ("IDL026", lambda: b"\0"),
    "an escape of half a character": ("IDL012", lambda: f'doc: "\\ud800"\n{USER}'),
    "50 MB of comments": ("IDL018", lambda: b"# " + b"a" * 50_000_000),
    "50 MB of fields": ("IDL018", lambda: b"a: b\n" * 10_000_000),
    "16 MB of one key": ("IDL012", lambda: b"a" * 16_000_000 + b": b"),
    "16 MB of brackets": ("IDL018", lambda: b"[" * 16_000_000),
    "8 million values": ("IDL018", lambda: b"[" + b"a," * 7_900_000 + b"]"),
    "several documents": ("IDL017", lambda: f"{USER}---\n{USER}"),
    "a tag that runs code": (
        "IDL014",
        lambda: f"x-a: !!python/object/apply:os.mkdir [canary]\n{USER}",
    ),
    "a document that never begins": ("IDL012", lambda: "%YAML 3.0\n%TAG ! x\n"),
    "an alias of itself": ("IDL106", lambda: "types: {A: list<A>}\n"),
    "10,000 aliases": ("IDL018", lambda: spell("A{i}: A{j}", f"A{N}: int")),
    "10,000 aliases in a ring": ("IDL106", lambda: spell("A{i}: A{j}", f"A{N}: A0")),
    "10,000 newtypes": (
        "IDL018",
        lambda: spell("A{i}: {{newtype: A{j}}}", f"A{N}: int"),
    ),
    "10,000 structs that extend, in a ring": (
        "IDL106",
        lambda: spell(
            "A{i}: {{extends: A{j}, fields: {{}}}}",
            f"A{N}: {{extends: A0, fields: {{}}}}",
        ),
    ),
    "10,000 structs that extend and add": (
        "IDL018",
        lambda: spell(
            "A{i}: {{extends: A{j}, fields: {{f{i}: int}}}}", f"A{N}: {{fields: {{}}}}"
        ),
    ),
    "10,000 structs in a ring": (
        "IDL108",
        lambda: spell("A{i}: {{fields: {{a: A{j}}}}}", f"A{N}: {{fields: {{a: A0}}}}"),
    ),
    "defaults that double 40 times": (
        "IDL018",
        lambda: spell(
            "A{i}: {{fields: {{a: {{type: A{j}, default: {{}}}},"
            " b: {{type: A{j}, default: {{}}}}}}}}",
            "A40: {fields: {a: int?}}",
            40,
        ),
    ),
    "a list of lists, 5,000 deep": (
        "IDL103",
        lambda: f"types: {{A: {'list<' * 5_000}int{'>' * 5_000}}}\n",
    ),
    "a type with 5,000 marks": ("IDL103", lambda: f"types:\n  A: int{'?' * 5_000}\n"),
    "a type in 5,000 parentheses": (
        "IDL103",
        lambda: f"types:\n  A: {'(' * 5_000}int{')' * 5_000}\n",
    ),
    "a pattern in 5,000 groups": (
        "IDL121",
        lambda: f"types:\n  A: {{alias: string, pattern: '{'(' * 5_000}a{')' * 5_000}'}}",
    ),
    "a number of 100,000 digits": (
        "IDL109",
        lambda: "types:\n  A: {fields: {a: {type: int, default: "
        + "9" * 100_000
        + "}}}\n",
    ),
    "a decimal with a huge exponent": (
        "IDL109",
        lambda: "types:\n  A: {fields: {a: {type: decimal, multiple_of: 1e-999999,"
        " default: 1e-9999999}}}\n",
    ),
    "10,000 unknown types": (
        "IDL102",
        lambda: "types:\n  A:\n    fields:\n"
        + "".join(f"      f{i}: Unknown{i}\n" for i in range(N)),
    ),
    "10,000 unknown keys": (
        "IDL020",
        lambda: "types:\n  A:\n    fields: {}\n"
        + "".join(f"    key{i}: 1\n" for i in range(N)),
    ),
    "1,000 wrong values of an enum of 10,000": (
        "IDL109",
        lambda: "types:\n  E: {enum: ["
        + ", ".join(f"v{i}" for i in range(N))
        + "]}\n  A: {fields: {a: {type: list<E>, default: ["
        + ", ".join(f"w{i}" for i in range(1_000))
        + "]}}}\n",
    ),
    "an unknown type of 100,000 letters": (
        "IDL102",
        lambda: f"types:\n  ? A{'b' * 100_000}\n  : A{'c' * 100_000}\n",
    ),
    "a package of 5,000 letters": ("IDL461", lambda: f"package: {'a' * 5_000}\n{USER}"),
    "a package that leads out": ("IDL101", lambda: f"package: ../../out\n{USER}"),
}

BUILT: dict[str, Callable[[], str | bytes]] = {
    "BOM": lambda: USER.encode("utf-8-sig"),
    "CRLF": lambda: USER.replace("\n", "\r\n").encode(),
    "CR": lambda: USER.replace("\n", "\r").encode(),
    "10,000 structs that extend": lambda: spell(
        "A{i}: {{extends: A{j}, fields: {{}}}}", f"A{N}: {{fields: {{a: int}}}}"
    ),
    "an enum of 100,000 values": lambda: "types:\n  A: {enum: ["
    + ", ".join(f"v{i}" for i in range(100_000))
    + "]}\n",
    "1,000 services": lambda: "services:\n"
    + "".join(
        f"  S{i}: {{methods: {{m: {{params: {{a: int}}, returns: string}}}}}}\n"
        for i in range(1_000)
    ),
    "texts of 100,000 letters": lambda: f"""
doc: {'a' * 100_000}
types:
  A: {{doc: {'word ' * 20_000}, enum: {{a: {{doc: {'b' * 100_000}}}}}}}
  B: {{fields: {{a: {{type: string, default: {'c' * 100_000}, doc: '{'* / ' * 25_000}'}}}}}}
""",
    "names of 100,000 letters": lambda: f"""
types:
  ? A{'b' * 100_000}
  : fields:
      ? c{'d' * 100_000}
      : int
""",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built when its schema was well."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "user.yaml").write_text(USER)
    subprocess.run([*idlgen("user.yaml")], cwd=folder, check=True, capture_output=True)
    return folder


def idlgen(schema: str) -> list[str]:
    return [sys.executable, "-m", "idlgen", "build", schema]


def snapshot(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


def run(project: Path, scratch: Path, name: str) -> tuple[int, str]:
    """Build `user.yaml` of `project`; return the exit code and what was said of it."""
    scratch.mkdir()
    launched = [sys.executable, str(LAUNCHER), str(project), *idlgen("user.yaml")]
    done = subprocess.run(
        launched, cwd=scratch, capture_output=True, text=True, timeout=TIMEOUT
    )
    assert done.returncode == 0, done.stderr
    cost = json.loads(done.stdout)
    print(f"\n{name}: {cost['seconds']} s, {cost['megabytes']} MB", end="")
    assert cost["megabytes"] <= MEGABYTES
    said = (scratch / "stderr").read_text()
    assert "Traceback" not in said
    return cost["exit_code"], said


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_schema_is_refused(name: str, built: Path, tmp_path: Path) -> None:
    code, content = REFUSED[name]
    project = tmp_path / "project"
    shutil.copytree(built, project)
    text = content()
    data = text.encode() if isinstance(text, str) else text
    (project / "user.yaml").write_bytes(data)
    before = snapshot(project)

    exit_code, said = run(project, tmp_path / "scratch", name)

    # What no edit of a schema mends is 2, but a name too long for the disk is its fault.
    assert exit_code == (2 if code == "IDL461" else 1), said[:2_000]
    assert f"error[{code}]" in said, said[:2_000]
    assert snapshot(project) == before


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_schema_is_refused_as_an_import(
    name: str, built: Path, tmp_path: Path
) -> None:
    code, content = REFUSED[name]
    project = tmp_path / "project"
    shutil.copytree(built, project)
    text = content()
    data = text.encode() if isinstance(text, str) else text
    (project / "hostile.yaml").write_bytes(data)
    (project / "user.yaml").write_text(IMPORTING)
    before = snapshot(project)

    exit_code, said = run(project, tmp_path / "scratch", f"as an import: {name}")

    assert exit_code == (2 if code == "IDL461" else 1), said[:2_000]
    assert f"error[{code}]" in said, said[:2_000]
    assert snapshot(project) == before


def in_a_chain(folder: Path, count: int) -> None:
    for i in range(count):
        (folder / f"s{i}.yaml").write_text(f"imports: {{next: s{i + 1}.yaml}}\n")
    (folder / "hostile.yaml").write_text("imports: {next: s0.yaml}\n")


def with_many_imports(folder: Path, count: int) -> None:
    lines = (f"  i{i}: s{i}.yaml\n" for i in range(count))
    (folder / "hostile.yaml").write_text("imports:\n" + "".join(lines))


def filled(folder: Path, content: str) -> None:
    """Have 40 files of 2 MB imported, each of which is well."""
    with_many_imports(folder, 40)
    for i in range(40):
        (folder / f"s{i}.yaml").write_text(content)


def one_through_links(folder: Path) -> None:
    """Have a file imported by 10,000 ways through links to its own folder."""
    for i in range(100):
        (folder / f"a{i}").symlink_to(".")
    lines = (f"  i{i}: a{i % 100}/a{i // 100}/s.yaml\n" for i in range(N))
    (folder / "hostile.yaml").write_text("imports:\n" + "".join(lines))
    (folder / "s.yaml").write_text(USER)


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "hostile.yaml")


def linked_to(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "hostile.yaml").symlink_to(target)


def sparse(folder: Path) -> None:
    with (folder / "hostile.yaml").open("wb") as stream:
        stream.truncate(2**40)


IMPORTED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a chain of 5,000": ("IDL030", lambda folder: in_a_chain(folder, 5_000)),
    "100,000 that are not there": (
        "IDL030",
        lambda folder: with_many_imports(folder, 100_000),
    ),
    "80 MB of comments": ("IDL030", lambda folder: filled(folder, "#" * 2_000_000)),
    "80 MB of values": (
        "IDL030",
        lambda folder: filled(folder, f"x-a: [{'a,' * 990_000}]"),
    ),
    "a file by 10,000 ways": ("IDL030", one_through_links),
    "a pipe": ("IDL028", a_pipe),
    "a terabyte": ("IDL018", sparse),
    "a link to itself": ("IDL028", linked_to("hostile.yaml")),
    "a link to a device": ("IDL029", linked_to("/dev/zero")),
    "a link out": ("IDL029", linked_to("/etc/passwd")),
    "a link to what is not there": ("IDL028", linked_to("gone.yaml")),
    "a link to a folder": ("IDL028", linked_to("generated")),
}


@pytest.mark.parametrize("name", IMPORTED)
def test_hostile_imports_are_refused(name: str, built: Path, tmp_path: Path) -> None:
    code, make = IMPORTED[name]
    project = tmp_path / "project"
    shutil.copytree(built, project)
    make(project)
    (project / "user.yaml").write_text(IMPORTING)
    before = snapshot(project / "generated")

    exit_code, said = run(project, tmp_path / "scratch", name)

    assert exit_code == 1, said[:2_000]
    assert f"error[{code}]" in said, said[:2_000]
    assert snapshot(project / "generated") == before


@pytest.mark.parametrize(
    ("target", "exit_code", "code"),
    [("user.yaml", 2, "IDL003"), ("/dev/null", 1, "IDL011"), ("../", 2, "IDL002")],
    ids=["to itself", "to a device", "to a folder"],
)
def test_a_schema_that_is_a_link(
    built: Path, tmp_path: Path, target: str, exit_code: int, code: str
) -> None:
    project = tmp_path / "project"
    shutil.copytree(built, project)
    (project / "user.yaml").unlink()
    (project / "user.yaml").symlink_to(target)
    before = snapshot(project / "generated")

    found, said = run(project, tmp_path / "scratch", f"a link to {target}")

    assert found == exit_code, said
    assert f"error[{code}]" in said
    assert snapshot(project / "generated") == before


@pytest.mark.parametrize("name", BUILT)
def test_a_large_or_odd_schema_is_built(name: str, tmp_path: Path) -> None:
    text = BUILT[name]()
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / "user.yaml").write_bytes(data)

    exit_code, said = run(tmp_path, tmp_path / "scratch", name)

    assert exit_code == 0, said[:2_000]
    assert [*(tmp_path / "generated/user").glob("*.py")]
