"""The kitchen sink over a socket: every type there and back, every error, every limit."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import pytest
import uvicorn
from msgspec import UNSET

from generated_examples.kitchen_sink.client import (
    AsyncKitchenClient,
    AsyncWashingUpClient,
    KitchenClient,
    WashingUpClient,
)
from generated_examples.kitchen_sink.errors import (
    DishUnknown,
    KitchenClosed,
    SinkBlocked,
    SoldOut,
)
from generated_examples.kitchen_sink.server import (
    Kitchen,
    KitchenUnimplemented,
    WashingUp,
)
from generated_examples.kitchen_sink.testing import FakeKitchen, in_process
from generated_examples.kitchen_sink.types import (
    Allergen,
    Course,
    CourseOfTasting,
    Dish,
    DishCard,
    DishCode,
    DishDraft,
    DishPatch,
    Heat,
    Ingredient,
    IngredientPartial,
    Remark,
    ShelfNumber,
    Shelves,
    Sink,
    Ticket,
    TicketId,
)
from idlgen.diagnostics import Source
from idlgen.resolve.types import SCALARS
from idlgen.runtime import (
    Client,
    Internal,
    InvalidArgument,
    JsonValue,
    RpcError,
    Unimplemented,
    asgi_app,
)
from idlgen.syntax import forms
from idlgen.syntax.yaml_reader import read_yaml
from idlgen.syntax.yaml_tree import plain_value

Struct = TypeVar("Struct", bound=msgspec.Struct)

SOUP = DishCode("SO-01")
NOT_ON_THE_MENU = DishCode("XX-99")
GARLIC = Ingredient(
    name="Knoblauch 🧄",
    weight=0.1,
    organic=True,
    origin="Łódź",
    supplier="Zażółć & Sons",
    keeps=timedelta(days=400, seconds=1, microseconds=1),
)
WATER = Ingredient(
    name="", weight=99999.99999999999, organic=False, supplier=None, keeps=timedelta(0)
)
BORSCHT = Dish(
    code=SOUP,
    name="Борщ",
    course=Course.HALF_MAIN,
    price=Decimal("9.50"),
    ingredients=[GARLIC, WATER],
    allergens=frozenset({Allergen.NUTS, Allergen.SULPHITES_E220}),
    heat=Heat.WELL_DONE,
    spiciness=1.0,
    serves=12,
    photo=bytes(range(256)),
    steps=["peel", "boil", ""],
    side=Dish(
        code=DishCode("BR-00"),
        name="x" * 60,
        price=Decimal(0),
        ingredients=[WATER],
    ),
    remark={"deep": [None, True, -1.5, {"": "\u2028 \x7f </script>"}]},
)


class Cook(Kitchen):
    """Answers with what it was given, or with what a dish's code asks for."""

    async def list_dishes(
        self,
        *,
        course: Course | None = None,
        without: frozenset[Allergen] = frozenset(),
        limit: int = 50,
    ) -> list[DishCard]:
        words = [course or "-", *sorted(without), str(limit)]
        return [DishCard(code=SOUP, name=" ".join(words), price=Decimal("1.00"))]

    async def get_dish(self, code: DishCode) -> Dish:
        if code == NOT_ON_THE_MENU:
            raise DishUnknown(code=code)
        if code == "CL-00":
            raise KitchenClosed
        if code == "NE-00":
            return msgspec.structs.replace(BORSCHT, course=Course("flambé"))
        return BORSCHT

    def add_dish(self, draft: DishDraft) -> Dish:
        return Dish(code=SOUP, **shallow(draft))

    def change_dish(self, code: DishCode, patch: DishPatch) -> Dish:
        return msgspec.structs.replace(BORSCHT, code=code, **shallow(patch))

    def add_tasting(self, dish: CourseOfTasting) -> CourseOfTasting:
        return dish

    def order(
        self,
        table: int,
        lines: dict[DishCode, int],
        *,
        wanted_at: time | None = None,
        guest: str = "nobody",
    ) -> Ticket:
        if NOT_ON_THE_MENU in lines:
            raise DishUnknown(code=NOT_ON_THE_MENU)
        if lines.get(SOUP, 0) > 100:
            card = DishCard(code=SOUP, name="Борщ", price=Decimal("9.50"))
            raise SoldOut(code=SOUP, left=7, back_at=time(18, 30), instead=[card])
        return Ticket(
            id=TicketId(2**63 - 1),
            key=UUID(int=2**128 - 1),
            table=table,
            day=date(2024, 2, 29),
            wanted_at=wanted_at or time(23, 59, 59, 999999),
            placed_at=datetime(1, 1, 1, 12, tzinfo=timezone(timedelta(hours=9))),
            lines=lines,
            guest=guest,
        )

    def find_ticket(self, key: UUID) -> Ticket | None:
        if key.int == 0:
            return None
        return self.order(2**53 - 1, {DishCode("BR-00"): 2**32 - 1})

    def remark(self, about: TicketId, remark: Remark) -> Remark:
        return [about, remark]

    def ring(self) -> None:
        """Nobody answers."""

    def phone(self, words: str) -> bool:
        if words == "fire":
            raise RuntimeError("the secret of the house")
        return words == ""


