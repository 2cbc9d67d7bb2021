"""What users write with iterators over pages; both type checkers accept it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from idlgen.runtime import AsyncPaged, CallOptions, Paged

from .events import types as events
from .pages.client import AsyncPagesClient, PagedClient, PagesClient
from .pages.types import Log, Mark, Page, Part, User, Users


def every(client: PagesClient) -> list[str]:
    users = client.iter_list_users("a", size=3, tags=["b"], options=CallOptions())
    assert_type(users, Paged[User, Users])
    plain: Iterator[User] = users
    assert_type(next(users), User)
    for user in users:
        assert_type(user, User)
    for page in client.iter_list_users(team="a", cursor="1").pages():
        assert_type(page, Page[User])
        assert_type(page.next, str | None)
    return [user.name for user in plain]


def of_each_kind(client: PagesClient) -> Iterator[str | None]:
    assert_type(client.iter_batch(options_="1"), Paged[int, Page[int]])
    assert_type(next(client.iter_class()), Part)
    assert_type(next(client.iter_list()), list[int])
    assert_type(
        client.iter_events(), Paged[events.UserEvent, events.Page[events.UserEvent]]
    )
    log = client.with_options(timeout=1).iter_log(Mark(1))
    assert_type(log, Paged[str | None, Log])
    yield from log


async def every_async(client: AsyncPagesClient) -> list[str]:
    users = client.iter_list_users("a", size=3, options=CallOptions())
    assert_type(users, AsyncPaged[User, Users])
    plain: AsyncIterator[User] = users
    async for user in users:
        assert_type(user, User)
    async for page in client.iter_log(None).pages():
        assert_type(page, Log)
    return [user.name async for user in plain]


def of_another_service(client: PagedClient) -> None:
    client.ping()
