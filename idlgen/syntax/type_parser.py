"""Type expressions: `list<User>`, `map<string, int>`, `string | null`, `int?`.

    type     = nullable ["?"]
    nullable = primary {"|" "null"}
    primary  = NAME ["<" type {"," type} ">"] | selection | "(" type ")"
    selection = ("pick" | "omit") "<" type "," word {"|" word} ">"
    NAME     = word {"." word}

`?` is parsed wherever it stands, so that the resolver can say what it means there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn, TypeAlias

from msgspec import Struct as Record

MAX_DEPTH = 32
SELECTIONS = ("pick", "omit")

_TOKEN = re.compile(r"\s*([A-Za-z_][\w.]*|[<>|?,()\[\]]|\S|$)", re.ASCII)


class NameExpr(Record, frozen=True):
    """A name with its arguments; `args` is empty where there are no brackets.

    `fields` are the fields that `pick<T, a | b>` and `omit<T, a | b>` select.
    """

    name: str
    args: tuple[TypeExpr, ...]
    start: int
    end: int
    fields: tuple[NameExpr, ...] = ()


class NullableExpr(Record, frozen=True):
    """`inner | null`."""

    inner: TypeExpr
    start: int
    end: int


class OptionalExpr(Record, frozen=True):
    """`inner?`; right only at the end of a member's type."""

    inner: TypeExpr
    start: int
    end: int


TypeExpr: TypeAlias = NameExpr | NullableExpr | OptionalExpr


class TypeSyntaxError(Record, frozen=True):
    """Why a text is not a type expression, where in it, and what to do."""

    message: str
    start: int
    end: int
    hint: str | None = None


@lru_cache(maxsize=4096)
def parse_type(text: str) -> TypeExpr | TypeSyntaxError:
    """Parse a type expression; offsets in the result count from the start of `text`."""
    parser = _Parser(text)
    try:
        expression = parser.type(0)
        parser.expect_end()
    except _Failure as failure:
        return failure.error
    return expression


class _Failure(Exception):
    def __init__(self, error: TypeSyntaxError) -> None:
        self.error = error


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.token, self.start, self.end = "", 0, 0
        self.marks = 0
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        assert match is not None
        self.token = match.group(1)
        self.start, self.end = match.span(1)

    def type(self, depth: int) -> TypeExpr:
        if depth > MAX_DEPTH:
            self.fail(f"the type is nested more than {MAX_DEPTH} levels deep")
        start = self.start
        parenthesised = self.token == "("
        expression = self.primary(depth)
        while self.token in ("|", "?", "["):
            end = self.end
            self.marks += 1
            if self.marks > MAX_DEPTH:
                self.fail(f"the type holds more than {MAX_DEPTH} `?` and `| null`")
            if self.token == "[":
                self.fail_array(start)
            nullable = self.token == "|"
            clash = OptionalExpr if nullable else NullableExpr
            if isinstance(expression, clash) and not parenthesised:
                self.fail_mixed(expression)
            if nullable:
                expression = self.null(expression, start)
            else:
                expression = OptionalExpr(expression, start, end)
                self.advance()
            parenthesised = False
        return expression

    def null(self, inner: TypeExpr, start: int) -> TypeExpr:
        self.advance()
        if self.token != "null":
            self.fail(
                "only `null` may follow `|`",
                "declare a union type for a value of several types",
            )
        expression = NullableExpr(inner, start, self.end)
        self.advance()
        return expression

    def primary(self, depth: int) -> TypeExpr:
        if self.token == "(":
            self.advance()
            inner = self.type(depth + 1)
            self.take(")")
            return inner
        name, start, end = self.token, self.start, self.end
        if not name[:1].replace("_", "a").isalpha() or not name.isascii():
            self.fail_name()
        if "" in name.split("."):
            self.fail(f"`{name}` has a dot too many", "write it as in `common.Money`")
        self.advance()
        if self.token != "<":
            return NameExpr(name, (), start, end)
        self.advance()
        args = [self.type(depth + 1)]
        if name in SELECTIONS:
            return self.selection(NameExpr(name, tuple(args), start, end))
        while self.token == ",":
            self.advance()
            args.append(self.type(depth + 1))
        end = self.end
        self.take(">")
        return NameExpr(name, tuple(args), start, end)

    def selection(self, head: NameExpr) -> NameExpr:
        fields: list[NameExpr] = []
        separator = ","
        while not fields or self.token == "|":
            self.take(separator)
            if not self.token[:1].replace("_", "a").isalpha():
                self.fail_name("a field")
            fields.append(NameExpr(self.token, (), self.start, self.end))
            separator = "|"
            self.advance()
        end = self.end
        self.take(">")
        return NameExpr(head.name, head.args, head.start, end, tuple(fields))

    def take(self, token: str) -> None:
        if self.token != token:
            found = f"found `{self.token}`" if self.token else "the text ends"
            hint = None
            if token == ">" and not self.token:
                hint = "in a YAML flow map a comma ends the value: quote the type"
            self.fail(f"expected `{token}` but {found}", hint)
        self.advance()

    def expect_end(self) -> None:
        if self.token:
            self.fail(f"unexpected `{self.token}` after the type")

    def fail_mixed(self, expression: NullableExpr | OptionalExpr) -> NoReturn:
        inner = expression.inner
        name = self.text[inner.start : inner.end]
        self.fail(
            "`?` and `| null` cannot be mixed so",
            f"write `({name} | null)?` for a member that may be absent or null",
        )

    def fail_name(self, what: str = "a type") -> NoReturn:
        if not self.token:
            self.fail(f"{what} is missing here")
        self.fail(f"expected the name of {what} but found `{self.token}`")

    def fail_array(self, start: int) -> NoReturn:
        element = self.text[start : self.start].strip()
        self.fail("`[]` is not part of a type", f"write `list<{element}>`")

    def fail(self, message: str, hint: str | None = None) -> NoReturn:
        end = max(self.end, self.start + 1)
        raise _Failure(TypeSyntaxError(message, self.start, end, hint))
