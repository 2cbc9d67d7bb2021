"""The codecs of one method: its params as callers write and servers read them, its result."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar

from msgspec import NODEFAULT, UNSET, Raw, Struct, defstruct, json, structs

from idlgen.runtime.codec import Codec
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Problem, RpcError, declared_name
from idlgen.runtime.refusals import Refused
from idlgen.runtime.validation.members import read_shape

T = TypeVar("T")


class MethodCodec(Generic[T]):
    """What is decided once a method; each part is made when it is first used."""

    def __init__(self, method: Method[T]) -> None:
        self._method = method
        self.errors: dict[str, type[RpcError]] = {
            declared_name(error): error for error in method.errors
        }

    @cached_property
    def _params(self) -> Codec[Struct]:
        return Codec(self._method.params)

    @cached_property
    def _result(self) -> Codec[T]:
        return Codec(self._method.returns)

    def encode_params(self, params: Struct) -> bytes:
        """Return the params' JSON, without those that equal their defaults.

        Raises:
            Refused: a param does not fit its type.
        """
        return self._params.encode_checked(self._without_defaults(params))

    @cached_property
    def _sent_item(self) -> Codec[object]:
        stream = self._method.stream_param
        return Codec(None if stream is None else stream.item)

    def encode_sent_item(self, item: object) -> bytes:
        """Return the JSON of an item of the param that is a stream.

        Raises:
            Refused: it does not fit its type.
        """
        return self._sent_item.encode_checked(item)

    def decode_sent_item(self, source: Raw) -> object:
        """Return the item, which is refused for all that a param is refused for.

        Raises:
            Refused: it does not fit its type.
        """
        try:
            scanned = read_shape(bytes(source))
        except (ValueError, RecursionError) as error:
            raise Refused([Problem("$", str(error))]) from None
        if scanned.fault is not None:
            otherwise = Problem("$", scanned.fault)
            raise Refused(self._sent_item.explain(source, otherwise))
        return self._sent_item.decode_strictly(source, scanned.tree)

    def has_params(self, source: bytes, params: Struct) -> bool:
        """Return whether the JSON `source` stands for the same call as `params`."""
        return self._without_defaults(self._params.decode(source)) == (
            self._without_defaults(params)
        )

    def decode_result(self, source: Raw) -> T:
        """Return the result, or one of its items where it is a stream.

        Where the method has no result, whatever was answered is None.

        Raises:
            Refused: it does not fit its type.
        """
        if self._method.returns is None:
            return self._result.decode(Raw(b"null"))
        return self._result.decode(source)

    @property
    def plain_result(self) -> object | None:
        """The type of the result, where msgspec alone tells what fits it; else None."""
        return self._method.returns if self._result.is_plain else None

    @cached_property
    def _received(self) -> Codec[Struct]:
        """The params with unknown names refused, which generated structs allow."""
        params = self._method.params
        strict = defstruct(
            params.__name__,
            [],
            bases=(params,),
            module=params.__module__,
            forbid_unknown_fields=True,
        )
        return Codec(strict)

    def decode_params(self, source: bytes | Raw, tree: object) -> dict[str, object]:
        """Return the keyword arguments of the handler, defaults filled in.

        `tree` is what `members.scan` returned for `source`.

        Raises:
            Refused: a param is unknown, missing or does not fit its type.
        """
        keywords = structs.asdict(self._received.decode_strictly(source, tree))
        for name, make in self._method.defaults.items():
            if keywords[name] is UNSET:
                keywords[name] = make()
        return keywords

    def explain_params(self, source: bytes | Raw, otherwise: Problem) -> list[Problem]:
        """Return all problems of params that were refused for `otherwise`."""
        return self._received.explain(source, otherwise)

    @cached_property
    def positions(self) -> list[bytes]:
        """The params' names on the wire, each as JSON, in the order of their places."""
        return [
            json.encode(field.encode_name)
            for field in structs.fields(self._method.params)
        ]

    def encode_result(self, result: T, *, check: bool) -> bytes:
        """Return the JSON of the result, or of one of its items where it is a stream.

        What is not even a struct or a list where the result is one is always refused;
        what stands inside is looked at if `check` is true.

        Raises:
            Refused: it does not fit its type.
        """
        if self._method.returns is None:
            return b"null"
        codec = self._result
        if check or not isinstance(result, codec.outer_classes):
            return codec.encode_checked(result)
        return codec.encode(result)

    def _without_defaults(self, params: Struct) -> Struct:
        """Return the params with the default itself where a value equals it.

        msgspec leaves out what is identical to its default, not what equals it.
        """
        if not (self._defaults or self._method.defaults):
            return params
        changed = {
            name: default
            for name, default in self._defaults
            if (value := getattr(params, name)) is not default
            and type(value) is type(default)
            and value == default
        }
        changed |= {
            name: UNSET
            for name, make in self._method.defaults.items()
            if getattr(params, name) == make()
        }
        return structs.replace(params, **changed) if changed else params

    @cached_property
    def _defaults(self) -> list[tuple[str, object]]:
        return [
            (field.name, field.default)
            for field in structs.fields(self._method.params)
            if field.default not in (None, UNSET, NODEFAULT)
        ]


_CODECS: dict[Method[Any], MethodCodec[Any]] = {}


def method_codec(method: Method[T]) -> MethodCodec[T]:
    """Return the codec of the method, made once; methods live as long as their module."""
    codec = _CODECS.get(method)
    if codec is None:
        codec = _CODECS.setdefault(method, MethodCodec(method))
    return codec
