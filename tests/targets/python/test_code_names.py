from collections.abc import Callable

from idlgen.compiler import Outcome

Render = Callable[..., dict[str, str]]
Compiled = Callable[..., Outcome]

SCHEMA = """
    types:
      Zone: {name: region, enum: {'*': {name: everywhere}, us-east: {}}}
      Key: {newtype: int, name: ApiKey}
      User:
        name: Account
        fields:
          id: {type: Key, wire: x-amz-id}
          userId: {type: int, wire: user_id}
          class: {type: int?, name: rank}
          zone: {type: Zone, default: '*'}
      Holder: {fields: {user: {type: User, default: {id: 1, userId: 2}}}}
      Patch: {fields: {user: partial<User>}}
    errors:
      Gone:
        name: Vanished
        status: not_found
        message: "{userId} {{userId}}"
        fields: {userId: {type: int, wire: x, name: who}}
    services:
      Users:
        name: accounts
        methods:
          get:
            name: find
            params:
              id: {type: Key, wire: ID, name: key, doc: Its key.}
              zones: {type: list<Zone>, default: ['*'], name: regions}
            returns: User
            errors: [Gone]
    """


def test_types_have_the_names_that_name_says_and_keys_that_wire_says(
    render: Render,
) -> None:
    types = render(SCHEMA)["types.py"]
    assert types[types.index("class ") :] == '''\
class Region(OpenEnum):
    EVERYWHERE = "*"
    US_EAST = "us-east"
    if TYPE_CHECKING:
        UNRECOGNIZED = ""


if TYPE_CHECKING:
    ApiKey = NewType("ApiKey", int)
else:
    ApiKey = NewType("ApiKey", Int53)


class Account(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: ApiKey = field(name="x-amz-id")
    user_id: Int53
    rank: Int53 | None = field(default=None, name="class")
    zone: Region = field(default_factory=lambda: Region.EVERYWHERE)


class Holder(Struct, frozen=True, kw_only=True):
    user: Account = field(
        default_factory=lambda: Account(id=ApiKey(1), user_id=2, zone=Region.EVERYWHERE)
    )


class Patch(Struct, frozen=True, kw_only=True):
    user: UserPartial


class UserPartial(Struct, frozen=True, kw_only=True):
    """A patch of ``Account``: what is left UNSET stays as it is."""

    id: ApiKey | UnsetType = field(default=UNSET, name="x-amz-id")
    user_id: Int53 | UnsetType = UNSET
    rank: Int53 | None | UnsetType = field(default=UNSET, name="class")
    zone: Region | UnsetType = UNSET
'''


def test_errors_keep_their_names_on_the_wire(render: Render) -> None:
    errors = render(SCHEMA)["errors.py"]
    assert errors[errors.index("class ") :] == """\
class Vanished(NotFound):
    _idl_name: ClassVar[str] = "user.Gone"
    _idl_message: ClassVar[str] = "{who} {{userId}}"

    class Fields(Struct, frozen=True, kw_only=True):
        who: Int53 = field(name="x")

    def __init__(self, *, who: int) -> None:
        self.who = who
        super().__init__(fields=self.Fields(who=who))
"""


def test_services_keep_their_names_on_the_wire(render: Render) -> None:
    service = render(SCHEMA)["_service.py"]
    assert service[service.index("class ") :] == """\
class AccountsFindParams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    key: types.ApiKey = field(name="ID")
    regions: list[types.Region] | UnsetType = field(default=UNSET, name="zones")


ACCOUNTS_FIND = Method[types.Account](
    "user.Users.get",
    handler="find",
    params=AccountsFindParams,
    returns=types.Account,
    errors=(errors.Vanished,),
    defaults={"regions": lambda: [types.Region.EVERYWHERE]},
)

ACCOUNTS = Service(
    "user.Users",
    methods=(ACCOUNTS_FIND,),
)
"""


def test_clients_and_servers_are_called_what_name_says(render: Render) -> None:
    files = render(SCHEMA)
    client = files["client.py"]
    sync = client[client.index("class ") : client.index("\n\n\nclass Async")]
    assert sync == '''\
class AccountsClient(ServiceClient):
    """Client of service ``user.Users``."""

    def find(
        self,
        key: types.ApiKey,
        *,
        regions: list[types.Region] | UnsetType = UNSET,
        options: CallOptions | None = None,
    ) -> types.Account:
        """Call ``Users.get``.

        Args:
            key: Its key.
            regions: By default ``["*"]``.

        Raises:
            Vanished: {userId} {{userId}}
        """
        return self._idl_channel.unary(
            _service.ACCOUNTS_FIND,
            _service.AccountsFindParams(key=key, regions=regions),
            options,
        )'''
    assert "class AsyncAccountsClient(AsyncServiceClient):\n" in client
    assert "class Accounts(Protocol):\n" in files["server.py"]
    assert "class AccountsUnimplemented(Accounts):\n" in files["server.py"]
    assert "class FakeAccounts(FakeService, Accounts):\n" in files["testing.py"]


def test_name_parts_what_would_meet(compiled: Compiled) -> None:
    text = """
        types:
          S: {fields: {userId: int, user_id: {type: int, name: other}}}
          E: {enum: {a-b: {}, A_B: {name: second}}}
          None: string
          None_: {alias: string, name: Nothing}
        services:
          X: {methods: {getX: {}, get_x: {name: fetch}}}
          AsyncX: {name: background, methods: {a: {}}}
        """
    assert compiled({"user": text}).diagnostics == ()


def test_names_that_name_says_may_meet_too(compiled: Compiled) -> None:
    text = """
        types:
          S: {fields: {a: int, b: {type: int, name: A}}}
          T: {alias: string, name: s}
        """
    outcome = compiled({"user": text})
    assert [(d.code, d.message) for d in outcome.diagnostics] == [
        ("IDL401", "`a` and `b` both make `a` in Python"),
        ("IDL402", "`S` and `T` both make `S` in Python"),
    ]
