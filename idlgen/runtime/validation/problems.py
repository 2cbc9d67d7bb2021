"""Everything that is wrong with a refused value: msgspec stops at the first.

The walk runs only after a refusal and is bounded, for a refused value is often an
attack: at most 50 problems, 100,000 nodes, 64 levels.
"""

from __future__ import annotations

from contextlib import suppress

from msgspec import inspect

from idlgen.runtime.enums import OpenEnum
from idlgen.runtime.errors import Problem
from idlgen.runtime.suggest import shown, suggestion
from idlgen.runtime.validation.branches import SEQUENCES, SETS, member_path
from idlgen.runtime.validation.members import Members, read_tree
from idlgen.runtime.validation.scalars import ScalarReader, json_kind

MAX_PROBLEMS = 50
MAX_NODES = 100_000
MAX_DEPTH = 64


def find_problems(
    text: str, node: inspect.Type, *, refuse_unknown: bool
) -> list[Problem]:
    """Return what keeps the JSON `text` from being a `node`, in the type's order.

    `refuse_unknown` says whether texts that an open enum does not know are wrong. The
    list may be empty though msgspec refused: the bounds were hit, or `text` is no JSON.
    """
    try:
        tree = read_tree(text)
    except (ValueError, RecursionError):
        return []
    walk = _Walk(refuse_unknown=refuse_unknown)
    with suppress(_Enough):
        walk.visit(node, tree, "$", 0)
    return walk.problems


class _Enough(Exception):
    """The bounds of the walk are reached."""


class _Walk:
    """Visits a tree of `read_tree` beside the description of its type."""

    def __init__(self, *, refuse_unknown: bool) -> None:
        self.problems: list[Problem] = []
        self._refuse_unknown = refuse_unknown
        self._scalars = ScalarReader()
        self._nodes = 0

    def visit(self, node: inspect.Type, value: object, path: str, depth: int) -> object:
        """Add the problems of `value`; return what it decodes to, if it is a scalar."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _Enough
        if depth > MAX_DEPTH:
            return None
        match node:
            case inspect.StructType():
                self._visit_struct(node, value, path, depth)
            case inspect.DictType():
                self._visit_map(node, value, path, depth)
            case inspect.UnionType():
                return self._visit_union(node, value, path, depth)
            case inspect.AnyType():
                self._visit_any(value, path, depth)
            case inspect.EnumType():
                return self._visit_enum(node, value, path)
            case _ if isinstance(node, SEQUENCES):
                self._visit_sequence(node, value, path, depth)
            case _:
                scalar = self._scalars.read(node, value)
                for message in scalar.messages:
                    self._add(path, message)
                return scalar.value
        return None

    def _add(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))
        if len(self.problems) == MAX_PROBLEMS:
            raise _Enough

    def _expected(self, kind: str, value: object, path: str) -> None:
        self._add(path, f"Expected `{kind}`, got `{json_kind(value)}`")

    def _unique(self, members: Members, path: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in members:
            if name in found:
                self._add(member_path(path, name), "Member is written twice")
            found[name] = value
        return found

    def _visit_struct(
        self, node: inspect.StructType, value: object, path: str, depth: int
    ) -> None:
        if not isinstance(value, Members):
            self._expected("object", value, path)
            return
        members = self._unique(value, path)
        for field in node.fields:
            at = member_path(path, field.encode_name)
            if field.encode_name in members:
                self.visit(field.type, members.pop(field.encode_name), at, depth + 1)
            elif field.required:
                self._add(at, "Missing")
        members.pop(node.tag_field or "", None)
        if node.forbid_unknown_fields:
            known = [field.encode_name for field in node.fields]
            for name in members:
                message = f"Unknown name {shown(name)}{suggestion(name, known)}"
                self._add(member_path(path, name), message)

    def _visit_map(
        self, node: inspect.DictType, value: object, path: str, depth: int
    ) -> None:
        if not isinstance(value, Members):
            self._expected("object", value, path)
            return
        members = self._unique(value, path)
        keys: set[object] = set()
        for name, item in members.items():
            at = member_path(path, name)
            key = self._scalars.read_key(node.key_type, name)
            for message in key.messages:
                self._add(at, message)
            if not key.messages:
                if key.value in keys:
                    self._add(at, "Key is written twice")
                keys.add(key.value)
            self.visit(node.value_type, item, at, depth + 1)
        self._visit_length(node, len(members), path)

    def _visit_sequence(
        self, node: inspect.Type, value: object, path: str, depth: int
    ) -> None:
        assert isinstance(node, SEQUENCES)
        if not isinstance(value, list) or isinstance(value, Members):
            self._expected("array", value, path)
            return
        first: dict[object, int] = {}
        for index, item in enumerate(value):
            at = f"{path}[{index}]"
            before = len(self.problems)
            element = self.visit(node.item_type, item, at, depth + 1)
            if isinstance(node, SETS) and len(self.problems) == before:
                if element in first:
                    self._add(at, f"Repeats `{path}[{first[element]}]`")
                first.setdefault(element, index)
        self._visit_length(node, len(value), path)

    def _visit_length(self, node: inspect.Type, length: int, path: str) -> None:
        assert isinstance(node, (*SEQUENCES, inspect.DictType))
        kind = "object" if isinstance(node, inspect.DictType) else "array"
        if node.min_length is not None and length < node.min_length:
            self._add(path, f"Expected `{kind}` of length >= {node.min_length}")
        if node.max_length is not None and length > node.max_length:
            self._add(path, f"Expected `{kind}` of length <= {node.max_length}")

    def _visit_union(
        self, node: inspect.UnionType, value: object, path: str, depth: int
    ) -> object:
        choices = [
            choice for choice in node.types if not isinstance(choice, inspect.NoneType)
        ]
        if value is None and len(choices) < len(node.types):
            return None
        # A choice among several types is msgspec's to explain.
        if len(choices) == 1:
            return self.visit(choices[0], value, path, depth)
        return None

    def _visit_any(self, value: object, path: str, depth: int) -> None:
        anything = inspect.AnyType()
        if isinstance(value, Members):
            for name, item in self._unique(value, path).items():
                self.visit(anything, item, member_path(path, name), depth + 1)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.visit(anything, item, f"{path}[{index}]", depth + 1)

    def _visit_enum(self, node: inspect.EnumType, value: object, path: str) -> object:
        if json_kind(value) != "str" or not isinstance(value, str):
            self._expected("str", value, path)
            return None
        known = [str(member.value) for member in node.cls]
        kept = issubclass(node.cls, OpenEnum) and not self._refuse_unknown
        if value not in known and not kept:
            self._add(path, f"Unknown value {shown(value)}{suggestion(value, known)}")
        return value
