"""The schemas of a project, and ways to change what it holds."""

from __future__ import annotations

import os
from pathlib import Path

from click.testing import CliRunner, Result

from idlgen.cli.application import application

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


USER_MD, USER_TS = "generated/user/user.md", "generated/user/user.d.ts"
ORDER_MD, ORDER_TS = "generated/order/order.md", "generated/order/order.d.ts"
BUILD = "idlgen build"
