"""From `MODULE:OBJECT` on the command line to the object that is meant."""

from __future__ import annotations

import inspect
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from idlgen.cli.failures import CannotRun
from idlgen.diagnostics.suggest import nearest
from idlgen.runtime.descriptors import Service, served_by
from idlgen.runtime.server.asgi import AsgiApp


def load_objects(names: Sequence[str]) -> list[object]:
    """Return what each name means: an app, or an implementation of a service.

    Modules are found from the working folder, as `python -m` finds them. A class, or a
    function without parameters, is called once.

    Raises:
        click.UsageError: a name is no `MODULE:OBJECT`, or nothing has the name.
        CannotRun: the code behind it raises, or gives what cannot be served.
    """
    _look_here()
    return [_made(name, _found(name)) for name in names]


def check_modules(names: Sequence[str]) -> None:
    """Refuse names whose modules are not there, without importing these.

    Raises:
        click.UsageError: as `load_objects`.
    """
    _look_here()
    for name in names:
        module, _ = _split(name)
        try:
            if find_spec(module) is None:
                raise click.UsageError(_no_module(module, module))
        except ModuleNotFoundError as error:
            raise click.UsageError(_no_module(module, error.name or module)) from None


def _look_here() -> None:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _split(name: str) -> tuple[str, str]:
    module, colon, path = name.partition(":")
    if module.endswith(".py") or "/" in module or os.sep in module:
        dotted = module.removesuffix(".py").strip("./").replace("/", ".")
        hint = f"'{dotted}:{path or 'OBJECT'}'"
        raise click.UsageError(f"'{name}' names a file: give the module, {hint}.")
    if not colon:
        raise click.UsageError(
            f"'{name}' lacks the object: give MODULE:OBJECT, such as '{name}:users'."
        )
    parts = [*module.split("."), *path.split(".")]
    if not all(part.isidentifier() for part in parts):
        raise click.UsageError(f"'{name}' is no MODULE:OBJECT, such as 'app:users'.")
    return module, path


def _found(name: str) -> object:
    module_name, path = _split(name)
    found: object = _imported(module_name)
    called = module_name
    for part in path.split("."):
        if not hasattr(found, part):
            raise click.UsageError(_no_attribute(found, called, part))
        found = getattr(found, part)
        called = f"{called}:{part}" if ":" not in called else f"{called}.{part}"
    return found


def _imported(name: str) -> object:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name == missing or name.startswith(f"{missing}."):
            raise click.UsageError(_no_module(name, missing)) from None
        raise CannotRun(_raised(f"cannot import '{name}'", error)) from None
    except (Exception, SystemExit) as error:
        raise CannotRun(_raised(f"cannot import '{name}'", error)) from None


def _made(name: str, found: object) -> object:
    """Return the object itself, or what the class or function makes."""
    if isinstance(found, AsgiApp) or served_by(type(found)):
        return found
    if not isinstance(found, type) and not inspect.isroutine(found):
        raise CannotRun(_no_service(name, found))
    if isinstance(found, type) and not (served_by(found) or issubclass(found, AsgiApp)):
        raise CannotRun(_no_service(name, found))
    if inspect.iscoroutinefunction(found):
        raise CannotRun(_no_service(name, found))
    if found in [interface for _, interface in _services(found)]:
        raise CannotRun(
            f"'{name}' is the interface of a service: name a class that derives from it."
        )
    if _needs_arguments(found):
        raise CannotRun(
            f"'{name}' needs arguments: name an object that is made, or a function "
            "without parameters that makes one."
        )
    try:
        made: object = found()
    except (Exception, SystemExit) as error:
        raise CannotRun(_raised(f"'{name}' cannot be made", error)) from None
    if isinstance(made, AsgiApp) or served_by(type(made)):
        return made
    raise CannotRun(_no_service(f"{name}()", made))


def _services(found: object) -> list[tuple[Service, type]]:
    return served_by(found) if isinstance(found, type) else []


def _needs_arguments(maker: object) -> bool:
    if not callable(maker):
        return False
    try:
        parameters = inspect.signature(maker).parameters.values()
    except (TypeError, ValueError):
        return False
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(
        parameter.default is parameter.empty and parameter.kind not in variable
        for parameter in parameters
    )


def _no_module(name: str, missing: str) -> str:
    parent, _, last = missing.rpartition(".")
    near = nearest(last, _neighbours(Path(*parent.split(".")) if parent else Path()))
    where = "" if parent else f" in '{Path.cwd()}' or on the path of Python"
    if near is None:
        return f"No module '{missing}'{where}."
    meant = f"{parent}.{near}" if parent else near
    rest = name.removeprefix(missing)
    return f"No module '{missing}'{where}. Did you mean '{meant}{rest}'?"


def _neighbours(folder: Path) -> Iterable[str]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return ()
    return [
        entry.stem
        for entry in entries
        if entry.stem.isidentifier() and (entry.suffix == ".py" or entry.is_dir())
    ]


def _no_attribute(owner: object, called: str, part: str) -> str:
    names = [name for name in dir(owner) if not name.startswith("_")]
    near = nearest(part, names)
    meant = "" if near is None else f" Did you mean '{near}'?"
    return f"'{called}' has no '{part}'.{meant}"


def _no_service(name: str, found: object) -> str:
    if inspect.iscoroutinefunction(found):
        what = "is an `async def`, which nobody awaits here"
    elif isinstance(found, type):
        what = "implements no service"
    else:
        what = f"is of {type(found)!r}, which implements no service"
    return (
        f"'{name}' {what}: give an object whose class derives from a service's class "
        "in the generated `server.py`, or an app that `asgi_app` made. Other ASGI apps "
        "are uvicorn's: `uvicorn MODULE:APP`."
    )


def _raised(what: str, error: BaseException) -> str:
    """Return where the user's own code raised, and what: no frame is idlgen's."""
    if isinstance(error, SystemExit):
        said = f"it ended the program (exit code {error.code})"
    else:
        said = "".join(traceback.format_exception_only(error)).strip()
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen") and frame.filename != __file__
    ]
    import_frames = import_module.__code__.co_filename
    frames = [frame for frame in frames if frame.filename != import_frames]
    if not frames or isinstance(error, SyntaxError):
        return f"{what}: {said}"
    last = frames[-1]
    path = os.path.relpath(last.filename)
    shown = last.filename if path.startswith("..") else path
    return f"{what}: {said}\n  {shown}:{last.lineno}, in {last.name}\n    {last.line}"
