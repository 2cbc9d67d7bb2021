from __future__ import annotations

import pytest

from idlgen.syntax.type_parser import (
    NameExpr,
    NullableExpr,
    OptionalExpr,
    TypeExpr,
    TypeSyntaxError,
    parse_type,
)


def show(expression: TypeExpr | TypeSyntaxError) -> str:
    match expression:
        case NameExpr(name=name, args=args):
            return f"{name}<{', '.join(map(show, args))}>" if args else name
        case NullableExpr(inner=inner):
            return f"nullable({show(inner)})"
        case OptionalExpr(inner=inner):
            return f"optional({show(inner)})"
        case TypeSyntaxError(start=start, end=end):
            return f"error {start}:{end}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("int", "int"),
        ("common.Money", "common.Money"),
        ("  list < User >  ", "list<User>"),
        ("map<string,list<int>>", "map<string, list<int>>"),
        ("int?", "optional(int)"),
        ("int | null", "nullable(int)"),
        ("int|null", "nullable(int)"),
        ("(int | null)?", "optional(nullable(int))"),
        ("(int?) | null", "nullable(optional(int))"),
        ("list<int | null>", "list<nullable(int)>"),
        ("((int))", "int"),
        ("a\nb", "error 2:3"),
        ("int | string", "error 6:12"),
        ("int? | null", "error 5:6"),
        ("int | null?", "error 10:11"),
        ("list<int", "error 8:9"),
        ("list<>", "error 5:6"),
        ("User[]", "error 4:5"),
        ("1int", "error 0:1"),
        ("", "error 0:1"),
        ("가", "error 0:1"),
        ("int>", "error 3:4"),
        ("(" * 5_000, "error 33:34"),
    ],
)
def test_type_expressions(text: str, shown: str) -> None:
    assert show(parse_type(text)) == shown


def test_offsets_cover_the_whole_expression() -> None:
    expression = parse_type(" map<string, User> ")

    assert isinstance(expression, NameExpr)
    assert (expression.start, expression.end) == (1, 18)
    assert [(a.start, a.end) for a in expression.args] == [(5, 11), (13, 17)]
