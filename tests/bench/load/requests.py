"""What is sent to a server under load, and what it must answer."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

METHOD = "user.UserService.getUserById"
TOKEN = "a-token-as-long-as-most-are-0123456789"
CALL = json.dumps({"jsonrpc": "2.0", "method": METHOD, "params": {"id": 1}, "id": 1})
PLAIN = json.dumps({"id": 1})
HEADERS = {
    "Content-Type": "application/json",
    "Idlgen-Timeout-Ms": "60000",
    "Authorization": f"Bearer {TOKEN}",
}
"""What a client of idlgen sends; all servers get the same."""


def script(folder: Path, body: str) -> Path:
    """Write what makes wrk send `body`; return the file."""
    lines = ['wrk.method = "POST"', f"wrk.body = [==[{body}]==]"]
    lines += [f'wrk.headers["{name}"] = "{text}"' for name, text in HEADERS.items()]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(body)}.lua"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answer(port: str, body: str) -> bytes:
    """Return what the server answers to one request."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/rpc", body.encode(), HEADERS
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        content: bytes = response.read()
    return content
