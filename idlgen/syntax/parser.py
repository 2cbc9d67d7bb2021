"""Bytes to a Document."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable

from idlgen.diagnostics import Diagnostic, Source, Span
from idlgen.syntax.document_reader import read_document
from idlgen.syntax.nodes import Document
from idlgen.syntax.yaml_reader import MAX_BYTES, has_libyaml, read_yaml
from idlgen.syntax.yaml_tree import is_null


def parse(
    path: str,
    content: bytes,
    report: Callable[[Diagnostic], None],
    count: Callable[[int], None] | None = None,
) -> Document | None:
    """Return the Document in `content`, or None where there is nothing to go on with.

    `path` is what messages and headers call the file; `count` is told how many YAML
    values it holds.
    """
    text = _decode(path, content, report)
    if text is None:
        return None
    source = Source(path, text)
    faults: list[Diagnostic] = []
    root = read_yaml(source, faults.append, count)
    for fault in faults:
        report(fault)
    if root is not None and not is_null(root):
        return read_document(source, root, report)
    if not faults:
        report(
            Diagnostic(
                code="IDL011",
                message="the schema is empty",
                span=Span(source, 0, 0),
                hint="add `types:`, `errors:` or `services:`; "
                "`idlgen init` writes an example",
            )
        )
    return None


def _decode(
    path: str, content: bytes, report: Callable[[Diagnostic], None]
) -> str | None:
    if not has_libyaml():
        fault = Diagnostic(
            code="IDL025",
            message="PyYAML was installed without libyaml",
            hint="install a PyYAML wheel, or build it with libyaml",
        )
    elif len(content) > MAX_BYTES:
        fault = too_large(path, len(content))
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fault = _not_utf8(path, content, error)
    report(fault)
    return None


def too_large(path: str, size: int) -> Diagnostic:
    """Return the complaint about a file of more than `MAX_BYTES`."""
    return Diagnostic(
        code="IDL018",
        message=f"the file has {size:,} bytes, the limit is {MAX_BYTES:,}",
        path=path,
        hint="split the schema into several files",
    )


def _not_utf8(path: str, content: bytes, error: UnicodeDecodeError) -> Diagnostic:
    # The text up to the first bad byte is sound, so the place can be shown in it.
    # Its offset does not count a mark of the byte order.
    content = content.removeprefix(BOM_UTF8)
    valid = content[: error.start].decode()
    source = Source(path, valid + "\ufffd")
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Diagnostic(
        code="IDL010",
        message=(
            "the file is UTF-16, not UTF-8"
            if utf16
            else f"byte 0x{content[error.start]:02X} is not UTF-8"
        ),
        span=Span(source, len(valid), len(valid) + 1),
        hint="save the schema as UTF-8",
    )
