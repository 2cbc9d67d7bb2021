"""Marks on members and declarations: `sensitive`, `strict`, `since`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Render = Callable[..., dict[str, str]]

TEXT = """
    doc: The service.
    types:
      Login:
        strict: true
        since: 1.0
        fields:
          name: {type: string, since: 1.1}
          passWord: {type: string, sensitive: true, min_length: 8}
          class: {type: string?, sensitive: true}
      Copy: omit<Login, name>
      Patch: partial<Login>
      Kind: {enum: {a: {since: 1.2, doc: The first.}}}
    errors:
      Denied:
        status: permission_denied
        since: 1.3
        message: "{name} may not use {token}"
        fields: {name: string, token: {type: string, sensitive: true}}
    services:
      Logins:
        since: 1.4
        methods:
          logIn:
            since: 1.5
            params: {name: {type: string, since: 1.6}, passWord: {type: string, sensitive: true}}
            errors: [Denied]
    """


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("types.py", '@strict\n@hides("pass_word", "class_")\nclass Login(Struct, '),
        ("types.py", '@hides("pass_word", "class_")\nclass Copy(Struct, '),
        ("types.py", '@hides("pass_word", "class_")\nclass Patch(Struct, '),
        ("errors.py", '\n\n    @hides("token")\n    class Fields(Struct, '),
        ("_service.py", '@hides("pass_word")\nclass LoginsLogInParams(Struct, '),
    ],
)
def test_sensitive_fields_are_hidden(render: Render, file: str, expected: str) -> None:
    assert expected in render(TEXT)[file]


SHOWN = """
    types:
      Card:
        fields:
          fullName: {type: string, example: "\\"Ada\\"\\n"}
          tags: {type: 'list<string>?', example: [a, b]}
          size: int
      Copy: pick<Card, tags>
      Patch: partial<Card>
      Row<T>: {fields: {cell: T, at: {type: time, example: '12:30:00'}}}
      Shape: {union: {card: Card}, flat: true}
    errors:
      Lost: {status: not_found, fields: {id: {type: int, example: 1}}}
    services:
      Cards: {methods: {find: {params: {id: {type: int, example: 1}}, returns: Card, errors: [Lost]}}}
    """
BOTH = """@shows(full_name='"\\\\"Ada\\\\"\\\\n"', tags='["a", "b"]')
"""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("types.py", f"{BOTH}class Card(Struct, "),
        ("types.py", '@shows(tags=\'["a", "b"]\')\nclass Copy(Struct, '),
        ("types.py", "\n\n\nclass Patch(Struct, "),
        ("types.py", "@shows(at='\"12:30:00\"')\nclass Row(Struct, Generic[T], "),
        ("types.py", f"{BOTH}class ShapeCard(\n"),
        ("errors.py", '"\n\n    class Fields(Struct, '),
        ("_service.py", "\n\n\nclass CardsFindParams(Struct, "),
    ],
)
def test_examples_of_fields_are_for_fakes(
    render: Render, file: str, expected: str
) -> None:
    assert expected in render(SHOWN)[file]


OF_TYPES = """
    types:
      Email: {alias: string, example: ada@example.com}
      Short: {alias: Email, max_length: 9}
      Id: {newtype: int, example: 7}
      Role: {enum: [admin, member], example: member}
      Event: {union: {made: Id, gone: null}, example: {type: gone}}
      User:
        fields:
          id: Id
          born: {type: date, wire: b, example: '2001-01-01'}
          name: {type: string, wire: n}
          tags: {type: list<string>, default: []}
          roles: {type: list<Role>, default: [member]}
        example: {id: 3, born: '2000-01-01', name: Eve, roles: [admin]}
      Other: {fields: {id: Id?, mail: Email | null, short: Short, role: Role, event: Event, user: User}}
      Narrow: {fields: {mail: {type: Email, max_length: 9}, role: {type: Role, default: admin}}}
      Thing: {union: {user: User}, flat: true}
      Page<T>: {fields: {items: list<T>, role: Role}}
    """
WHOLE = """@shows(id="3", born='"2001-01-01"', name='"Eve"', roles='["admin"]')
"""


@pytest.mark.parametrize(
    "expected",
    [
        f"{WHOLE}class User(Struct, ",
        f"{WHOLE}class ThingUser(Struct, ",
        """@shows(id="7", mail='"ada@example.com"', role='"member"', event='{"type": "gone"}')
class Other(Struct, """,
        "\n\n\nclass Narrow(Struct, ",
        """@shows(role='"member"')\nclass Page(Struct, Generic[T], """,
    ],
)
def test_examples_of_types_are_those_of_fields_that_have_none(
    render: Render, expected: str
) -> None:
    assert expected in render(OF_TYPES)["types.py"]


def test_sensitive_fields_are_else_as_all_are(render: Render) -> None:
    types = render(TEXT)["types.py"]
    assert """
    pass_word: Annotated[str, Meta(min_length=8)] = field(name="passWord")
    class_: str | None = field(default=None, name="class")
""" in types


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("types.py", 'kw_only=True, omit_defaults=True):\n    """Since 1.0."""\n\n'),
        ("types.py", '    name: str\n    """Since 1.1."""\n'),
        ("types.py", '    A = "a"\n    """The first.\n\n    Since 1.2.\n    """\n'),
        ("errors.py", 'class Denied(PermissionDenied):\n    """Since 1.3."""\n\n'),
        (
            "client.py",
            '    """Client of service ``user.Logins``.\n\n    Since 1.4.\n    """\n',
        ),
        (
            "client.py",
            """\
        Call ``Logins.logIn``.

        Since 1.5.

        Args:
            name: Since 1.6.

        Raises:
""".replace("Call", '"""Call', 1),
        ),
        ("server.py", '"""What serves ``user.Logins``.\n\n    Since 1.4.\n    """\n'),
        ("server.py", '        """Answer ``Logins.logIn``.\n\n        Since 1.5.\n'),
    ],
)
def test_docstrings_say_since_when(render: Render, file: str, expected: str) -> None:
    assert expected in render(TEXT)[file]
