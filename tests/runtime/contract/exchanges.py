"""Messages to a `Specified` service and their answers, for every wire that JSON-RPC has.

Answers are without `error.data`, which the specification leaves to servers.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple


class Exchange(NamedTuple):
    """What is sent, and the answer as decoded JSON; None is no answer at all."""

    name: str
    request: bytes
    answer: Any


def without_data(answer: bytes | None) -> Any:
    """Return an answer as exchanges have it."""
    if not answer:
        return None
    decoded = json.loads(answer)
    for one in decoded if isinstance(decoded, list) else [decoded]:
        if "error" in one:
            one["error"].pop("data", None)
    return decoded


def _called(name: str, request: str, answer: str) -> Exchange:
    """Return an example of the specification, its methods those of the service."""
    full = re.sub(
        r'("method": ")(subtract|update|sum|notify_\w+|get_data)"',
        r'\1spec.Examples.\2"',
        request,
    )
    return Exchange(name, full.encode(), json.loads(answer) if answer else None)


SPECIFICATION = [
    _called(
        "rpc call with positional parameters",
        '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
        '{"jsonrpc": "2.0", "result": 19, "id": 1}',
    ),
    _called(
        "rpc call with positional parameters, the other way round",
        '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
        '{"jsonrpc": "2.0", "result": -19, "id": 2}',
    ),
    _called(
        "rpc call with named parameters",
        '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
        '{"jsonrpc": "2.0", "result": 19, "id": 3}',
    ),
    _called(
        "rpc call with named parameters, the other way round",
        '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
        '{"jsonrpc": "2.0", "result": 19, "id": 4}',
    ),
    _called(
        "a Notification",
        '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}',
        "",
    ),
    _called(
        "a Notification of no method", '{"jsonrpc": "2.0", "method": "foobar"}', ""
    ),
    _called(
        "rpc call of non-existent method",
        '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
        '{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}',
    ),
    _called(
        "rpc call with invalid JSON",
        '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
        '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}',
    ),
    _called(
        "rpc call with invalid Request object",
        '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
        '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}',
    ),
    _called(
        "rpc call Batch, invalid JSON",
        """[
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
]""",
        '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}',
    ),
    _called(
        "rpc call with an empty Array",
        "[]",
        '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}',
    ),
    _called(
        "rpc call with an invalid Batch (but not empty)",
        "[1]",
        """[
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
]""",
    ),
    _called(
        "rpc call with invalid Batch",
        "[1,2,3]",
        """[
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
]""",
    ),
    _called(
        "rpc call Batch",
        """[
        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ]""",
        """[
        {"jsonrpc": "2.0", "result": 7, "id": "1"},
        {"jsonrpc": "2.0", "result": 19, "id": "2"},
        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
        {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
        {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
    ]""",
    ),
    _called(
        "rpc call Batch (all notifications)",
        """[
        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
    ]""",
        "",
    ),
]
"""Section 7 of https://www.jsonrpc.org/specification as it stands there."""

DONE = [
    ("update", (1, 2, 3, 4, 5)),
    ("notify_hello", (7,)),
    ("notify_sum", (1, 2, 4)),
    ("notify_hello", (7,)),
]
"""What the specification's notifications ask for, when all are sent in their order."""


def result(value: object, id: object = 1) -> dict[str, object]:
    return {"jsonrpc": "2.0", "result": value, "id": id}


PHRASES = {
    -32700: "Parse error",
    -32600: "Invalid Request",
    -32601: "Method not found",
    -32602: "Invalid params",
    -32603: "Internal error",
    -32005: "gone",
}


def error(code: int, id: object = 1) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "error": {"code": code, "message": PHRASES[code]},
        "id": id,
    }


def call(method: str, params: str = "{}", id: str = "1") -> str:
    return (
        f'{{"jsonrpc":"2.0","method":"spec.Examples.{method}",'
        f'"params":{params},"id":{id}}}'
    )


def notification(method: str, params: str = "{}") -> str:
    return call(method, params).replace(',"id":1', "")


def _calls(*rows: tuple[str, str, object]) -> list[Exchange]:
    return [Exchange(name, text.encode(), answer) for name, text, answer in rows]


REFUSED_IDS = ["true", "false", "[]", "[1]", "{}", '{"a":1}', "1e999", "9" * 5_000]
KEPT_IDS = ["null", "0", "-1", '""', '"a b"', "1.5", "9007199254740993", "1e3"]
SILENT = [
    notification("foobar"),
    notification("sum"),
    notification("sum", '[1,2,"3"]'),
    notification("sum", '{"a":1,"a":1}'),
    notification("lose"),
    notification("break"),
    notification("echo", "[1e999]"),
]
RESERVED_NAMES = ["rpc", "rpc.", "rpc.cover", "rpc.Examples.sum", "rpc.spec.Examples"]
HIDDEN_NAMES = [
    "not_in_the_schema",
    "secret",
    "done",
    "break_",
    "__init__",
    "__class__",
    "_abc_impl",
    "sum.__self__",
]

MIXED = [
    call("sum", "[1,2,4]", "true"),
    "null",
    notification("notify_sum", "[0,0,0]"),
    call("lose", id="0"),
    call("break", id="null"),
    call("sum", "[1]", "2"),
]

EDGES = _calls(
    *((f"id {id}", call("sum", "[1,2,4]", id), result(7, json.loads(id))) for id in KEPT_IDS),
    *((f"id {id[:9]}", call("sum", "[1,2,4]", id), error(-32600, None)) for id in REFUSED_IDS),
    *((f"silent {text}", text, None) for text in SILENT),
    ("all of them silent", f"[{','.join(SILENT)}]", None),
    *(
        (name, f'{{"jsonrpc":"2.0","method":"{name}","id":1}}', error(-32601))
        for name in RESERVED_NAMES
    ),
    *((name, call(name), error(-32601)) for name in HIDDEN_NAMES),
    ("by name", call("subtract", '{"subtrahend":1,"minuend":3}'), result(2)),
    ("by position", call("subtract", "[3,1]"), result(2)),
    ("too few by position", call("subtract", "[3]"), error(-32602)),
    ("too many by position", call("subtract", "[3,1,2]"), error(-32602)),
    ("params null", call("sum", "null"), error(-32600)),
    ("params a text", call("sum", '"abc"'), error(-32600)),
    ("without params", '{"jsonrpc":"2.0","method":"spec.Examples.get_data","id":1}',
     result(["hello", 5])),
    ("short name", '{"jsonrpc":"2.0","method":"Examples.get_data","id":1}',
     result(["hello", 5])),
    ("bare name", '{"jsonrpc":"2.0","method":"get_data","id":1}', error(-32601)),
    ("no version", '{"method":"spec.Examples.get_data","id":1}', error(-32600)),
    ("another version", '{"jsonrpc":"1.0","method":"spec.Examples.get_data","id":1}',
     error(-32600)),
    ("a declared error", call("lose"), error(-32005)),
    ("an error that nobody declared", call("break"), error(-32603)),
    ("an answer", '{"jsonrpc":"2.0","result":19,"id":1}', error(-32600)),
    ("nested batches", f"[[],[{call('get_data')}],{call('get_data')}]",
     [error(-32600, None), error(-32600, None), result(["hello", 5])]),
    ("a batch in a batch in a batch", "[[[]]]", [error(-32600, None)]),
    ("duplicate ids", f"[{call('sum', '[1,1,1]')},{call('sum', '[2,2,2]')}]",
     [result(3), result(6)]),
    ("500 long", f"[{','.join(call('sum', f'[{n},0,1]', str(n)) for n in range(500))}]",
     [result(n + 1, n) for n in range(500)]),
    ("1,000 long", f"[{','.join(call('get_data', id=str(n)) for n in range(1000))}]",
     [result(["hello", 5], n) for n in range(1000)]),
    ("1,001 long", f"[{','.join(call('get_data', id=str(n)) for n in range(1001))}]",
     error(-32600, None)),
    ("a million of nothing", f"[{'1,' * 1_000_000}1]", error(-32600, None)),
    ("a batch with white space", f" \n\t\r[ {call('get_data')}\n,\t{call('sum', '[1,2,4]')} ]\r\n",
     [result(["hello", 5]), result(7)]),
    ("a mixed batch",
     f"[{','.join(MIXED)}]",
     [error(-32600, None), error(-32600, None), error(-32005, 0), error(-32603, None),
      error(-32602, 2)]),
)  # fmt: skip

LONE = r"\ud800"
NO_JSON: list[tuple[str, bytes]] = [
    ("NaN", call("echo", "[NaN]").encode()),
    ("Infinity", call("echo", "[-Infinity]").encode()),
    ("a leading zero", call("echo", "[01]").encode()),
    ("a lone surrogate", call("echo", f'["{LONE}"]').encode()),
    ("a lone surrogate in a name", call("echo", f'{{"{LONE}":1}}').encode()),
    ("a lone surrogate in the method", call(LONE).encode()),
    ("a lone surrogate for an id", call("get_data", id=f'"{LONE}"').encode()),
    ("surrogates the wrong way round", call("echo", r'["\udc00\ud800"]').encode()),
    ("invalid UTF-8", call("echo", '["?"]').encode().replace(b"?", b"\xff")),
    ("a surrogate in UTF-8", call("echo", '["?"]').encode().replace(b"?", b"\xed\xa0\x80")),
    ("overlong UTF-8", call("echo", '["?"]').encode().replace(b"?", b"\xc0\xaf")),
    ("a control character", call("echo", '["\x01"]').encode()),
    ("trailing bytes", call("get_data").encode() + b"x"),
    ("two requests", call("get_data").encode() * 2),
    ("a trailing comma", b'{"jsonrpc":"2.0","method":"x","id":1,}'),
    ("a comment", call("get_data").encode() + b" // said"),
    ("4,000 brackets inside", call("echo", "[" * 4_000 + "]" * 4_000).encode()),
    ("objects inside objects", call("echo", '{"a":' * 4_000 + "1" + "}" * 4_000).encode()),
]  # fmt: skip
"""What is no JSON alone, and makes no JSON of a batch in which it is an entry."""

NO_MESSAGE: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("white space", b" \r\n"),
    ("half a request", call("get_data").encode()[:-9]),
    ("a NUL behind", call("get_data").encode() + b"\0"),
    ("UTF-16", call("get_data").encode("utf-16")),
    ("UTF-16 without a mark", call("get_data").encode("utf-16-le")),
    ("a byte order mark", call("get_data").encode("utf-8-sig")),
    ("100,000 brackets", b"[" * 100_000),
    ("100,000 pairs of brackets", b"[" * 100_000 + b"]" * 100_000),
    ("100,000 braces", b'{"a":' * 100_000),
    ("a batch that does not end", b"[" + call("get_data").encode()),
    ("a batch with trailing bytes", b"[1]]"),
    ("a batch with a trailing comma", b"[1,]"),
    ("a batch without a comma", b"[1 2]"),
    ("a batch with two commas", b"[1,,2]"),
]

