"""Reads the `errors` and `services` sections."""

from __future__ import annotations

from collections.abc import Iterator

from idlgen.syntax import forms
from idlgen.syntax.keys import NO_ENTRIES
from idlgen.syntax.member_reader import MemberReader
from idlgen.syntax.nodes import (
    AuthDecl,
    ErrorDecl,
    ExampleDecl,
    MethodDecl,
    PaginationDecl,
    ResultDecl,
    ServiceDecl,
)
from idlgen.syntax.shapes import MEMBER_NAME, TYPE_NAME
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    MappingNode,
    Node,
    ScalarNode,
    is_null,
)


class ServiceReader(MemberReader):
    """What callers see: errors, services and their methods."""

    def errors(self, entry: Entry | None) -> Iterator[ErrorDecl]:
        for name, value in self.named(entry, "errors", TYPE_NAME):
            entries = self.entries(value, forms.ERROR)
            fields = entries.get("fields")
            self.missing(
                "status",
                forms.ERROR,
                value,
                name,
                f"error `{name.text}` has no status",
                "add `status:`, one of the RPC statuses such as `not_found`",
            )
            yield ErrorDecl(
                name=name,
                status=self.scalar(entries.get("status")),
                message=self.scalar(entries.get("message")),
                fields=[] if fields is None else self.members(fields.value, "fields"),
                notes=self.notes(entries),
            )

    def services(self, entry: Entry | None) -> Iterator[ServiceDecl]:
        for name, value in self.named(entry, "services", TYPE_NAME):
            entries = self.entries(value, forms.SERVICE)
            self.missing(
                "methods",
                forms.SERVICE,
                value,
                name,
                f"service `{name.text}` has no methods",
                "add `methods:`",
            )
            methods = self.methods(entries.get("methods"))
            errors = [*self.names(entries.get("errors"))]
            yield ServiceDecl(
                name, [*methods], errors, self.auth(entries), self.notes(entries)
            )

    def methods(self, entry: Entry | None) -> Iterator[MethodDecl]:
        for name, value in self.named(entry, "methods", MEMBER_NAME):
            entries = NO_ENTRIES
            if not is_null(value):
                entries = self.entries(value, forms.METHOD)
            params = entries.get("params")
            yield MethodDecl(
                name=name,
                params=[] if params is None else self.members(params.value, "params"),
                returns=self.result(entries.get("returns")),
                errors=[*self.names(entries.get("errors"))],
                readonly=self.flag(entries.get("readonly")),
                idempotent=self.flag(entries.get("idempotent")),
                timeout=self.seconds(entries.get("timeout")),
                auth=self.auth(entries),
                pagination=self.pagination(entries.get("paginate")),
                examples=[*self.examples(entries.get("examples"))],
                notes=self.notes(entries),
            )

    def auth(self, entries: dict[str, Entry]) -> AuthDecl:
        scopes = entries.get("scopes")
        return AuthDecl(
            kind=self.scalar(entries.get("auth")),
            scopes=None if scopes is None else [*self.names(scopes)],
        )

    def pagination(self, entry: Entry | None) -> PaginationDecl | None:
        if entry is None:
            return None
        if not isinstance(entry.value, MappingNode):
            return self.short_pagination(entry.value)
        entries = self.entries(entry.value, forms.PAGINATION)
        param = self.scalar(entries.get("param"))
        self.missing(
            "param",
            forms.PAGINATION,
            entry.value,
            entry.key,
            "`paginate` does not name the param that takes the cursor",
            "add `param:`",
        )
        if param is None:
            return None
        return PaginationDecl(
            param,
            self.scalar(entries.get("next")),
            self.scalar(entries.get("items")),
            self.extensions(entries),
        )

    def short_pagination(self, node: Node) -> PaginationDecl | None:
        if isinstance(node, ScalarNode) and not is_null(node):
            return PaginationDecl(node)
        self.shape(node, "`paginate`", "the name of a param or a map")
        return None

    def result(self, entry: Entry | None) -> ResultDecl | None:
        if entry is None:
            return None
        if not isinstance(entry.value, MappingNode):
            return ResultDecl(self.type_text(entry.value))
        entries = self.entries(entry.value, forms.RESULT)
        type_ = self.required_type(entries, entry.value, "returns")
        return ResultDecl(type_, self.extensions(entries))

    def examples(self, entry: Entry | None) -> Iterator[ExampleDecl]:
        for name, value in self.named(entry, "examples", None):
            entries = self.entries(value, forms.EXAMPLE)
            yield ExampleDecl(
                name,
                self.part(entries.get("params"), value),
                self.part(entries.get("returns"), value),
                self.notes(entries),
            )

    def part(self, entry: Entry | None, example: Node) -> Node | None:
        """Return the value of an example's key, an ErrorNode where it may be misspelt."""
        if entry is not None:
            return entry.value
        if not isinstance(example, MappingNode) or not example.complete:
            return ErrorNode(example.start, example.end)
        misspelt = next(self.unknown(example, forms.EXAMPLE), None)
        return misspelt and ErrorNode(misspelt.start, misspelt.end)