class Scrubber(WashingUp):
    async def arrange(self, shelves: Shelves) -> Shelves:
        return shelves

    async def use(self, sink: Sink) -> Sink:
        if sink.plates < 0:
            raise SinkBlocked
        return sink

    async def change(self, ingredient: IngredientPartial) -> IngredientPartial:
        return ingredient


def shallow(struct: msgspec.Struct) -> dict[str, Any]:
    """Return the attributes of a struct that were given."""
    values = {name: getattr(struct, name) for name in struct.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


class Waiting:
    """An async client whose calls are waited for, so that both kinds are called alike."""

    def __init__(
        self, client: AsyncKitchenClient | AsyncWashingUpClient, runner: asyncio.Runner
    ) -> None:
        self._client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)
        return lambda *args, **keywords: self._runner.run(method(*args, **keywords))


@contextmanager
def serving(*implementations: object) -> Iterator[str]:
    """Serve them under uvicorn in a thread; the URL."""
    app = asgi_app(*implementations)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/rpc"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(Cook(), Scrubber()) as url:
        yield url


@pytest.fixture(scope="module", params=["sync", "async"])
def clients(url: str, request: pytest.FixtureRequest) -> Iterator[tuple[Any, Any]]:
    """The clients of both services, called alike whether they are sync or async."""
    with ExitStack() as open_:
        if request.param == "sync":
            yield (
                open_.enter_context(KitchenClient(url)),
                open_.enter_context(WashingUpClient(url)),
            )
            return
        runner = open_.enter_context(asyncio.Runner())
        kitchen, scullery = AsyncKitchenClient(url), AsyncWashingUpClient(url)
        yield Waiting(kitchen, runner), Waiting(scullery, runner)
        runner.run(kitchen.aclose())
        runner.run(scullery.aclose())


@pytest.fixture
def kitchen(clients: tuple[Any, Any]) -> Any:
    return clients[0]


@pytest.fixture
def scullery(clients: tuple[Any, Any]) -> Any:
    return clients[1]


# --- there and back -------------------------------------------------------------


def test_a_dish_with_everything_returns_as_it_was_sent(kitchen: Any) -> None:
    draft = DishDraft(**{k: v for k, v in shallow(BORSCHT).items() if k != "code"})
    assert kitchen.add_dish(draft) == BORSCHT


def test_what_a_dish_leaves_out_has_its_default(kitchen: Any) -> None:
    draft = DishDraft(name="x", price=Decimal("0.01"), ingredients=[WATER])
    dish = kitchen.add_dish(draft)
    assert (dish.course, dish.allergens, dish.heat) == (Course.MAIN, frozenset(), None)
    assert (dish.spiciness, dish.serves, dish.photo, dish.remark) == (
        0.0,
        1,
        None,
        None,
    )
    assert dish.side is None


def test_inherited_and_own_fields_travel_together(kitchen: Any) -> None:
    given = CourseOfTasting(**shallow(BORSCHT), position=2**32 - 1, wine=None)
    assert kitchen.add_tasting(given) == given


