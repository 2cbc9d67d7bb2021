"""Where the modules of packages lie, and how they import one another."""

from __future__ import annotations

from posixpath import relpath

from idlgen.emit.typescript_text import string_literal

RUNTIME_FOLDER = "_idlgen"


def folder(package: str) -> str:
    """Return the folder of a package's modules: `acme/user`."""
    return package.replace(".", "/")


def module_stem(package: str, name: str) -> str:
    """Return the path of the module `name` of a package, without suffix.

    The module that is called as its package gets an underscore: beside it may lie the
    docs' declarations, `errors/errors.d.ts`, which compilers would pass over for it.
    """
    last = package.rpartition(".")[2]
    return f"{folder(package)}/{name}_" if name == last else f"{folder(package)}/{name}"


def module_of(package: str, other: str, name: str) -> str:
    """Return what modules of `package` import the module `name` of `other` from."""
    return _relative(package, f"{module_stem(other, name)}.js")


def own_module(package: str, name: str) -> str:
    """Return what modules of `package` import its module `name` from, as a literal."""
    return string_literal(module_of(package, package, name))


def runtime_module(package: str) -> str:
    """Return what modules of `package` import the runtime from that lies beside them."""
    return _relative(package, f"{RUNTIME_FOLDER}/index.js")


def _relative(package: str, path: str) -> str:
    way = relpath(path, folder(package))
    # Without dots it would be a package of npm.
    return way if way.startswith(".") else f"./{way}"
