"""Secrets: no repr, message, problem or log line shows the value of a sensitive field."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
from typing import Any

import pytest
from msgspec import Struct, structs

from idlgen.runtime import hides
from idlgen.runtime.codec import Codec, Refused
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.protocols.jsonrpc.failures import rpc_error, status_error
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.testing import RecordedCall
from idlgen.runtime.validation.members import scan
from tests.runtime.contract import events
from tests.runtime.contract.events import (
    ENTER,
    Card,
    EnterParams,
    Event,
    EventPurged,
    EventUnknown,
    Level,
    Login,
    LoginRefused,
    Report,
    Settings,
)
from tests.runtime.refusals import refusal

LOGIN: Codec[Login] = Codec(Login)

CARD = Card(number="4111", name="Ada")
FULL = Login(
    name="Ada",
    password="hunterhunter",
    level=Level.LOW,
    card=CARD,
    answers={1: "Rex"},
    limits={"pet": 1.0},
    event=EventPurged(),
    hints=frozenset({"dog"}),
    paid_with=CARD,
)


def test_a_repr_hides_sensitive_fields_however_deep() -> None:
    assert repr(FULL) == (
        "Login(name='Ada', password=***, level=***, card=***, answers=***, "
        "limits=***, event=***, hints=***, paid_with=Card(number=***, name='Ada'))"
    )
    assert str(Settings(theme="x", by_name={})).startswith("Settings(theme='x', ")
    assert f"{[CARD]}" == "[Card(number=***, name='Ada')]"
    assert repr(RecordedCall(ENTER.name, EnterParams(login=FULL, pin="1234"))).endswith(
        "paid_with=Card(number=***, name='Ada')), pin=***, settings=None))"
    )


def test_so_do_those_that_show_structs_in_their_own_way() -> None:
    shown = dict(CARD.__rich_repr__())
    assert {name: repr(value) for name, value in shown.items()} == {
        "number": "***",
        "name": "'Ada'",
    }


@hides("items")
class Secrets(Struct, frozen=True, kw_only=True):
    items: list[str]


def test_a_struct_that_hides_is_a_struct_as_any_other() -> None:
    assert FULL == copy.deepcopy(FULL) == pickle.loads(pickle.dumps(FULL))
    assert hash(CARD) == hash(Card(number="4111", name="Ada"))
    assert structs.replace(CARD, number="5").number == "5"
    match CARD:
        case Card(number=number):
            assert number == "4111"
    assert LOGIN.decode(LOGIN.encode_checked(FULL)) == FULL
    assert repr(Secrets(items=[])) == "Secrets(items=***)"


# A member of Login, and what is said of it: never more than what was expected.
REFUSALS: list[tuple[str, list[tuple[str, str]]]] = [
    ('"password":1234567890', [("$.password", "Expected `str`")]),
    (
        '"password":"X-SECRET"',
        [("$.password", "Expected `str` matching regex `^[a-z]+\\Z`")],
    ),
    (
        '"password":"SECRET"',
        [
            ("$.password", "Expected `str` of length >= 8"),
            ("$.password", "Expected `str` matching regex `^[a-z]+\\Z`"),
        ],
    ),
    ('"level":"hihg"', [("$.level", "Expected one of `low`, `high`")]),
    ('"level":["SECRET"]', [("$.level", "Expected `str`")]),
    ('"card":"SECRET"', [("$.card", "Expected `object`")]),
    (
        '"card":{"number":411122223333}',
        [("$.card.number", "Expected `str`"), ("$.card.name", "Missing")],
    ),
    (
        '"answers":{"SECRET":"x","2":3,"3":{"SECRET":1}}',
        [
            ("$.answers[...]", "Key: Expected `int`"),
            ("$.answers[...]", "Expected `str`"),
            ("$.answers[...]", "Expected `str`"),
        ],
    ),
    ('"answers":{"1":"a","01":"SECRET"}', [("$.answers[...]", "Key: Expected `int`")]),
    ('"limits":{"SECRET":"SECRET"}', [("$.limits[...]", "Expected `float`")]),
    (
        '"limits":{"SECRET":1,"SECRET":2,"x":null}',
        [
            ("$.limits[...]", "Member is written twice"),
            ("$.limits[...]", "Expected `float`"),
        ],
    ),
    (
        '"event":{"type":"SECRET"}',
        [
            (
                "$.event.type",
                "Expected one of `created`, `deleted`, `purged`, `noted`, `grouped`",
            )
        ],
    ),
    ('"event":{"type":5}', [("$.event.type", "Expected `str`")]),
    ('"event":{"kind":"SECRET"}', [("$.event.type", "Missing")]),
    (
        '"event":{"type":"created","value":{"name":5,"email":"SECRETSECRETSECRET@SECRET"}}',
        [
            ("$.event.value.name", "Expected `str`"),
            ("$.event.value.email", "Expected `str` of length <= 20"),
        ],
    ),
    (
        '"event":{"type":"deleted","value":-4111}',
        [("$.event.value", "Expected `int64` >= 1")],
    ),
    (
        '"x-hints":["SECRET","x","SECRET"]',
        [('$["x-hints"][2]', "Expected no repeats")],
    ),
    ('"x-hints":{"SECRET":1}', [('$["x-hints"]', "Expected `array`")]),
    (
        '"paidWith":{"number":4111,"name":5}',
        [
            ("$.paidWith.number", "Expected `str`"),
            ("$.paidWith.name", "Expected `str`, got `int`"),
        ],
    ),
    (
        '"pasword":"SECRET"',
        [
            ("$.pasword", "Unknown name `pasword`; did you mean `password`?"),
        ],
    ),
]


@pytest.mark.parametrize(("member", "expected"), REFUSALS)
def test_a_problem_of_a_secret_says_only_what_was_expected(
    member: str, expected: list[tuple[str, str]]
) -> None:
    text = f'{{"name":"Ada",{member}}}'
    assert refusal(LOGIN, text) == expected
    assert "SECRET" not in str(expected)


@hides("value", "tree")
class Vault(Struct, frozen=True, kw_only=True):
    name: str = ""
    tree: Settings | None = None
    value: Any = None


def test_names_that_the_type_does_not_have_are_not_said_inside_a_secret() -> None:
    codec: Codec[Vault] = Codec(Vault)
    assert refusal(codec, '{"tree":{"theme":"x","SECRET":1}}') == [
        (
            "$.tree[...]",
            "Expected one of `theme`, `pages`, `by_name`, `either`, `maybe`",
        )
    ]
    # Inside of `any` only repeated names are wrong, which is found beside other faults.
    assert refusal(codec, '{"name":1,"value":{"SECRET":{"a":1,"a":2}}}') == [
        ("$.name", "Expected `str`, got `int`"),
        ("$.value[...][...]", "Member is written twice"),
    ]


@hides("votes")
class Ballot(Struct, frozen=True, kw_only=True):
    seats: dict[Level, int] = {}
    votes: dict[Level, int] = {}


def test_the_keys_of_a_map_are_not_said_inside_a_secret() -> None:
    codec: Codec[Ballot] = Codec(Ballot)
    assert refusal(codec, '{"seats":{"hihg":1},"votes":{"SECRET":1}}') == [
        ("$.seats.hihg", "Unknown key `hihg`; did you mean `high`?"),
        ("$.votes[...]", "Expected one of `low`, `high`"),
    ]


def test_msgspec_is_not_quoted_where_a_secret_may_stand() -> None:
    """Below the walk's depth there are only msgspec's own words."""
    inner = '{"theme":"x","maybe":[' * 40 + '{"theme":5}' + "]}" * 40
    codec: Codec[Settings] = Codec(Settings)
    assert refusal(codec, inner) == [("$", "Does not fit its type")]
    plain: Codec[Event] = Codec(Event)
    deep = '{"type":"grouped","value":[' * 40 + '{"type":"purgd"}' + "]}" * 40
    ((path, message),) = refusal(plain, deep)
    assert message == "Invalid value 'purgd'"
    assert path.startswith("$.value[0].value[0]")


def test_numbers_that_json_lacks_are_not_told_of_a_secret() -> None:
    limits = {"SECRET": float("nan"), "b": float("inf")}
    with pytest.raises(Refused) as caught:
        LOGIN.encode(Login(name="Ada", limits=limits))
    assert caught.value.problems == (("$.limits", "Expected finite numbers"),)


REFUSED = LoginRefused(
    name="Ada",
    pass_word="hunter2",
    login=FULL,
    event=EventUnknown("new", {"type": "new", "value": "SECRET"}),
)


def test_the_message_of_a_declared_error_hides_secrets() -> None:
    message = REFUSED.message
    assert message.startswith("Ada may not enter with *** and *** ({")
    assert json.loads(message.partition("(")[2][:-1]) == {
        "name": "Ada",
        "password": "***",
        "level": "***",
        "card": "***",
        "answers": "***",
        "limits": "***",
        "event": "***",
        "x-hints": "***",
        "paidWith": {"number": "***", "name": "Ada"},
    }
    assert (str(REFUSED), repr(REFUSED)) == (message, f"LoginRefused({message!r})")


def test_its_fields_go_over_the_wire_all_the_same() -> None:
    wire = status_error(REFUSED)
    assert wire.message == REFUSED.message
    error = rpc_error(wire, method_codec(ENTER).errors)
    assert isinstance(error, LoginRefused)
    assert (error.pass_word, error.login) == ("hunter2", FULL)
    assert isinstance(error.event, EventUnknown)
    assert error.event == REFUSED.event
    assert error.details["password"] == "hunter2"


class Careless(events.EventService):
    """Its handlers fail in every way; what they raise shows the arguments."""

    def file(self, report: Report, *, event: Event | None = None) -> Report:
        raise NotImplementedError

    def enter(
        self, login: Login, *, pin: str | None = None, settings: Settings | None = None
    ) -> Login:
        match login.name:
            case "raises":
                raise ValueError(f"cannot serve {login}")
            case "wrong":
                return structs.replace(login, limits={"SECRET": float("nan")})
            case "odd":
                odd: Any = {"SECRET": object()}
                return structs.replace(login, answers=odd)
            case "refused":
                raise LoginRefused(
                    name="x",
                    pass_word="SECRET",
                    login=login,
                    event=EventPurged(),
                )
            case _:
                return login


LOGINS = [
    '{"name":"raises","password":"secretsecret","answers":{"1":"SECRET"}}',
    '{"name":"wrong","password":"secretsecret"}',
    '{"name":"odd","password":"secretsecret"}',
    '{"name":"refused","password":"secretsecret"}',
    '{"name":"Ada","password":"SECRET"}',
    '{"name":"Ada","event":{"type":"SECRET"}}',
    '{"name":"Ada","limits":{"SECRET":"SECRET"}}',
]


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("pin", ["", ',"pin":"123"', ',"pin":"12345"'])
def test_neither_log_nor_answer_shows_a_secret(
    login: str, pin: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dispatcher = Dispatcher(Careless(), debug=True)
    body = (
        '{"jsonrpc":"2.0","id":1,"method":"events.EventService.enter",'
        f'"params":{{"login":{login}{pin}}}}}'
    )
    answer = asyncio.run(dispatcher.dispatch(body.encode()))
    dispatcher.close()
    assert answer is not None
    error = json.loads(answer)["error"]
    error.get("data", {}).pop("fields", None)
    assert "secret" not in (caplog.text + json.dumps(error)).lower()
    assert '"123' not in caplog.text + json.dumps(error)


def test_params_hide_what_is_sensitive() -> None:
    text = b'{"login":{"name":"Ada"},"pin":12345}'
    with pytest.raises(Refused) as caught:
        method_codec(ENTER).decode_params(text, scan(text.decode()).tree)
    assert caught.value.problems == (("$.pin", "Expected `str`"),)
