"""What becomes of `auth` and `scopes`: members of a method's descriptor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Render = Callable[..., dict[str, str]]

SCHEMA = """
    services:
      Users:
        auth: bearer
        scopes: [users:read]
        methods:
          inherits: {}
          opens: {auth: none}
          asksMore: {scopes: [users:read, "users:{write}"]}
          asksNoScope: {scopes: []}
          asksOtherwise: {auth: api_key, scopes: ["it's"]}
      Free:
        methods:
          anybody: {}
"""


def descriptor(text: str, constant: str) -> list[str]:
    """Return the arguments of the descriptor that are of access."""
    start = text.index(f"{constant} = ")
    lines = text[start : text.index("\n)\n", start)].splitlines()
    return [line.strip() for line in lines if line.strip()[:4] in ("auth", "scop")]


@pytest.mark.parametrize(
    ("constant", "arguments"),
    [
        ("USERS_INHERITS", ['auth="bearer",', 'scopes=("users:read",),']),
        ("USERS_OPENS", []),
        (
            "USERS_ASKS_MORE",
            ['auth="bearer",', 'scopes=("users:read", "users:{write}"),'],
        ),
        ("USERS_ASKS_NO_SCOPE", ['auth="bearer",']),
        ("USERS_ASKS_OTHERWISE", ['auth="api_key",', 'scopes=("it\'s",),']),
        ("FREE_ANYBODY", []),
    ],
)
def test_a_descriptor_says_what_a_caller_must_show(
    render: Render, constant: str, arguments: list[str]
) -> None:
    assert descriptor(render(SCHEMA)["_service.py"], constant) == arguments


@pytest.mark.parametrize(
    ("call", "facts"),
    [
        ("inherits", "Auth: bearer token with scope ``users:read``."),
        (
            "asksMore",
            "Auth: bearer token with scopes ``users:read``, ``users:{write}``.",
        ),
        ("asksNoScope", "Auth: bearer token."),
        ("reads", "Read-only. Auth: bearer token with scope ``users:read``."),
        ("puts", "Idempotent. Auth: API key with scope ``users:read``."),
    ],
)
def test_docstrings_tell_what_a_caller_must_show_and_may_repeat(
    render: Render, call: str, facts: str
) -> None:
    files = render(
        SCHEMA.replace(
            "opens:",
            "reads: {readonly: true}\n          puts: "
            "{idempotent: true, auth: api_key}\n          opens:",
        )
    )
    for file, verb in (("client.py", "Call"), ("server.py", "Answer")):
        assert f'"""{verb} ``Users.{call}``.\n\n        {facts}\n' in files[file]


def test_docstrings_of_methods_that_ask_nothing_are_left_out(render: Render) -> None:
    files = render(SCHEMA)
    for name in ("Users.opens", "Free.anybody"):
        assert f"Call ``{name}``" not in files["client.py"]
        assert f"Answer ``{name}``" not in files["server.py"]


def test_descriptors_of_the_kitchen_have_them_at_run_time() -> None:
    from generated_examples.kitchen_sink import _service as kitchen

    found: list[Any] = [
        kitchen.KITCHEN_LIST_DISHES,
        kitchen.KITCHEN_ADD_DISH,
        kitchen.KITCHEN_ORDER,
    ]
    assert [(method.auth, tuple(method.scopes)) for method in found] == [
        ("", ()),
        ("bearer", ("kitchen:cook", "menu:write")),
        ("api_key", ("tickets:write",)),
    ]
