"""What streams are in generated Python: signatures, descriptors and fakes."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from idlgen.compiler import Outcome

Compiled = Callable[..., Outcome]

TEXT = """
    types:
      Event: {union: {made: int, gone: null}}
    services:
      Events:
        methods:
          watch:
            params: {since: int?}
            returns: stream<Event>
            examples: {one: {returns: [{type: gone}]}}
          send:
            params: {events: {type: stream<Event>, wire: e}, id: int}
            returns: int
            examples: {two: {params: {events: [{type: gone}], id: 1}, returns: 1}}
          chat: {params: {lines: stream<string>}, returns: stream<string | null>}
          latest: {returns: Event}
    """


@pytest.fixture
def files(compiled: Compiled) -> dict[str, str]:
    outcome = compiled({"user": TEXT})
    assert outcome.diagnostics == ()
    return {file.path: file.body for file in outcome.files}


def code(text: str, depth: int) -> str:
    """Return code as it stands in a file, `depth` levels deep."""
    lines = dedent(text).strip("\n").splitlines()
    return "".join(f"{'    ' * depth}{line}".rstrip() + "\n" for line in lines)


CLIENT = [
    """
    def watch(
        self, *, since: int | None = None, options: CallOptions | None = None
    ) -> ResultStream[types.Event]:
        return self._idl_channel.stream(
            _service.EVENTS_WATCH,
            _service.EventsWatchParams(since=since),
            options,
        )

    def send(
        self,
        events: Iterable[types.Event],
        id: int,
        *,
        options: CallOptions | None = None,
    ) -> int:
        return self._idl_channel.client_stream(
            _service.EVENTS_SEND,
            _service.EventsSendParams(id=id),
            events,
            options,
        )

    def chat(
        self, lines: Iterable[str], *, options: CallOptions | None = None
    ) -> ResultStream[str | None]:
        return self._idl_channel.two_way_stream(
            _service.EVENTS_CHAT,
            _service.EventsChatParams(),
            lines,
            options,
        )
    """,
    """
    def watch(
        self, *, since: int | None = None, options: CallOptions | None = None
    ) -> AsyncResultStream[types.Event]:
        return self._idl_channel.stream(
            _service.EVENTS_WATCH,
            _service.EventsWatchParams(since=since),
            options,
        )

    async def send(
        self,
        events: AsyncIterable[types.Event] | Iterable[types.Event],
        id: int,
        *,
        options: CallOptions | None = None,
    ) -> int:
        return await self._idl_channel.client_stream(
            _service.EVENTS_SEND,
            _service.EventsSendParams(id=id),
            events,
            options,
        )

    def chat(
        self,
        lines: AsyncIterable[str] | Iterable[str],
        *,
        options: CallOptions | None = None,
    ) -> AsyncResultStream[str | None]:
        return self._idl_channel.two_way_stream(
            _service.EVENTS_CHAT,
            _service.EventsChatParams(),
            lines,
            options,
        )
    """,
]
SERVER = """
    def watch(
        self, *, since: int | None = None
    ) -> AsyncIterable[types.Event] | Iterable[types.Event]: ...

    def send(
        self, events: ParamStream[types.Event], id: int
    ) -> int | Awaitable[int]: ...

    def chat(
        self, lines: ParamStream[str]
    ) -> AsyncIterable[str | None] | Iterable[str | None]: ...
    """
DESCRIPTORS = """
    EVENTS_WATCH = Method[types.Event](
        "user.Events.watch",
        handler="watch",
        params=EventsWatchParams,
        returns=types.Event,
        stream_result=True,
    )
    EVENTS_SEND = Method[int](
        "user.Events.send",
        handler="send",
        params=EventsSendParams,
        returns=Int53,
        stream_param=StreamParam("events", types.Event),
    )
    EVENTS_CHAT = Method[str | None](
        "user.Events.chat",
        handler="chat",
        params=EventsChatParams,
        returns=str | None,
        stream_param=StreamParam("lines", str),
        stream_result=True,
    )
    """
EXAMPLES = """
        CannedCall(
            _service.EVENTS_WATCH,
            name="one",
            params="{}",
            returns='[{"type": "gone"}]',
        ),
        CannedCall(
            _service.EVENTS_SEND,
            name="two",
            params='{"id": 1}',
            items='[{"type": "gone"}]',
            returns="1",
        ),
    """
FAKE = """
    def watch(self, *, since: int | None = None) -> list[types.Event]:
        return self._idl_stream(
            _service.EVENTS_WATCH,
            _service.EventsWatchParams(since=since),
        )

    async def send(self, events: ParamStream[types.Event], id: int) -> int:
        return await self._idl_client_stream(
            _service.EVENTS_SEND,
            _service.EventsSendParams(id=id),
            events,
        )

    def chat(self, lines: ParamStream[str]) -> AsyncIterator[str | None]:
        return self._idl_two_way_stream(
            _service.EVENTS_CHAT,
            _service.EventsChatParams(),
            lines,
        )
    """


@pytest.mark.parametrize(
    ("module", "depth", "text"),
    [
        ("client", 1, CLIENT[0]),
        ("client", 1, CLIENT[1]),
        ("server", 1, SERVER),
        ("_service", 0, DESCRIPTORS),
        ("testing", 2, EXAMPLES),
        ("testing", 1, FAKE),
    ],
)
def test_methods_that_stream_are_there_in_each_module(
    files: dict[str, str], module: str, depth: int, text: str
) -> None:
    assert code(text, depth) in files[f"user/{module}.py"]


def test_a_stream_is_no_field_of_the_params(files: dict[str, str]) -> None:
    params = files["user/_service.py"].split("class EventsSendParams")[1]
    assert params.split("\n\n")[0].splitlines()[1:] == ["    id: Int53"]


def test_what_streams_counts_where_names_meet(compiled: Compiled) -> None:
    text = "services: {S: {methods: {getX: {returns: stream<int>}, get_x: {}}}}"
    assert [d.code for d in compiled({"user": text}).diagnostics] == ["IDL401"]
