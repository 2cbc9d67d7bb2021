"""Values of one type to JSON.

msgspec encodes; NaN, which it would write as null, and sets, which have no order, are
looked for only where the type can hold them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice

import msgspec
from msgspec import Struct, inspect

from idlgen.runtime.errors import Problem
from idlgen.runtime.refusals import TOO_DEEP, NotFinite, Refused
from idlgen.runtime.unions import encode_unknown
from idlgen.runtime.validation.branches import Branches
from idlgen.runtime.validation.findings import MAX_PROBLEMS
from idlgen.runtime.validation.finite import non_finite, number_branches
from idlgen.runtime.validation.sets import set_branches, with_sorted_sets


class Encoder:
    """Writes values that are trusted to be what `node` describes."""

    def __init__(self, node: inspect.Type) -> None:
        self._node = node
        self._encoder = msgspec.json.Encoder(enc_hook=encode_unknown)
        self._numbers = number_branches(node) or None
        self._sets = set_branches(node) or None
        self.encode: Callable[[object], bytes] = self.encode_unlooked
        """Returns the JSON of a value, sets sorted by the text of their elements.

        Raises `NotFinite` where it holds NaN or an infinity, `Refused` where it holds
        what has no JSON at all.
        """
        if self._numbers is not None:
            self.encode = partial(self._encode_finite, self._numbers)

    def _encode_finite(self, numbers: Branches, value: object) -> bytes:
        try:
            problems = list(
                islice(non_finite(numbers, self._node, value), MAX_PROBLEMS)
            )
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        if problems:
            raise NotFinite(problems)
        return self.encode_unlooked(value)

    def encode_unlooked(self, value: object) -> bytes:
        """Return the JSON of `value` with null for NaN, and its text for a decimal's.

        Raises:
            Refused: it holds what has no JSON at all.
        """
        try:
            if self._sets is not None:
                value = with_sorted_sets(self._sets, self._node, value)
            return self._encoder.encode(value)
        except RecursionError:
            raise Refused([TOO_DEEP]) from None
        except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
            raise Refused([Problem(self._place(value), str(error))]) from error

    def _place(self, value: object) -> str:
        """Return the path of the first member that cannot be encoded by itself."""
        if isinstance(value, Struct) and isinstance(self._node, inspect.StructType):
            for field in self._node.fields:
                try:
                    self._encoder.encode(getattr(value, field.name, None))
                except (TypeError, ValueError, OverflowError, msgspec.MsgspecError):
                    return f"$.{field.encode_name}"
        return "$"