def test_params_take_their_defaults_on_the_server(kitchen: Any) -> None:
    (card,) = kitchen.list_dishes()
    assert card == DishCard(code=SOUP, name="- 50", price=Decimal("1.00"))
    (card,) = kitchen.list_dishes(
        course=Course.SAVOURY,
        without=frozenset({Allergen.GLUTEN, Allergen.NUTS}),
        limit=500,
    )
    assert card.name == "savoury gluten nuts 500"


def test_a_patch_changes_what_it_holds(kitchen: Any) -> None:
    patch = DishPatch(name="Суп", heat=None, side=None, allergens=frozenset())
    changed = kitchen.change_dish(SOUP, patch)
    assert changed == msgspec.structs.replace(
        BORSCHT, name="Суп", heat=None, side=None, allergens=frozenset()
    )
    assert kitchen.change_dish(SOUP, DishPatch()) == BORSCHT


@pytest.mark.parametrize(
    "patch",
    [
        IngredientPartial(),
        IngredientPartial(origin=None, supplier=None),
        IngredientPartial(name="", weight=5e-324, organic=False),
        IngredientPartial(origin="Ω", supplier="ß", keeps=timedelta(milliseconds=1)),
    ],
)
def test_three_states_survive(scullery: Any, patch: IngredientPartial) -> None:
    answer = scullery.change(patch)
    assert answer == patch
    assert shallow(answer) == shallow(patch)


def test_a_value_that_the_client_does_not_know_is_kept(kitchen: Any) -> None:
    dish = kitchen.get_dish(DishCode("NE-00"))
    assert dish.course == "flambé"
    assert not dish.course.is_recognized
    assert dish.course == Course.UNRECOGNIZED


def test_a_ticket_has_bounds_and_moments(kitchen: Any) -> None:
    ticket = kitchen.order(2**53 - 1, {SOUP: 1, DishCode("BR-00"): 0})
    assert ticket == Ticket(
        id=TicketId(9223372036854775807),
        key=UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        table=9007199254740991,
        day=date(2024, 2, 29),
        wanted_at=time(23, 59, 59, 999999),
        placed_at=datetime(1, 1, 1, 3, tzinfo=UTC),
        lines={SOUP: 1, DishCode("BR-00"): 0},
        guest="nobody",
    )
    assert kitchen.order(1, {SOUP: 1}, wanted_at=time(0), guest="\0'").guest == "\0'"


def test_a_result_may_be_null(kitchen: Any) -> None:
    assert kitchen.find_ticket(UUID(int=0)) is None
    assert kitchen.find_ticket(UUID(int=1)).lines == {"BR-00": 4294967295}


@pytest.mark.parametrize("remark", [None, True, 0, -1.5, "", [], {}, {"a": [{"b": 1}]}])
def test_a_remark_is_any_json(kitchen: Any, remark: JsonValue) -> None:
    assert kitchen.remark(TicketId(1), remark) == [1, remark]


def test_a_method_may_take_and_return_nothing(kitchen: Any) -> None:
    assert kitchen.ring() is None
    assert kitchen.phone("") is True
    assert kitchen.phone("\ud7ff\ue000\U0010ffff") is False


@pytest.mark.parametrize(
    "shelves",
    [
        Shelves(crates={}, labels={}, positions={}, sensors={}, menu={}),
        Shelves(
            crates={"": "", "ключ": "🗝", "1": "a"},
            labels={ShelfNumber(0): None, ShelfNumber(999): ""},
            positions={-(2**53) + 1: [], 2**53 - 1: ["left", ""]},
            sensors={UUID(int=0): -0.0, UUID(int=7): 1.7976931348623157e308},
            menu={
                Course.HALF_MAIN: frozenset({SOUP, DishCode("BR-00")}),
                Course.MAIN: frozenset(),
            },
        ),
    ],
    ids=["empty", "full"],
)
def test_shelves_hold_keys_of_every_kind(scullery: Any, shelves: Shelves) -> None:
    assert scullery.arrange(shelves) == shelves