TWICE = '{"jsonrpc":"2.0","method":"spec.Examples.get_data","id":1,'
NO_REQUEST: list[tuple[str, str, object]] = [
    ("a number out of range", call("echo", "[1e999]"), 1),
    ("a number far below range", call("echo", "[-1e999]"), 1),
    ("a number out of range by name", call("echo", '{"value":1e999}'), 1),
    ("a number out of range where an int is due", call("sum", "[1,2,1e400]"), 1),
    ("a number out of range deep inside", call("echo", '[{"a":[0,{"b":1e999}]}]'), 1),
    ("5,000 digits", call("echo", f"[{'9' * 5_000}]"), 1),
    ("5,000 digits where an int is due", call("sum", f"[1,2,{'9' * 5_000}]"), 1),
    ("309 digits", call("echo", f"[{'9' * 309}]"), 1),
    ("a number out of range for no method", call("foobar", "[1e999]"), 1),
    ("a number out of range beside params", TWICE + '"x":1e999}', 1),
    ("a param twice", call("sum", '{"a":1,"a":2,"b":3,"c":4}'), 1),
    ("a member twice deep inside", call("echo", '[[{"b":{"a":1,"a":1}}]]'), 1),
    ("a param twice for no method", call("foobar", '{"a":1,"a":2}'), 1),
    ("params twice", TWICE + '"params":[],"params":{}}', 1),
    ("the method twice", TWICE + '"method":"spec.Examples.lose"}', 1),
    ("the version twice", TWICE + '"jsonrpc":"2.0"}', 1),
    ("the id twice", TWICE + '"id":2}', None),
    ("a member twice beside params", TWICE + '"x":{"y":1,"y":1}}', 1),
]

PARSE_ERROR = error(-32700, None)
HOSTILE = [
    *(Exchange(name, body, PARSE_ERROR) for name, body in [*NO_JSON, *NO_MESSAGE]),
    *(
        Exchange(f"{name}, in a batch", b"[%b,%b]" % (call("get_data").encode(), body), PARSE_ERROR)
        for name, body in NO_JSON
    ),
    *_calls(*((name, text, error(-32600, id)) for name, text, id in NO_REQUEST)),
    *_calls(
        *(
            (f"{name}, in a batch", f"[{text},{call('get_data', id='2')}]",
             [error(-32600, id), result(["hello", 5], 2)])
            for name, text, id in NO_REQUEST
        )
    ),
]  # fmt: skip
"""JSON that means harm: a parse error or an invalid request, and the server lives."""

ALL = [*SPECIFICATION, *EDGES, *HOSTILE]
