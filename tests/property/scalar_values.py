"""Random values of each scalar, as the JSON that the model and the wire have for them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone

from hypothesis import strategies as st

from idlgen.model import Scalar
from tests.property.words import CHARACTERS, texts

RANGES: Mapping[Scalar, tuple[int, int]] = {
    Scalar.INT: (-(2**53) + 1, 2**53 - 1),
    Scalar.INT32: (-(2**31), 2**31 - 1),
    Scalar.UINT32: (0, 2**32 - 1),
    Scalar.INT64: (-(2**63), 2**63 - 1),
    Scalar.UINT64: (0, 2**64 - 1),
}
# A duration as the model has it, and other ways to write it.
DURATIONS: Mapping[str, tuple[str, ...]] = {
    "PT0S": ("0s", "PT0S", "0ms", "0d"),
    "PT2S": ("2s", "2000ms", "PT2S", "2.0s"),
    "PT0.5S": ("500ms", "0.5s", "PT0.5S"),
    "PT1H30M": ("1h30m", "90m", "PT90M", "PT1H30M"),
    "P1DT1H": ("1d1h", "25h", "P1DT1H"),
    "P7D": ("7d", "P1W", "P7D"),
    "PT0.000001S": ("0.000001s", "PT0.000001S"),
    "P365000D": ("365000d", "P365000D"),
}

_OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
_DATETIMES = st.datetimes(timezones=st.one_of(st.just(UTC), _OFFSETS)).map(
    lambda value: value.isoformat().replace("+00:00", "Z")
)


def integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(low, high), st.sampled_from((low, high, 0, 1)))


json_values: st.SearchStrategy[object] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        texts,
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(texts, inside, max_size=3)
    ),
    max_leaves=6,
)
"""Whatever JSON can say."""

SCALAR_VALUES: Mapping[Scalar, st.SearchStrategy[object]] = {
    **{scalar: integers(*bounds) for scalar, bounds in RANGES.items()},
    Scalar.BOOL: st.booleans(),
    Scalar.FLOAT: st.floats(allow_nan=False, allow_infinity=False),
    Scalar.FLOAT32: st.floats(allow_nan=False, allow_infinity=False, width=32),
    Scalar.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False).map(str),
    Scalar.STRING: st.one_of(texts, st.text(CHARACTERS, max_size=4)),
    Scalar.BYTES: st.binary(max_size=6).map(lambda value: b64encode(value).decode()),
    Scalar.DATETIME: _DATETIMES,
    Scalar.DATE: st.dates().map(str),
    Scalar.TIME: st.times().map(str),
    Scalar.DURATION: st.sampled_from([*DURATIONS]),
    Scalar.UUID: st.uuids().map(str),
    Scalar.ANY: json_values,
}
