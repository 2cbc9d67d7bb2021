from __future__ import annotations

from collections.abc import Callable

from idlgen.compiler import Outcome

Compiled = Callable[..., Outcome]

TEXT = """
    types:
      Event: {union: {made: int, gone: null}}
    services:
      Events:
        methods:
          watch: {returns: stream<Event>}
          send: {params: {events: stream<Event>}, returns: int}
          chat: {params: {lines: stream<string>}, returns: stream<string>}
          latest: {returns: Event}
      OnlyStreams:
        methods:
          all: {returns: stream<int>}
    """


def test_each_method_that_streams_is_left_out_with_a_warning(
    compiled: Compiled,
) -> None:
    outcome = compiled({"user": TEXT})
    assert [(d.code, d.severity, d.message) for d in outcome.diagnostics] == [
        (
            "IDL405",
            "warning",
            f"`{method}` streams, so the Python client and server are without it",
        )
        for method in ("Events.watch", "Events.send", "Events.chat", "OnlyStreams.all")
    ]
    files = {file.path: file.body for file in outcome.files}
    for name in ("_service", "client", "server", "testing"):
        body = files[f"user/{name}.py"]
        assert "latest" in body
        assert not any(word in body for word in ("watch", "send", "chat", "def all("))


def test_what_is_left_is_python(compiled: Compiled) -> None:
    for file in compiled({"user": TEXT}).files:
        if file.path.endswith(".py"):
            compile(file.body, file.path, "exec")


def test_methods_that_stream_count_where_names_meet(compiled: Compiled) -> None:
    text = "services: {S: {methods: {getX: {returns: stream<int>}, get_x: {}}}}"
    codes = {found.code for found in compiled({"user": text}).diagnostics}
    assert codes == {"IDL401", "IDL405"}
