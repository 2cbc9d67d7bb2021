"""Which versions of idlgen a project admits: `required-version`."""

from __future__ import annotations

import re
from itertools import zip_longest

from idlgen.diagnostics import Diagnostic, Span

_COMPARISON = re.compile(r"(==|!=|>=|<=|>|<|~=)[ \t]*([0-9]{1,9}(?:\.[0-9]{1,9})*)")
_RELEASE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def version_problem(
    requirement: str, version: str, span: Span | None
) -> Diagnostic | None:
    """Return why idlgen of `version` may not work on the project, or None.

    `span` is where the project says its `requirement`.
    """
    try:
        if admits(requirement, version):
            return None
    except ValueError as error:
        return Diagnostic(
            code="IDL511",
            message=f"`{error}` is no comparison with a version",
            span=span,
            hint="write comparisons with `== != >= <= > < ~=` and commas between them, "
            "as in `>=0.1,<0.2`",
        )
    return Diagnostic(
        code="IDL510",
        message=f"this is idlgen {version}, and the project requires `{requirement}`",
        span=span,
        hint=f"install one that fits: `pip install 'idlgen{requirement}'`; or change "
        "`required-version`",
    )


def admits(requirement: str, version: str) -> bool:
    """Whether `version` fits every comparison of `requirement`, as in `>=0.1,<0.2`.

    The operators are those of PEP 440, on releases alone: a pre-release counts as the
    release that it leads to, and missing parts are zeros.

    Raises:
        ValueError: `requirement` is no list of comparisons; the text says which part.
    """
    found = _RELEASE.match(version)
    assert found is not None
    release = _numbers(found[0])
    fits = [_fits(release, part.strip()) for part in requirement.split(",")]
    return all(fits)


def _fits(release: list[int], comparison: str) -> bool:
    found = _COMPARISON.fullmatch(comparison)
    if found is None:
        raise ValueError(comparison)
    operator, wanted = found[1], _numbers(found[2])
    order = _order(release, wanted)
    match operator:
        case "==":
            return order == 0
        case "!=":
            return order != 0
        case ">=":
            return order >= 0
        case "<=":
            return order <= 0
        case ">":
            return order > 0
        case "<":
            return order < 0
    # `~=1.4.2` is `>=1.4.2` within 1.4; there is nothing that `~=1` could stay within.
    if len(wanted) == 1:
        raise ValueError(comparison)
    within = len(wanted) - 1
    return order >= 0 and _order(release[:within], wanted[:within]) == 0


def _order(one: list[int], other: list[int]) -> int:
    """Return -1, 0 or 1: whether `one` is before, at or after `other`."""
    for left, right in zip_longest(one, other, fillvalue=0):
        if left != right:
            return -1 if left < right else 1
    return 0


def _numbers(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]
