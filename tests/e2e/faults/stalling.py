"""A server that says half of what it has to say, then nothing: prints its port.

By what a request wants, it says half a response, half an event or half a frame.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from base64 import b64encode
from contextlib import suppress
from hashlib import sha1
from typing import BinaryIO

HALF_A_RESPONSE = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n"
    b'{"jsonrpc":"2.0",'
)
HALF_AN_EVENT = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
    b'40\r\ndata: {"jsonrpc":"2.0",'
)
# A text of 99 bytes.
HALF_A_FRAME = b'\x81\x63{"jsonrpc":"2.0",'

# RFC 6455, section 1.3.
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def read_head(stream: BinaryIO) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    return head


def handle(connection: socket.socket) -> None:
    with suppress(OSError), connection, connection.makefile("rb") as stream:
        head = read_head(stream)
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if key is not None:
            accept = b64encode(sha1(key[1] + GUID).digest())
            connection.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                b"connection: upgrade\r\nsec-websocket-protocol: idlgen.1\r\n"
                b"sec-websocket-accept: %b\r\n\r\n" % accept
            )
            # The head of the frame that brings the call.
            stream.read(2)
            connection.sendall(HALF_A_FRAME)
        elif length is not None:
            method = json.loads(stream.read(int(length[1])))["method"]
            is_stream = method.endswith("watch")
            connection.sendall(HALF_AN_EVENT if is_stream else HALF_A_RESPONSE)
        # Until the client goes away.
        while stream.read1(65536):
            pass


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=handle, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
