from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest

from idlgen.diagnostics import Diagnostic
from idlgen.syntax import loading
from idlgen.syntax.loading import Moved, ReadFault, load
from idlgen.syntax.nodes import Document

BROKEN = "types: {A: ["


class Files:
    """A disk of texts: schemas, links as paths, and faults; remembers what was read."""

    def __init__(self, files: Mapping[str, str | PurePosixPath | Diagnostic]) -> None:
        self._files = files
        self.read: list[str] = []

    def __call__(self, path: PurePosixPath) -> bytes | None:
        self.read.append(str(path))
        match self._files.get(str(path)):
            case str(text):
                return text.encode()
            case PurePosixPath() as moved:
                raise Moved(moved)
            case Diagnostic() as diagnostic:
                raise ReadFault(diagnostic)
        return None


def schema(*paths: str) -> str:
    imports = "".join(f"  i{i}: {path}\n" for i, path in enumerate(paths))
    return f"types: {{}}\nimports:\n{imports}" if paths else "types: {}\n"


def loaded(
    files: Callable[[PurePosixPath], bytes | None], *entries: str
) -> tuple[list[Document], list[Diagnostic]]:
    found: list[Diagnostic] = []
    documents = load(map(PurePosixPath, entries or ("a.yaml",)), files, found.append)
    return documents, found


def paths(documents: list[Document]) -> list[str]:
    return [document.source.path for document in documents]


def places(found: list[Diagnostic]) -> list[str]:
    """Return `IDL028 a.yaml:3` of each: its code, and its file and line."""
    return [
        (
            f"{it.code} {it.path}"
            if it.span is None
            else f"{it.code} {it.span.source.path}:{it.span.position.line}"
        )
        for it in found
    ]


def test_imports_are_loaded_as_far_as_they_lead() -> None:
    files = Files(
        {
            "api/a.yaml": schema("b.yaml", "../shared/c.yaml"),
            "api/b.yaml": schema("../shared/d.yaml"),
            "shared/c.yaml": schema("d.yaml"),
            "shared/d.yaml": schema(),
            "shared/e.yaml": schema(),
        }
    )
    documents, found = loaded(files, "api/a.yaml")
    assert found == []
    assert paths(documents) == [
        "api/a.yaml",
        "api/b.yaml",
        "shared/c.yaml",
        "shared/d.yaml",
    ]
    assert files.read == paths(documents)


def test_a_file_is_read_once_however_it_is_spelt() -> None:
    spellings = ("b.yaml", "./b.yaml", "x/../b.yaml", ".//b.yaml")
    files = Files({"a.yaml": schema(*spellings), "b.yaml": schema("./a.yaml")})
    documents, found = loaded(files)
    assert (paths(documents), found) == (["a.yaml", "b.yaml"], [])
    assert files.read == ["a.yaml", "b.yaml"]


def test_an_entry_may_be_imported_and_be_named_twice() -> None:
    files = Files({"a.yaml": schema("b.yaml"), "b.yaml": schema("a.yaml")})
    documents, found = loaded(files, "b.yaml", "a.yaml", "b.yaml")
    assert (paths(documents), found) == (["b.yaml", "a.yaml"], [])
    assert files.read == ["b.yaml", "a.yaml"]


def test_cycles_are_loaded() -> None:
    files = Files(
        {
            "a.yaml": schema("a.yaml", "b.yaml"),
            "b.yaml": schema("c.yaml"),
            "c.yaml": schema("a.yaml"),
        }
    )
    documents, found = loaded(files)
    assert (paths(documents), found) == (["a.yaml", "b.yaml", "c.yaml"], [])


def test_a_missing_file_is_told_at_each_import_and_looked_for_once() -> None:
    files = Files({"a.yaml": schema("b.yaml", "c.yaml"), "b.yaml": schema("c.yaml")})
    documents, found = loaded(files)
    assert paths(documents) == ["a.yaml", "b.yaml"]
    assert places(found) == ["IDL028 a.yaml:4", "IDL028 b.yaml:3"]
    assert found[0].message == "no such file: `c.yaml`"
    assert files.read == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_missing_entry_is_told_of_itself() -> None:
    _, found = loaded(Files({}))
    assert places(found) == ["IDL001 a.yaml"]


def test_a_fault_of_reading_is_told_at_the_import_unless_it_names_a_file() -> None:
    files = Files(
        {
            "a.yaml": schema("b.yaml", "b.yaml", "c.yaml", "c.yaml"),
            "b.yaml": Diagnostic(code="IDL029", message="no"),
            "c.yaml": Diagnostic(code="IDL018", message="too large", path="c.yaml"),
        }
    )
    _, found = loaded(files)
    assert places(found) == ["IDL029 a.yaml:3", "IDL029 a.yaml:4", "IDL018 c.yaml"]


def test_a_broken_file_is_told_in_itself_and_hides_nothing_else() -> None:
    text = f"{schema('b.yaml', 'e.yaml')}typos: 1\n"
    files = Files({"a.yaml": text, "b.yaml": BROKEN, "e.yaml": ""})
    documents, found = loaded(files)
    assert places(found) == ["IDL020 a.yaml:5", "IDL012 b.yaml:1", "IDL011 e.yaml:1"]
    # What could be read before it broke off counts; nothing is in an empty one.
    assert paths(documents) == ["a.yaml", "b.yaml"]


