"""What becomes of methods that return pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from idlgen.compiler import Outcome

Compiled = Callable[..., Outcome]
Render = Callable[..., dict[str, str]]

PAGE = "Page<T>: {fields: {items: list<T>, next: string?}}"


def test_a_paginated_method_has_an_iterator_beside_it(render: Render) -> None:
    files = render(f"""
        types:
          User: {{fields: {{id: int}}}}
          {PAGE}
        errors:
          Gone: {{status: not_found, message: nobody is there}}
        services:
          Users:
            methods:
              listUsers:
                deprecated: Ask elsewhere.
                params: {{team: {{type: string, doc: Whose.}}, cursor: string?}}
                returns: Page<User>
                errors: [Gone]
                timeout: 2s
                paginate: cursor
              ping: {{}}
        """)
    client = files["client.py"]
    start = client.index("    def iter_list_users")
    assert client[start : client.index("    def ping")] == '''\
    def iter_list_users(
        self,
        team: str,
        *,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> Paged[types.User, types.Page[types.User]]:
        """Iterate over the items of all pages that ``list_users`` returns.

        Each page is a call with these params and `options`, made once an item of it is
        asked for; `pages()` of the iterator gives the pages themselves.

        Deprecated: Ask elsewhere.

        Args:
            team: Whose.

        Raises:
            Gone: nobody is there
            DeadlineExceeded: No answer within 2 s, unless `options` say otherwise.
        """
        return self._idl_channel.paged(
            _service.USERS_LIST_USERS,
            _service.UsersListUsersParams(team=team, cursor=cursor),
            options,
        )

'''
    start = client.index("    def iter_list_users", client.index("class Async"))
    assert ") -> AsyncPaged[types.User, types.Page[types.User]]:\n" in client[start:]
    assert "await self._idl_channel.paged(" not in client
    for name in ("server.py", "testing.py"):
        assert "iter_" not in files[name]


def test_the_descriptor_says_how_pages_lead_on_in_python_names(render: Render) -> None:
    files = render("""
        types:
          Log: {fields: {logLines: list<string>, tags: list<int>, class: int | null}}
        services:
          Logs:
            methods:
              read:
                params: {self: int?}
                returns: Log
                paginate: {param: self, next: class, items: logLines}
        """)
    line = (
        '    pagination=Pagination(param="self_", next="class_", items="log_lines"),\n'
    )
    assert line in files["_service.py"]


METHOD = "{params: {cursor: string?}, returns: Page<int>, paginate: cursor}"


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        (
            f"{{getUsers: {METHOD}, iterGetUsers: {{}}}}",
            "`iterGetUsers` and `getUsers.paginate` both make `iter_get_users` in Python",
        ),
        (
            f"{{iter_class: {{}}, class: {METHOD}}}",
            "`iter_class` and `class.paginate` both make `iter_class` in Python",
        ),
        (
            f"{{list: {METHOD}, all: {{name: iterList}}}}",
            "`all` and `list.paginate` both make `iter_list` in Python",
        ),
        (
            f"{{list: {METHOD}, iterList: {METHOD}}}",
            "`iterList` and `list.paginate` both make `iter_list` in Python",
        ),
    ],
)
def test_a_method_called_like_an_iterator_is_refused(
    compiled: Compiled, methods: str, message: str
) -> None:
    outcome = compiled(
        {"user": f"{{types: {{{PAGE}}}, services: {{S: {{methods: {methods}}}}}}}"}
    )
    (diagnostic,) = outcome.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("IDL401", message)
    assert diagnostic.hint == "give one of them another `name:`"
    assert outcome.files == ()


@pytest.mark.parametrize(
    "methods",
    [
        f"{{listUsers: {METHOD}, iterListUsers: {{name: other}}}}",
        f"{{list: {METHOD[:-1]}, name: rows}}, iterList: {{}}}}",
        "{list: {params: {cursor: string?}, returns: Page<int>}, iterList: {}}",
    ],
)
def test_another_name_mends_it(compiled: Compiled, methods: str) -> None:
    text = f"{{types: {{{PAGE}}}, services: {{S: {{methods: {methods}}}}}}}"
    assert compiled({"user": text}).diagnostics == ()


def test_an_iterator_may_be_called_like_the_types_of_another_package(
    compiled: Compiled,
) -> None:
    outcome = compiled(
        {
            "iter_x": "types: {Row: {fields: {id: int}}}",
            "user": f"""
                imports: {{x: iter_x.yaml}}
                types: {{{PAGE}}}
                services:
                  S:
                    methods:
                      xTypes: {{params: {{cursor: string?}}, returns: Page<x.Row>, paginate: cursor}}
                """,
        }
    )
    assert outcome.diagnostics == ()
    files = {file.path: file.body for file in outcome.files}
    client = files["user/client.py"]
    assert "import types as _idl_iter_x_types" in client
    assert "-> Paged[_idl_iter_x_types.Row," in client
