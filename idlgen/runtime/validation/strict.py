"""Unknown members of strict structs and missing tags: clients overlook them, servers not."""

from __future__ import annotations

from msgspec import inspect

from idlgen.runtime.sensitive import is_strict
from idlgen.runtime.validation.branches import (
    SEQUENCES,
    Branches,
    present,
    struct_class,
)
from idlgen.runtime.validation.variants import VariantTable, lone_variants


class StrictBranches:
    """Knows where in a type's graph strict structs stand, and unions of one variant."""

    def __init__(self, root: inspect.Type) -> None:
        alone = lone_variants(root)
        self._branches = Branches(
            root, lambda node: id(node) in alone or _is_strict(node)
        )
        self._variants = VariantTable()

    def __bool__(self) -> bool:
        return bool(self._branches)

    def are_kept(self, node: inspect.Type, source: object) -> bool:
        """Return whether all variants of `source` have a tag, strict structs no more members.

        `source` is JSON of dicts and lists that was decoded as a `node`.
        """
        if node not in self._branches:
            return True
        node = present(node)
        if isinstance(node, SEQUENCES):
            return not isinstance(source, list) or all(
                self.are_kept(node.item_type, item) for item in source
            )
        if not isinstance(source, dict):
            return True
        if isinstance(node, inspect.DictType):
            return all(self.are_kept(node.value_type, item) for item in source.values())
        variants = self._variants.of(node)
        if variants is not None:
            tag = source.get(variants.tag_field)
            return tag is not None and self._is_kept(
                variants.by_tag.get(str(tag)), source
            )
        return self._is_kept(node, source)

    def _is_kept(self, node: inspect.Type | None, source: dict[str, object]) -> bool:
        if not isinstance(node, inspect.StructType):
            return True
        if _is_strict(node):
            known = {node.tag_field, *(field.encode_name for field in node.fields)}
            if not source.keys() <= known:
                return False
        return all(
            self.are_kept(field.type, source[field.encode_name])
            for field in node.fields
            if field.type in self._branches and field.encode_name in source
        )


def _is_strict(node: inspect.Type) -> bool:
    return isinstance(node, inspect.StructType) and is_strict(struct_class(node))