@pytest.mark.parametrize("note", [UNSET, None, "", "grease"])
def test_the_sink_counts_to_64_bits(scullery: Any, note: Any) -> None:
    sink = Sink(
        litres=2**64 - 1,
        plates=2**63 - 1,
        drift=-(2**31) + 3,
        taps=frozenset({True, False}),
        cleaned=frozenset({date(1, 1, 1), date(9999, 12, 31)}),
        note=note,
    )
    answer = scullery.use(sink)
    assert answer == sink
    assert answer.note is note or answer.note == note


# --- errors ---------------------------------------------------------------------


def test_a_declared_error_has_its_class_its_text_and_its_fields(kitchen: Any) -> None:
    with pytest.raises(DishUnknown, match=r"^there is no dish XX-99$") as caught:
        kitchen.get_dish(NOT_ON_THE_MENU)
    assert caught.value.code == "XX-99"
    assert caught.value.status == "not_found"
    with pytest.raises(DishUnknown):
        kitchen.order(1, {NOT_ON_THE_MENU: 1})


def test_an_error_carries_structs_times_and_other_names(kitchen: Any) -> None:
    with pytest.raises(SoldOut) as caught:
        kitchen.order(1, {SOUP: 101})
    error = caught.value
    assert str(error) == "SO-01 is sold out, 7 left {for today}"
    assert (error.code, error.left, error.back_at) == (SOUP, 7, time(18, 30))
    assert error.instead == [DishCard(code=SOUP, name="Борщ", price=Decimal("9.50"))]
    assert error.details["x-code"] == "SO-01"


def test_an_error_of_the_service_is_every_methods(kitchen: Any) -> None:
    with pytest.raises(KitchenClosed, match=r"^kitchen closed$") as caught:
        kitchen.get_dish(DishCode("CL-00"))
    assert caught.value.retryable


def test_an_error_may_have_another_name_in_python(scullery: Any) -> None:
    sink = Sink(litres=0, plates=-1, drift=0, taps=frozenset(), cleaned=frozenset())
    with pytest.raises(SinkBlocked, match=r"^The sink is blocked\.$") as caught:
        scullery.use(sink)
    assert caught.value.error_name == "kitchen_sink.Blocked"


def test_what_is_not_declared_is_not_told(kitchen: Any) -> None:
    with pytest.raises(Internal) as caught:
        kitchen.phone("fire")
    assert "secret" not in str(caught.value)


# --- limits ---------------------------------------------------------------------

TOO_MUCH: JsonValue = {
    "name": "",
    "course": "mian",
    "price": "-0.001",
    "ingredients": [],
    "allergens": ["nuts", "nuts"],
    "spiciness": 1.5,
    "x-serves": 13,
    "photo": "",
    "steps": ["wait"] * 10,
    "side": {"code": "so-1", "name": "x", "price": "1", "ingredients": [{}]},
}
PATHS_OF_TOO_MUCH = {
    "$.draft.name",
    "$.draft.course",
    "$.draft.price",
    "$.draft.ingredients",
    "$.draft.allergens[1]",
    "$.draft.spiciness",
    '$.draft["x-serves"]',
    "$.draft.photo",
    "$.draft.steps",
    "$.draft.side.code",
    "$.draft.side.ingredients[0].name",
    "$.draft.side.ingredients[0].weight",
    "$.draft.side.ingredients[0].organic",
    "$.draft.side.ingredients[0].supplier",
    "$.draft.side.ingredients[0].keeps",
}


def test_the_server_names_every_limit_that_a_request_exceeds(url: str) -> None:
    with Client(url) as client, pytest.raises(InvalidArgument) as caught:
        client.call("Kitchen.addDish", draft=TOO_MUCH)
    assert {problem.path for problem in caught.value.problems} == PATHS_OF_TOO_MUCH


