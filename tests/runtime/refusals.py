"""What a codec says of a JSON text that it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from idlgen.runtime.codec import Codec
from idlgen.runtime.refusals import Refused
from idlgen.runtime.validation.members import scan


def refusal(codec: Codec[Any], text: str, *, strictly: bool = True) -> list[Any]:
    """Return the problems, each as a tuple; `strictly` is how a server decodes."""

    def decode() -> object:
        if strictly:
            return codec.decode_strictly(text.encode(), scan(text).tree)
        return codec.decode(text.encode())

    with pytest.raises(Refused) as caught:
        decode()
    return [tuple(problem) for problem in caught.value.problems]