def test_a_path_that_is_none_is_not_read() -> None:
    files = Files({"a.yaml": schema("/etc/passwd", "..", "b.yaml"), "b.yaml": schema()})
    documents, found = loaded(files)
    assert places(found) == ["IDL027 a.yaml:3", "IDL027 a.yaml:4"]
    assert files.read == ["a.yaml", "b.yaml"]
    assert paths(documents) == ["a.yaml", "b.yaml"]


def test_links_lead_to_one_document_and_imports_are_written_without_them() -> None:
    files = Files(
        {
            "api/a.yaml": schema("link.yaml", "all/b.yaml", "../shared/b.yaml"),
            "api/link.yaml": PurePosixPath("shared/b.yaml"),
            "api/all/b.yaml": PurePosixPath("shared/b.yaml"),
            "shared/b.yaml": schema("../api/link.yaml"),
        }
    )
    documents, found = loaded(files, "api/a.yaml")
    assert (paths(documents), found) == (["api/a.yaml", "shared/b.yaml"], [])
    written = [[it.path.text for it in doc.imports] for doc in documents]
    assert written == [["../shared/b.yaml"] * 3, ["b.yaml"]]
    assert [it.path.start for it in documents[0].imports] == [25, 41, 58]
    assert files.read.count("api/link.yaml") == files.read.count("shared/b.yaml") == 1


def test_a_link_to_a_missing_or_oddly_named_file_is_told_at_the_import() -> None:
    files = Files(
        {
            "a.yaml": schema("b.yaml", "c.yaml"),
            "b.yaml": PurePosixPath("gone.yaml"),
            "c.yaml": PurePosixPath("back\\slash/c.yaml"),
            "back\\slash/c.yaml": schema(),
        }
    )
    _, found = loaded(files)
    assert places(found) == ["IDL028 a.yaml:3", "IDL027 a.yaml:4"]


class Chain:
    """Files without end, each of which imports the next."""

    def __init__(self, filling: int = 0) -> None:
        self._filling = filling
        self.reads = 0

    def __call__(self, path: PurePosixPath) -> bytes:
        self.reads += 1
        head = schema(f"s{int(path.stem[1:]) + 1}.yaml")
        return f"{head}#{'x' * self._filling}".encode()


def test_a_chain_of_imports_ends() -> None:
    chain = Chain()
    documents, found = loaded(chain, "s0.yaml")
    assert places(found) == ["IDL030 s1000.yaml:3"]
    assert found[0].message == "more than 1,000 files are imported"
    assert chain.reads == len(documents) == 1_001


def test_entries_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_IMPORTED", 1)
    files = Files(
        {
            "a.yaml": schema("b.yaml", "c.yaml", "d.yaml"),
            "b.yaml": schema("c.yaml"),
            "c.yaml": schema(),
            "d.yaml": schema(),
        }
    )
    documents, found = loaded(files, "a.yaml", "b.yaml", "c.yaml")
    assert (paths(documents), found) == (["a.yaml", "b.yaml", "c.yaml", "d.yaml"], [])
    assert places(loaded(files, "a.yaml", "b.yaml")[1]) == ["IDL030 a.yaml:5"]


def test_files_that_are_not_there_count_too() -> None:
    files = Files({"a.yaml": schema(*(f"x{i}.yaml" for i in range(5_000)))})
    _, found = loaded(files)
    assert [it.code for it in found] == ["IDL028"] * 1_000 + ["IDL030"]
    assert len(files.read) == 1_001


def test_the_bytes_of_what_is_imported_are_counted_together() -> None:
    chain = Chain(filling=15 * 1024 * 1024)
    documents, found = loaded(chain, "s0.yaml")
    assert places(found) == ["IDL030 s2.yaml:3"]
    assert found[0].message == "more than 33,554,432 bytes are imported"
    assert paths(documents) == ["s0.yaml", "s1.yaml", "s2.yaml"]
    assert chain.reads == 4


def test_the_values_of_what_is_imported_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each has seven: the map, `types`, its map, `imports`, its map, a name and a path.
    monkeypatch.setattr(loading, "MAX_IMPORTED_VALUES", 14)
    documents, found = loaded(Chain(), "s0.yaml")
    assert places(found) == ["IDL030 s2.yaml:3"]
    assert found[0].message == "more than 14 values are imported"
    assert paths(documents) == ["s0.yaml", "s1.yaml", "s2.yaml", "s3.yaml"]


def test_links_count_as_files() -> None:
    ways = [f"a{i}/b.yaml" for i in range(2_000)]
    links = {way: PurePosixPath("b.yaml") for way in ways}
    files = Files({"a.yaml": schema(*ways), "b.yaml": schema(), **links})
    documents, found = loaded(files)
    assert paths(documents) == ["a.yaml", "b.yaml"]
    # The first way and the file itself, then 998 ways more.
    assert places(found) == ["IDL030 a.yaml:1002"]
    assert len(files.read) == 1_001
