"""The messages of the two methods that the bench calls, as one writes them by hand."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from generated_examples.user.types import User
from tests.runtime.contract.feed.types import EventIdle, EventPosted, EventRemoved

GET_USER = "user.UserService.getUserById"
WATCH = "feed.Feed.watch"
Event: TypeAlias = EventPosted | EventRemoved | EventIdle


class Params(Struct, omit_defaults=True):
    """The params of either method."""

    id: int = 0
    topic: str = ""
    limit: int = 0


class Request(Struct):
    """A request of JSON-RPC."""

    id: int
    method: str
    params: Params
    jsonrpc: str = "2.0"


class Answer(Struct):
    """An answer to `GET_USER`."""

    id: int
    result: User
    jsonrpc: str = "2.0"


class ItemParams(Struct):
    """One item of the stream of a call."""

    id: int
    item: Event


class Item(Struct):
    """The notification that brings an item."""

    params: ItemParams
    method: str = "$/item"
    jsonrpc: str = "2.0"


encode = Encoder().encode
decode_request = Decoder(Request).decode
decode_answer = Decoder(Answer).decode
decode_item = Decoder(Item).decode
