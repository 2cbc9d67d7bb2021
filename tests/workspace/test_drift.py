from __future__ import annotations

import pytest

from idlgen.targets import Comment
from idlgen.workspace.drift import State, judge
from idlgen.workspace.stamping import GeneratedFile
from idlgen.workspace.stamps import Digests, Stamp, compose, digest

OLD, NEW = "a" * 12, "b" * 12


def generated(body: str, *, shared: bool = False) -> GeneratedFile:
    return GeneratedFile(
        path="user/types.py",
        target="python",
        stamp=Stamp("user.yaml", Digests(NEW, NEW, digest(body.encode()))),
        header=on_disk("", NEW, NEW, body),
        body=body.encode(),
        shared=shared,
    )


def on_disk(body: str, schema: str, target: str, stamped: str | None = None) -> bytes:
    """Return a file whose digest is that of `stamped`, or of its own body."""
    own = digest((body if stamped is None else stamped).encode())
    stamp = Stamp("user.yaml", Digests(schema, target, own))
    return (compose(stamp, Comment.HASH) + body).encode()


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (None, State.MISSING),
        (b"", State.NOT_OURS),
        (b"new\n", State.NOT_OURS),
        (on_disk("new\n", NEW, NEW), State.CLEAN),
        (on_disk("new\n", NEW, NEW).replace(b"\n", b"\r\n"), State.CLEAN),
        # Equal text is clean whatever the digests say ...
        (on_disk("new\n", OLD, OLD), State.CLEAN),
        # ... unless somebody's hand was in it.
        (on_disk("new\n", NEW, NEW, stamped="old\n"), State.EDITED),
        (on_disk("mine\n", NEW, NEW, stamped="new\n"), State.EDITED),
        (on_disk("mine\n", OLD, OLD, stamped="old\n"), State.EDITED),
        (on_disk("old\n", OLD, NEW), State.SCHEMA),
        (on_disk("old\n", NEW, OLD), State.TARGET),
        (on_disk("old\n", OLD, OLD), State.BOTH),
        (on_disk("old\n", NEW, NEW), State.UNEXPLAINED),
    ],
)
def test_the_table(data: bytes | None, state: State) -> None:
    assert judge(generated("new\n"), data) is state


def test_a_hand_written_file_may_stand_for_a_shared_one() -> None:
    assert judge(generated("", shared=True), b"import os\n") is State.HAND_WRITTEN
    assert not State.HAND_WRITTEN.is_drift
    assert judge(generated("", shared=True), None) is State.MISSING
