"""Mistakes with iterators over pages: both checkers refuse each line that says so."""

from __future__ import annotations

from .pages.client import AsyncPagesClient, PagedClient, PagesClient


def wrong(client: PagesClient, other: PagedClient) -> None:
    client.iter_list_users()  # error: a param is missing
    client.iter_list_users("a", "b")  # error: an optional param by position
    client.iter_list_users("a", sizes=1)  # error: misspelt
    print(client.iter_list_users("a").items)  # error: of a page
    other.iter_ping()  # error: no pages
    name: str = next(client.iter_list_users("a"))  # error: it is a user
    print(name)


async def wrong_async(client: AsyncPagesClient) -> None:
    await client.iter_list_users("a")  # error: nothing to await
    next(client.iter_list_users("a"))  # error: `await anext`
    async for page in client.iter_list_users("a").pages():
        print(page.name)  # error: a page has no name
