from collections.abc import Callable

import pytest

Render = Callable[..., dict[str, str]]

SCHEMA = """
    types:
      Role: {enum: [admin]}
      User: {fields: {id: int}}
    errors:
      Missing:
        doc: None has the id.
        status: not_found
        message: "{userId} is {{gone}}"
        fields: {userId: int, roles: {type: list<Role>, default: [admin]}, status: int?}
      Broken: {status: unknown}
    services:
      Users:
        doc: Accounts.
        methods:
          getUser:
            doc: Return the account.
            readonly: true
            params: {id: {type: int, doc: Its number.}}
            returns: User
            errors: [Missing, Broken]
            timeout: 500ms
            examples: {one: {params: {id: 1}, returns: {id: 1}}}
          listUsers:
            params:
              cursor: string?
              size: {type: int, default: 50}
              role: {type: Role, default: admin}
              roles: {type: list<Role>, default: [admin]}
              note: (string | null)?
              team: string
            returns: list<User>
          ping: {idempotent: true, deprecated: of no use}
    """


@pytest.fixture
def files(render: Render) -> dict[str, str]:
    return render(SCHEMA)


def test_an_error_is_a_class_of_its_status_with_its_fields(
    files: dict[str, str],
) -> None:
    errors = files["errors.py"]
    assert errors[errors.index("class ") :] == '''\
class Missing(NotFound):
    """None has the id."""

    _idl_name: ClassVar[str] = "user.Missing"
    _idl_message: ClassVar[str] = "{user_id} is {{gone}}"

    class Fields(Struct, frozen=True, kw_only=True, omit_defaults=True):
        user_id: Int53 = field(name="userId")
        roles: list[types.Role] = field(default_factory=lambda: [types.Role.ADMIN])
        status_: Int53 | None = field(default=None, name="status")

    def __init__(
        self,
        *,
        user_id: int,
        roles: list[types.Role] | UnsetType = UNSET,
        status_: int | None = None,
    ) -> None:
        if roles is UNSET:
            roles = [types.Role.ADMIN]
        self.user_id = user_id
        self.roles = roles
        self.status_ = status_
        super().__init__(
            fields=self.Fields(user_id=user_id, roles=roles, status_=status_)
        )


class Broken(UnknownError):
    _idl_name: ClassVar[str] = "user.Broken"
'''


def test_the_descriptors_tell_a_channel_all_it_needs(files: dict[str, str]) -> None:
    service = files["_service.py"]
    assert service[service.index("require_contract(1)") :] == """\
require_contract(1)


class UsersGetUserParams(Struct, frozen=True, kw_only=True):
    id: Int53


class UsersListUsersParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    cursor: str | None = None
    size: Int53 = 50
    role: types.Role = types.Role.ADMIN
    roles: list[types.Role] | UnsetType = UNSET
    note: str | None | UnsetType = UNSET
    team: str


class UsersPingParams(Struct, frozen=True, kw_only=True):
    pass


USERS_GET_USER = Method[types.User](
    "user.Users.getUser",
    handler="get_user",
    params=UsersGetUserParams,
    returns=types.User,
    errors=(errors.Missing, errors.Broken),
    readonly=True,
    timeout=0.5,
)
USERS_LIST_USERS = Method[list[types.User]](
    "user.Users.listUsers",
    handler="list_users",
    params=UsersListUsersParams,
    returns=list[types.User],
    defaults={"roles": lambda: [types.Role.ADMIN]},
)
USERS_PING = Method[None](
    "user.Users.ping",
    handler="ping",
    params=UsersPingParams,
    returns=None,
    idempotent=True,
)

USERS = Service(
    "user.Users",
    methods=(USERS_GET_USER, USERS_LIST_USERS, USERS_PING),
)
"""


def test_a_client_takes_what_is_required_by_position(files: dict[str, str]) -> None:
    client = files["client.py"]
    sync = client[client.index("class ") : client.index("\n\n\nclass Async")]
    assert sync == '''\
class UsersClient(ServiceClient):
    """Accounts."""

    def get_user(self, id: int, *, options: CallOptions | None = None) -> types.User:
        """Return the account.

        Read-only.

        Args:
            id: Its number.

        Raises:
            Missing: None has the id.
            Broken: Status ``unknown``.
            DeadlineExceeded: No answer within 0.5 s, unless `options` say otherwise.
        """
        return self._idl_channel.unary(
            _service.USERS_GET_USER,
            _service.UsersGetUserParams(id=id),
            options,
        )

    def list_users(
        self,
        team: str,
        *,
        cursor: str | None = None,
        size: int = 50,
        role: types.Role = types.Role.ADMIN,
        roles: list[types.Role] | UnsetType = UNSET,
        note: str | None | UnsetType = UNSET,
        options: CallOptions | None = None,
    ) -> list[types.User]:
        """Call ``Users.listUsers``.

        Args:
            roles: By default ``["admin"]``.
        """
        return self._idl_channel.unary(
            _service.USERS_LIST_USERS,
            _service.UsersListUsersParams(
                cursor=cursor,
                size=size,
                role=role,
                roles=roles,
                note=note,
                team=team,
            ),
            options,
        )

    def ping(self, *, options: CallOptions | None = None) -> None:
        """Call ``Users.ping``.

        Deprecated: of no use

        Idempotent.
        """
        return self._idl_channel.unary(
            _service.USERS_PING,
            _service.UsersPingParams(),
            options,
        )
'''.rstrip("\n")


