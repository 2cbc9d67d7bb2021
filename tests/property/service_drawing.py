"""Draws errors and services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from msgspec import structs

from idlgen.model import (
    Auth,
    Error,
    Example,
    Field,
    ListType,
    Method,
    NamedType,
    NullableType,
    Pagination,
    Presence,
    Service,
    Status,
    StreamType,
    Struct,
    TypeRef,
)
from tests.property.build_drawing import BuildDrawing
from tests.property.drawing import NOWHERE
from tests.property.references import (
    bare,
    fields_of,
    is_nullable,
    names_in,
    plain,
    struct_behind,
)
from tests.property.words import member_name, scopes, texts, type_name

# Durations above zero, in seconds, and how to write them.
TIMEOUTS: Mapping[float, tuple[str, ...]] = {
    2.0: ("2s", "2000ms", "PT2S"),
    0.5: ("500ms", "0.5s", "PT0.5S"),
    5400.0: ("1h30m", "90m", "PT1H30M"),
}
_ALWAYS = (Presence.REQUIRED, Presence.DEFAULTED)


class ServiceDrawing(BuildDrawing):
    """What is drawn when all types are known; it stands in the package `home`."""

    def error(self) -> Error:
        taken = self.taken[self.home]
        name = self.fresh(type_name, taken)
        fields = self._with_examples(NamedType(self.home, name), set(), set())
        message = None
        if self.sometimes(60):
            pieces = [f"{{{field.name}}}" for field in fields]
            pieces += ["{{", "}}", "{{x}}", " a text ", "\n", '"', "\\"]
            message = "".join(self.pick(pieces) for _ in self.count(5))
        return Error(
            name=name,
            status=self.pick([*Status]),
            message=message,
            fields=fields,
            **self.notes(taken),
        )

    def _with_examples(
        self, owner: NamedType, taken: set[str], numbers: set[int]
    ) -> tuple[Field, ...]:
        members = self.members(owner, 3, taken, numbers)
        return tuple(self.with_example(owner, member) for member in members)

    def service(self, errors: Sequence[NamedType]) -> Service:
        taken = self.taken[self.home]
        name = self.fresh(type_name, taken)
        methods: set[str] = set()
        access = self._access()
        return Service(
            name=name,
            methods=tuple(
                self._method(name, errors, methods, access) for _ in self.count(3)
            ),
            **self.notes(taken),
        )

    def _access(self) -> tuple[Auth, tuple[str, ...]]:
        auth = self.pick([*Auth])
        if auth is Auth.NONE or self.sometimes(50):
            return auth, ()
        named = self.draw(st.lists(scopes, max_size=3, unique=True))
        return auth, tuple(named)

    def _method(
        self,
        service: str,
        errors: Sequence[NamedType],
        methods: set[str],
        access: tuple[Auth, tuple[str, ...]],
    ) -> Method:
        name = self.fresh(member_name, methods)
        owner = NamedType(self.home, f"{service}.{name}")
        taken, numbers = set[str](), set[int]()
        params = self._with_examples(owner, taken, numbers)
        returns = self.type() if self.sometimes(70) else None
        pagination = None
        kind = self.pick(("call", "call", "call", "stream", "pages"))
        if kind == "pages":
            page = self._page(owner, taken, numbers)
            if page is not None:
                returns, param, pagination = page
                params = (*params, param)
        elif kind == "stream":
            if self.sometimes(60):
                returns = StreamType(self.type())
            if self.sometimes(60):
                params = (*params, self._stream(owner, taken, numbers))
        raised = [error for error in errors if self.sometimes(30)]
        self.imported[self.home].update(error.package for error in raised)
        auth, named = access if self.sometimes(60) else self._access()
        method = Method(
            name=name,
            params=tuple(self.shuffled(params)),
            returns=returns,
            errors=tuple(raised),
            readonly=self.sometimes(50),
            idempotent=self.sometimes(50),
            timeout=self.pick([None, *TIMEOUTS]),
            auth=auth,
            scopes=named,
            pagination=pagination,
            **self.notes(methods),
        )
        return self._with_call(owner, method) if self.sometimes() else method

    def _stream(self, owner: NamedType, taken: set[str], numbers: set[int]) -> Field:
        stream = StreamType(self.type())
        required = Presence.REQUIRED
        field = self.member_of(owner, stream, required, taken, numbers)
        return self.with_example(owner, field)

    def _with_call(self, owner: NamedType, method: Method) -> Method:
        result = None
        if method.returns is not None:
            result = self.draw(self.values.of(method.returns))
        example = Example(
            name=self.draw(texts),
            params=self.draw(self.values.object(owner, method.params)),
            returns=result,
            doc=self.draw(texts) if self.sometimes(50) else None,
            span=NOWHERE,
        )
        return structs.replace(method, examples=(example,))

    # --- pages ----------------------------------------------------------------------

    def _page(
        self, owner: NamedType, taken: set[str], numbers: set[int]
    ) -> tuple[TypeRef, Field, Pagination] | None:
        """Draw a struct that can be a page and the param that asks for the next."""
        pages = [
            name
            for name in self.visible(0, anything=False)
            if all(self._parts(name, unfilled=True))
        ]
        if not pages:
            return None
        page = self.use(self.pick(pages))
        items, following = map(self.pick, self._parts(page))
        cursor = plain(following.type, self.types)
        if any(
            name in self.unnamed and name.package != self.home
            for name in names_in(cursor)
        ):
            return None
        self.imported[self.home].update(name.package for name in names_in(cursor))
        presence = Presence.OPTIONAL
        if self.sometimes(30):
            cursor = NullableType(cursor)
            presence = self.pick((Presence.REQUIRED, Presence.PATCH))
        param = self.member_of(owner, cursor, presence, taken, numbers)
        pagination = Pagination(param=param.name, next=following.name, items=items.name)
        return page, param, pagination

    def _parts(
        self, page: NamedType, *, unfilled: bool = False
    ) -> tuple[list[Field], list[Field]]:
        """Return the fields that can be a page's items, and those that can be its next."""
        behind = struct_behind(page, self.types)
        if behind is None:
            return [], []
        struct = self.types[bare(behind)]
        assert isinstance(struct, Struct)
        fields = struct.fields if unfilled else fields_of(behind, self.types)
        items, following = [], []
        for field in fields:
            is_always = field.presence in _ALWAYS
            if not is_always or is_nullable(field.type, self.types):
                following.append(field)
            elif isinstance(plain(field.type, self.types), ListType):
                items.append(field)
        return items, following
