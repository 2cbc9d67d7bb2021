"""Python names for the names of a schema.

Names become what PEP 8 asks for; what Python or the generated code itself needs gets a
trailing underscore. Two names that end up the same are found by `collisions`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Written out, so that the output does not depend on the Python that idlgen runs on.
_KEYWORDS = frozenset(
    {
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    }
)
_SOFT_KEYWORDS = frozenset({"case", "match", "type"})
_CLASS_KEYWORDS = frozenset({"None", "True", "False", "TYPE_CHECKING"})
_BUILTIN_WORDS = """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup
    BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError
    ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception
    ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
    InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
    MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError
    ProcessLookupError PythonFinalizationError RecursionError ReferenceError
    ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration
    SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning WindowsError
    ZeroDivisionError
"""
_BUILTINS = frozenset(_BUILTIN_WORDS.split())

NO_NAMES: frozenset[str] = frozenset()
FIELD_NAMES = frozenset({"self"})
"""What a struct's fields are not called: its constructor has a `self`."""

PARAM_NAMES = frozenset({"self", "options", "view", "types", "errors"})
"""What params are not called: the client's own params, and modules in annotations."""

METHOD_NAMES = frozenset(
    {
        "aclose",
        "answer",
        "batch",
        "calls",
        "close",
        "errors",
        "fail",
        "raw",
        "types",
        "with_options",
    }
)
"""What methods are not called: what clients and fakes have, modules in annotations."""

ERROR_FIELD_NAMES = frozenset(
    {
        "add_note",
        "args",
        "details",
        "error_name",
        "errors",
        "message",
        "problems",
        "retryable",
        "self",
        "status",
        "super",
        "types",
        "with_traceback",
    }
)
"""What an error's fields are not called: the attributes of `RpcError` among them."""

_OPEN_ENUM_NAMES = frozenset({"UNRECOGNIZED", "TYPE_CHECKING"})

MODULE_NAMES = frozenset({"types", "errors", "client", "server", "testing", "_service"})
"""The modules of a package, which no package below it may be called."""

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def snake_case(name: str) -> str:
    """Return `getHTTPStatus2` as `get_http_status2`.

    Leading underscores, which make a name private or mangled, become one at the end:
    `_id` is `id_`, `__init__` is `init_`. Where nothing else is left, or a digit would
    lead, the word `underscore` stands in.
    """
    if name.islower() and name[0] != "_":
        return name
    core = name.lstrip("_")
    if core == name:
        return _WORD_START.sub("_", name).lower()
    core = core.rstrip("_")
    if not core or core[0].isdigit():
        return f"underscore_{core.lower()}".rstrip("_")
    return _WORD_START.sub("_", core).lower() + "_"


@cache
def value_name(name: str, reserved: frozenset[str] = NO_NAMES) -> str:
    """Return the name of a field, a param or a method: `class` is `class_`."""
    snake = snake_case(name)
    taken = snake in _KEYWORDS or snake in _SOFT_KEYWORDS or snake in reserved
    return f"{snake}_" if taken else snake


def class_stem(name: str) -> str:
    """Return what the names of classes begin with: as the schema writes it.

    Names of the schema begin with a capital; what `name:` says may not, and becomes
    what classes are called in Python: `user_card` is `UserCard`.
    """
    if name[0].isupper():
        return name
    stem = camel_case(name)
    return stem if stem[:1].isupper() else f"Underscore{stem}"


def class_name(name: str) -> str:
    """Return the name of an error or a service."""
    stem = class_stem(name)
    return f"{stem}_" if stem in _CLASS_KEYWORDS else stem


def type_name(name: str) -> str:
    """Return the name of a type, a variant or a type param: `Warning` is `Warning_`.

    Types are named in annotations before they are declared, and mypy takes a name that
    is not declared yet for Python's own.
    """
    name = class_name(name)
    return f"{name}_" if name in _BUILTINS else name


def constant_name(name: str) -> str:
    """Return the name of a constant: `UserService` is `USER_SERVICE`."""
    return snake_case(name).upper()


def camel_case(snake: str) -> str:
    """Return `get_user` as `GetUser`, for the names of classes made of methods."""
    return "".join([part[:1].upper() + part[1:] for part in snake.split("_")])


def module_name(segment: str) -> str:
    """Return the name of the folder for one part of a package's name."""
    return f"{segment}_" if segment in _KEYWORDS else segment


def module_path(package: str) -> str:
    """Return the folder of a package under the output folder: `acme/user`."""
    return "/".join(map(module_name, package.split(".")))


@cache
def enum_member_name(text: str, *, closed: bool) -> str:
    """Return the name of the enum member for `text`, which may be any text.

    `us-east-1` is `US_EAST_1`, `3.1` is `V3_1`, `-1` is `MINUS_1`. Letters of all
    alphabets stay; a text of signs alone is called by their Unicode names.
    """
    name = _member_name(text)
    return f"{name}_" if name in _OPEN_ENUM_NAMES and not closed else name


@cache
def variant_name(text: str) -> str:
    """Return what the class of the variant `text`, which may be any text, ends with.

    `created` is `Created`, `user-created` and `user_created` are `UserCreated`, `3.1` is
    `V3_1`: the words of `enum_member_name`.
    """
    first, *rest = [word.capitalize() for word in _member_name(text).split("_")]
    name = first
    for word in rest:
        meets_digits = name[-1:].isdecimal() and word[:1].isdecimal()
        name += f"_{word}" if meets_digits else word
    return unicodedata.normalize("NFKC", name)


def _member_name(text: str) -> str:
    if text.isascii() and text.isalpha():
        return constant_name(text)
    # As Python itself reads identifiers.
    text = unicodedata.normalize("NFKC", text)
    words = _words(text).strip("_")
    if not words:
        words = _words(" ".join(map(_sign_name, text))) or "empty"
    elif words[0].isdecimal() and text[0] in "+-":
        words = f"{'minus' if text[0] == '-' else 'plus'}_{words}"
    name = unicodedata.normalize("NFKC", _WORD_START.sub("_", words).upper())
    return name if name.isidentifier() else f"V{name}"


def _words(text: str) -> str:
    kept = [char if f"_{char}".isidentifier() else " " for char in text]
    return "_".join("".join(kept).split())


def _sign_name(char: str) -> str:
    return unicodedata.name(char, f"U{ord(char):04X}")
