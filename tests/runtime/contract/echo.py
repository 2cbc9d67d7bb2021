"""An implementation of the contract's ShapeService: it answers with what it was given."""

from __future__ import annotations

from tests.runtime.contract import shapes


class Shapes(shapes.ShapeService):
    def echo(
        self,
        *,
        scalars: shapes.Scalars | None = None,
        sets: shapes.Sets | None = None,
        maps: shapes.Maps | None = None,
        node: shapes.Node | None = None,
        text: str = "hello",
        big: int = 1000,
    ) -> shapes.Echoed:
        return shapes.Echoed(scalars=scalars, sets=sets, maps=maps, node=node)
