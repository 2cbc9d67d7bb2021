from __future__ import annotations

import pytest

from idlgen.workspace.required_version import admits


@pytest.mark.parametrize(
    ("requirement", "version", "expected"),
    [
        ("==1.2", "1.2.0", True),
        ("==1.2", "1.2.1", False),
        ("!=1.2", "1.2.0", False),
        ("!=1.2", "1.3", True),
        (">=1.2", "1.2.0", True),
        (">=1.2.1", "1.2", False),
        ("<=1.2", "1.2.0", True),
        ("<=1.2", "1.2.1", False),
        (">1.2", "1.2.0", False),
        (">1.9", "1.10", True),
        ("<1.2", "1.2", False),
        ("<1.10", "1.9", True),
        ("~=1.4.2", "1.4.9", True),
        ("~=1.4.2", "1.4.1", False),
        ("~=1.4.2", "1.5", False),
        ("~=1.4", "1.9", True),
        ("~=1.4", "2.0", False),
        (">=0.1,<0.2", "0.1.7", True),
        (" >= 0.1 , < 0.2 ", "0.2.0", False),
        (">=0.2", "0.2.0rc1", True),
        ("<0.2", "0.2.0.dev1", False),
    ],
)
def test_versions_are_compared_by_their_numbers(
    requirement: str, version: str, expected: bool
) -> None:
    assert admits(requirement, version) is expected


@pytest.mark.parametrize(
    ("requirement", "part"),
    [
        ("", ""),
        ("1.2", "1.2"),
        (">=1,", ""),
        (">=1 <2", ">=1 <2"),
        ("=1", "=1"),
        ("===1", "===1"),
        (">=1.x", ">=1.x"),
        ("==1.*", "==1.*"),
        ("~=1", "~=1"),
        (">=v1", ">=v1"),
        ("<0.1,nonsense", "nonsense"),
        (">=٣", ">=٣"),
        (f">={'9' * 5000}", f">={'9' * 5000}"),
    ],
)
def test_what_is_no_comparison_is_named(requirement: str, part: str) -> None:
    with pytest.raises(ValueError) as caught:
        admits(requirement, "1.2.0")
    assert str(caught.value) == part