def test_the_async_client_differs_in_waiting_only(files: dict[str, str]) -> None:
    client = files["client.py"]
    sync, _, asynchronous = client[client.index("class ") :].partition("\n\n\n")
    awaited = asynchronous.replace("async def", "def").replace("return await", "return")
    named = awaited.replace(
        "AsyncUsersClient(AsyncServiceClient", "UsersClient(ServiceClient"
    )
    # `async ` makes one signature too long for a line.
    joined = named.replace(
        "def get_user(\n        self, id: int, *, options: CallOptions | None = None\n    )",
        "def get_user(self, id: int, *, options: CallOptions | None = None)",
    )
    assert joined == sync + "\n"
    assert asynchronous.count("async def ") == asynchronous.count("return await ") == 3


def test_a_server_is_a_protocol_and_a_class_to_inherit(files: dict[str, str]) -> None:
    server = files["server.py"]
    assert server[server.index("@") :] == '''\
@serves(_service.USERS)
class Users(Protocol):
    """Accounts."""

    def get_user(self, id: int) -> types.User | Awaitable[types.User]:
        """Return the account.

        Read-only.

        Raises:
            Missing: None has the id.
            Broken: Status ``unknown``.
        """
        ...

    def list_users(
        self,
        team: str,
        *,
        cursor: str | None = None,
        size: int = 50,
        role: types.Role = types.Role.ADMIN,
        roles: list[types.Role],
        note: str | None | UnsetType = UNSET,
    ) -> list[types.User] | Awaitable[list[types.User]]: ...

    def ping(self) -> None | Awaitable[None]:
        """Answer ``Users.ping``.

        Deprecated: of no use

        Idempotent.
        """
        ...


class UsersUnimplemented(Users):
    """Answers ``unimplemented``; inherit it to implement some of the methods."""

    def get_user(self, id: int) -> types.User | Awaitable[types.User]:
        raise Unimplemented("Users.getUser is not implemented")

    def list_users(
        self,
        team: str,
        *,
        cursor: str | None = None,
        size: int = 50,
        role: types.Role = types.Role.ADMIN,
        roles: list[types.Role],
        note: str | None | UnsetType = UNSET,
    ) -> list[types.User] | Awaitable[list[types.User]]:
        raise Unimplemented("Users.listUsers is not implemented")

    def ping(self) -> None | Awaitable[None]:
        raise Unimplemented("Users.ping is not implemented")
'''


def test_a_fake_answers_with_the_examples(files: dict[str, str]) -> None:
    testing = files["testing.py"]
    start, end = testing.index("__all__"), testing.index("    def list_users")
    assert testing[start:end] == '''\
__all__ = ["FakeUsers", "in_process"]


class FakeUsers(FakeService, Users):
    """Answers with the schema's examples or made values, and records its calls."""

    _idl_examples = (
        CannedCall(
            _service.USERS_GET_USER,
            name="one",
            params='{"id": 1}',
            returns='{"id": 1}',
        ),
    )

    def get_user(self, id: int) -> types.User:
        return self._idl_answer(
            _service.USERS_GET_USER,
            _service.UsersGetUserParams(id=id),
        )

'''


def test_names_that_clients_and_annotations_need_are_kept_from_methods_and_params(
    render: Render,
) -> None:
    files = render("""
        services:
          Client:
            methods:
              list: {params: {options: int, self: int, types: string}, returns: list<int>}
              close: {}
              __init__: {}
        """)
    client = files["client.py"]
    assert "from builtins import int as _idl_int" not in client
    assert "from builtins import list as _idl_list\n" in client
    assert """\
    def list(
        self,
        options_: int,
        self_: int,
        types_: str,
        *,
        options: CallOptions | None = None,
    ) -> _idl_list[int]:
""" in client
    assert "    def close_(self, *" in client
    assert "    def init_(self, *" in client
    assert 'handler="close_",' in files["_service.py"]
    assert 'options_: Int53 = field(name="options")' in files["_service.py"]
