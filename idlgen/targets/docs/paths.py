"""Where the files of packages lie, and the way from one to another."""

from __future__ import annotations

from posixpath import relpath


def stem(package: str) -> str:
    """Return the path of a package's files without suffix: `acme/user/user`."""
    parts = package.split(".")
    return "/".join([*parts, parts[-1]])


def way(package: str, other: str) -> str:
    """Return the stem of `other` as files of `package` refer to it: `../user/user`."""
    return relpath(stem(other), stem(package).rpartition("/")[0])


def module(package: str, other: str) -> str:
    """Return what the declarations of `package` import those of `other` from."""
    path = way(package, other)
    # Without dots it would be a package of npm.
    return f"{path}.js" if path.startswith(".") else f"./{path}.js"
