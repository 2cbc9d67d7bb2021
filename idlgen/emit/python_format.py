"""Black, which formats the Python that a project's own templates write.

It is the extra `format`: built-in templates never need it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

EXTRA = "format"


def is_formatted(name: str) -> bool:
    """Whether what an own template of this name writes goes through black."""
    return name.endswith(".py.j2")


def is_installed() -> bool:
    """Whether black can be imported."""
    return find_spec("black") is not None


def formatter_of(names: Iterable[str]) -> str:
    """Return what formats the output of own templates `names`, for the target's digest.

    Versions of black differ in what they write.
    """
    if not any(map(is_formatted, names)):
        return ""
    from importlib.metadata import version

    return f"black {version('black')}"


def formatted(source: str, line_length: int) -> str:
    """Return `source` as black formats it in lines of `line_length` columns.

    Raises:
        ValueError: it is not Python; the text says why, on one line.
    """
    import black
    from black.mode import TargetVersion

    mode = black.Mode(line_length=line_length, target_versions={TargetVersion.PY311})
    try:
        _parse(source)
        return black.format_str(source, mode=mode)
    except SyntaxError as error:
        raise ValueError(_told(error)) from error
    except (
        Exception
    ) as error:  # of a text that is no Python, parsers raise what they like
        reason = str(error).strip().partition("\n")[0]
        raise ValueError(reason or type(error).__name__) from error


def _told(error: SyntaxError) -> str:
    if not error.lineno or not error.text:
        return error.msg
    return f"line {error.lineno}: {error.msg}: `{error.text.strip()[:100]}`"


def _parse(source: str) -> None:
    """Let Python itself read `source`: its complaints are better than black's."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(source)
