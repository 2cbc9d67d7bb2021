from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module, resources

import pytest

from idlgen.cli.generated_modules import GeneratedModules
from idlgen.targets import Comment, RenderedFile


def files(*given: tuple[str, str]) -> Sequence[RenderedFile]:
    return [
        RenderedFile(
            path=path,
            body=body,
            comment=Comment.JSON if path.endswith(".json") else Comment.HASH,
            target="python",
            package=None,
        )
        for path, body in given
    ]


def test_modules_import_each_other_from_memory() -> None:
    modules = GeneratedModules(
        files(
            ("__init__.py", ""),
            ("acme/__init__.py", ""),
            ("acme/user/__init__.py", ""),
            (
                "acme/user/types.py",
                "from ..money import types\nvalue = types.value + 1",
            ),
            ("acme/money/__init__.py", ""),
            ("acme/money/types.py", "value = 1"),
            ("acme/money/__init__.py", ""),
        )
    )
    module = modules.module("acme/user/types.py")
    assert module is not None
    assert module.value == 2
    assert modules.module("acme/user/client.py") is None
    modules.forget()
    assert module.__name__ not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        import_module(module.__name__)


def test_two_builds_do_not_meet() -> None:
    builds = [
        GeneratedModules(files(("__init__.py", f"value = {number}")))
        for number in (1, 2)
    ]
    imported = [build.module("__init__.py") for build in builds]
    assert [getattr(module, "value", None) for module in imported] == [1, 2]
    for build in builds:
        build.forget()


def test_documents_lie_beside_modules() -> None:
    modules = GeneratedModules(
        files(
            ("__init__.py", ""), ("user/__init__.py", ""), ("user/a.json", '"b": 1}\n')
        )
    )
    package = modules.module("user/__init__.py")
    assert package is not None
    folder = resources.files(package.__name__)
    assert (folder / "a.json").read_text() == '{\n"b": 1}\n'
    assert not (folder / "b.json").is_file()
    modules.forget()