@pytest.mark.parametrize(
    ("call", "paths"),
    [
        (
            lambda kitchen: kitchen.order(0, {}),
            {'$["x-table"]', "$.lines"},
        ),
        (lambda kitchen: kitchen.list_dishes(limit=501), {"$.limit"}),
        (lambda kitchen: kitchen.list_dishes(limit=0), {"$.limit"}),
        (lambda kitchen: kitchen.get_dish("SO-1"), {"$.code"}),
        (lambda kitchen: kitchen.phone("help!"), {"$.words"}),
        (lambda kitchen: kitchen.remark(TicketId(0), None), {"$.about"}),
        (
            lambda kitchen: kitchen.change_dish(
                SOUP,
                DishPatch(name="x" * 61, price=Decimal("0.001"), photo=bytes(65537)),
            ),
            {"$.patch.name", "$.patch.price", "$.patch.photo"},
        ),
    ],
    ids=[
        "order",
        "too many",
        "too few",
        "a newtype's pattern",
        "pattern",
        "newtype",
        "patch",
    ],
)
def test_a_client_sends_nothing_that_exceeds_a_limit(
    kitchen: Any, call: Callable[[Any], object], paths: set[str]
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        call(kitchen)
    assert {problem.path for problem in caught.value.problems} == paths


# --- the fake, and what is missing ------------------------------------------------


def test_the_fake_answers_with_the_examples() -> None:
    with in_process(KitchenClient, FakeKitchen()) as kitchen:
        assert kitchen.list_dishes(course=Course.STARTER) == [
            DishCard(code=SOUP, name="김치찌개", price=Decimal("9.50"))
        ]
        stew = kitchen.get_dish(SOUP)
    assert (stew.name, stew.spiciness, stew.course) == ("김치찌개", 0.75, "starter")
    assert stew.ingredients == [
        Ingredient(
            name="kimchi",
            weight=250.0,
            organic=True,
            supplier=None,
            keeps=timedelta(days=30),
        )
    ]


def test_what_is_not_implemented_says_so() -> None:
    class Apprentice(KitchenUnimplemented):
        """Knows nothing yet."""

    with in_process(KitchenClient, Apprentice()) as kitchen:
        with pytest.raises(Unimplemented):
            kitchen.ring()
        with pytest.raises(RpcError, match=r"Kitchen\.getDish"):
            kitchen.get_dish(SOUP)


# --- the schema itself ------------------------------------------------------------


def test_the_kitchen_sink_has_every_construct(root: Path) -> None:
    """Whoever adds a key to the language adds it here too."""
    text = (root / "schemas/kitchen_sink.yaml").read_text(encoding="utf-8")
    tree = read_yaml(Source("kitchen_sink.yaml", text), lambda _: None)
    assert tree is not None
    schema = plain_value(tree)
    assert isinstance(schema, dict)
    types, errors = schema["types"].values(), schema["errors"].values()
    services = schema["services"].values()
    methods = [m for it in services for m in it["methods"].values() if m is not None]
    fields = [it.get("fields", {}) for it in (*types, *errors) if isinstance(it, dict)]
    members = [m for it in fields for m in it.values()]
    members += [p for it in methods for p in it.get("params", {}).values()]
    enums = [it["enum"] for it in types if isinstance(it, dict) and "enum" in it]

    def keys(maps: Any) -> set[str]:
        found = {key for it in maps if isinstance(it, dict) for key in it}
        assert any(key.startswith("x-") for key in found)
        return {key for key in found if not key.startswith("x-")}

    assert keys([schema]) == forms.DOCUMENT.keys
    assert keys(types) == forms.TYPE.keys
    assert keys(members) == forms.MEMBER.keys
    assert keys(v for it in enums if isinstance(it, dict) for v in it.values()) == (
        forms.ENUM_VALUE.keys
    )
    assert keys(errors) == forms.ERROR.keys
    assert keys(services) == forms.SERVICE.keys
    assert keys(methods) == forms.METHOD.keys
    assert keys(m.get("returns") for m in methods) == forms.RESULT.keys
    examples = [e for it in methods for e in it.get("examples", {}).values()]
    assert keys(examples) == forms.EXAMPLE.keys
    words = set(re.findall(r"\w+", text))
    assert {*SCALARS, "list", "set", "map", "partial", "pick", "omit"} <= words
