"""Where lines break: as black breaks them, so that black leaves generated files alone.

What fits is left on one line; what does not is split by `splitting`, whose work is the
odd case, while signatures, which are long as a rule, are broken here.
"""

from __future__ import annotations

from collections.abc import Sequence

from idlgen.emit.python_text import INDENT
from idlgen.emit.wide_characters import width
from idlgen.targets.python.splitting import Splitter


class Layout:
    """Breaks lines at `line_length` columns.

    All methods take code on one line and return it without the indentation of its first
    line, the lines after it indented for a block `depth` levels deep.
    """

    def __init__(self, line_length: int) -> None:
        self.line_length = line_length
        self._splitter = Splitter(line_length)

    def statement(self, code: str, depth: int = 0) -> str:
        """Lay out an assignment, a call, or the line that opens a class."""
        if 4 * depth + width(code) <= self.line_length:
            return code
        return self._joined(self._splitter.statement(code, depth), depth)

    def condition(self, code: str, depth: int) -> str:
        """Lay out the line that opens an `if`."""
        if 4 * depth + width(code) <= self.line_length:
            return code
        return self._joined(self._splitter.condition(code, depth), depth)

    def opening(self, code: str, depth: int = 0) -> str:
        """Lay out a call up to its bracket; its arguments stand on lines of their own."""
        if 4 * depth + width(code) <= self.line_length:
            return code
        return self._joined(self._splitter.opening(code, depth), depth)

    def item(self, code: str, depth: int) -> str:
        """Lay out an argument or element, its comma included, on a line of its own."""
        if 4 * depth + width(code) <= self.line_length:
            return code
        return self._joined(self._splitter.item(code, depth), depth)

    def definition(
        self, head: str, params: Sequence[str], tail: str, depth: int = 1
    ) -> str:
        """Lay out a signature: `def f(`, its params without commas, and `) -> int:`."""
        inside = ", ".join(params)
        if 4 * depth + len(head) + width(inside) + len(tail) <= self.line_length:
            return f"{head}{inside}{tail}"
        indent = INDENT * depth
        if len(tail) + len(indent) > self.line_length:
            lines = self._splitter.tail(tail, depth)
            tail = self._joined(lines, depth)
            # A comma that keeps the result's brackets open makes black try these first.
            opening = f"{indent}{head}{inside}{lines[0].lstrip()}"
            has_comma = any(line.endswith(",") for line in lines)
            if has_comma and width(opening) <= self.line_length:
                return f"{head}{inside}{tail}"
        if len(params) == 1:
            inside += ","
        if 4 * depth + 4 + width(inside) <= self.line_length:
            return f"{head}\n{indent}{INDENT}{inside}\n{indent}{tail}"
        lines = [self._param(param, depth + 1) for param in params]
        body = f"\n{indent}{INDENT}".join(lines)
        return f"{head}\n{indent}{INDENT}{body}\n{indent}{tail}"

    def call(self, head: str, arguments: Sequence[str], tail: str, depth: int) -> str:
        """Lay out a call inside brackets; one that does not fit is one argument a line."""
        inside = ", ".join(arguments)
        if 4 * depth + len(head) + width(inside) + len(tail) <= self.line_length:
            return f"{head}{inside}{tail}"
        if not arguments:
            return head + tail
        indent = INDENT * (depth + 1)
        lines = "".join(
            f"\n{indent}{self.item(argument + ',', depth + 1)}"
            for argument in arguments
        )
        return f"{head}{lines}\n{INDENT * depth}{tail}"

    def imports(self, module: str, names: Sequence[str]) -> str:
        """Lay out `from module import names`; what does not fit is one name a line."""
        line = f"from {module} import {', '.join(names)}"
        if len(line) <= self.line_length:
            return line
        body = "".join(f"{INDENT}{name},\n" for name in names)
        return f"from {module} import (\n{body})"

    def _param(self, param: str, depth: int) -> str:
        if 4 * depth + width(param) + 1 <= self.line_length:
            return param + ","
        return self._joined(self._splitter.param(param + ",", depth), depth)

    def _joined(self, lines: Sequence[str], depth: int) -> str:
        return "\n".join(lines)[4 * depth :]
