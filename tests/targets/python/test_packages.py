"""How modules name what other packages declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from idlgen.compiler import Outcome

Compiled = Callable[..., Outcome]
COMMON = """\
types:
  Money: {fields: {amount: int}}
  Currency: {enum: [eur, usd]}
errors: {CurrencyUnknown: {status: not_found, doc: No such currency.}}
"""


def written(compiled: Compiled, schemas: Mapping[str, str]) -> dict[str, str]:
    outcome = compiled(schemas)
    assert outcome.diagnostics == ()
    return {file.path: file.body for file in outcome.files}


def relative_imports(module: str) -> list[str]:
    return [line for line in module.splitlines() if line.startswith("from .")]


@pytest.mark.parametrize(
    ("importer", "imported", "line"),
    [
        ("user", "common", "from ..common import types as common_types"),
        ("acme.user", "common", "from ...common import types as common_types"),
        ("user", "acme.common", "from ..acme.common import types as common_types"),
        ("acme.user", "acme.common", "from ..common import types as common_types"),
        ("acme", "acme.common", "from .common import types as common_types"),
        ("acme.user", "acme", "from .. import types as acme_types"),
        ("a.b.c", "a.x.y", "from ...x.y import types as y_types"),
        (
            "acme.user",
            "acmes.user",
            "from ...acmes.user import types as acmes_user_types",
        ),
        ("user", "class", "from ..class_ import types as class_types"),
        ("user", "types", "from ..types import types as types_types"),
        ("user", "errors", "from ..errors import types as errors_types"),
    ],
)
def test_another_package_is_imported_by_its_place_in_the_tree(
    compiled: Compiled, importer: str, imported: str, line: str
) -> None:
    files = written(
        compiled,
        {
            "one": f"""
                package: {importer}
                imports: {{other: two.yaml}}
                types: {{A: {{fields: {{money: other.Money}}}}}}
                """,
            "two": f"package: {imported}\n{COMMON}",
        },
    )
    types = files[f"{importer.replace('.', '/')}/types.py"]
    assert relative_imports(types) == [line]
    assert f"    money: {line.rpartition(' ')[2]}.Money\n" in types


def test_packages_with_the_same_last_word_get_names_of_their_own(
    compiled: Compiled,
) -> None:
    leaf = "types: {T: {fields: {}}}"
    files = written(
        compiled,
        {
            "own": """
                package: own.common
                imports: {a: a.yaml, b: b.yaml, c: c.yaml, d: d.yaml, e: e.yaml, f: f.yaml}
                types: {All: {fields: {a: a.T, b: b.T, c: c.T, d: d.T, e: e.T, f: f.T}}}
                """,
            "a": f"package: one.common\n{leaf}",
            "b": f"package: x.two.common\n{leaf}",
            "c": f"package: common\n{leaf}",
            "d": f"package: one_common\n{leaf}",
            "e": f"package: x.one_common\n{leaf}",
            "f": f"package: alone\n{leaf}",
        },
    )
    # `one_common` is the first that can be called so; `x.one_common` ends like it.
    assert relative_imports(files["own/common/types.py"]) == [
        "from ...alone import types as alone_types",
        "from ...common import types as common_types",
        "from ...one.common import types as one_common_types",
        "from ...one_common import types as one_common__types",
        "from ...x.one_common import types as x_one_common_types",
        "from ...x.two.common import types as two_common_types",
    ]


def test_what_stands_behind_an_alias_may_be_of_a_package_that_is_not_imported(
    compiled: Compiled,
) -> None:
    files = written(
        compiled,
        {
            "user": """
                imports: {middle: middle.yaml}
                types: {A: {fields: {id: {type: middle.Id, max: 9}}}}
                """,
            "middle": "imports: {base: base.yaml}\ntypes: {Id: base.Id}",
            "base": "types: {Id: {newtype: int}}",
        },
    )
    types = files["user/types.py"]
    assert relative_imports(types) == ["from ..base import types as base_types"]
    assert 'id: Annotated[base_types.Id, Meta(extra={"narrowed": {"le": 9}})]' in types


SERVICE = """
    imports: {common: common.yaml}
    types: {User: {fields: {id: int}}}
    errors: {Poor: {status: aborted}}
    services:
      Shop:
        errors: [common.CurrencyUnknown]
        methods:
          buy:
            params:
              price: common.Money
              currency: {type: common.Currency, default: eur}
              extra: {type: list<common.Money>, default: [{amount: 1}]}
            returns: common.Money
            errors: [Poor]
    """


def test_services_use_types_and_errors_of_other_packages(compiled: Compiled) -> None:
    files = written(compiled, {"shop": SERVICE, "common": COMMON})
    types = "from ..common import types as common_types"
    assert relative_imports(files["shop/_service.py"]) == [
        "from ..common import errors as common_errors",
        types,
        "from . import errors",
    ]
    assert relative_imports(files["shop/client.py"]) == [
        types,
        "from . import _service",
    ]
    assert relative_imports(files["shop/server.py"]) == [
        types,
        "from . import _service",
    ]
    assert relative_imports(files["shop/testing.py"]) == [
        types,
        "from . import _service",
        "from .server import Shop",
    ]
    assert relative_imports(files["shop/types.py"]) == []
    assert relative_imports(files["shop/errors.py"]) == []
    service = files["shop/_service.py"]
    assert "Method[common_types.Money](" in service
    assert "returns=common_types.Money," in service
    assert "errors=(errors.Poor, common_errors.CurrencyUnknown)," in service
    assert "currency: common_types.Currency = common_types.Currency.EUR" in service
    assert "lambda: [common_types.Money(amount=1)]" in service
    for module in ("client", "server"):
        text = files[f"shop/{module}.py"]
        assert "price: common_types.Money" in text
        assert "            Poor: Status ``aborted``.\n" in text
        assert "common.errors.CurrencyUnknown: No such currency.\n" in text


def test_members_that_are_called_like_a_module_do_not_hide_it(
    compiled: Compiled,
) -> None:
    files = written(
        compiled,
        {
            "user": """
                imports: {common: common.yaml}
                types:
                  A:
                    fields:
                      common_types: int
                      currency: {type: common.Currency, default: usd}
                  B: {fields: {common_errors: common.Money}}
                errors:
                  E:
                    status: aborted
                    fields:
                      commonTypes: int
                      all: {type: list<common.Money>, default: [{amount: 1}]}
                """,
            "common": COMMON,
        },
    )
    types = files["user/types.py"]
    assert relative_imports(types) == [
        "from ..common import types as _idl_common_types",
        "from ..common import types as common_types",
    ]
    assert (
        "    common_types: Int53\n"
        "    currency: _idl_common_types.Currency = _idl_common_types.Currency.USD\n"
    ) in types
    assert "    common_errors: common_types.Money\n" in types
    errors = files["user/errors.py"]
    assert "            all = [_idl_common_types.Money(amount=1)]\n" in errors


def test_a_default_of_an_error_is_not_made_of_its_other_params(
    compiled: Compiled,
) -> None:
    text = """
        errors:
          E:
            status: aborted
            fields:
              date: int
              since: {type: date, default: '2026-01-01'}
        """
    errors = written(compiled, {"user": text})["user/errors.py"]
    assert 'since = _idl_date.fromisoformat("2026-01-01")\n' in errors


def test_packages_that_only_import_each_other_have_imports_at_the_top(
    compiled: Compiled,
) -> None:
    files = written(
        compiled,
        {
            "a": """
                imports: {b: b.yaml}
                types: {A: {fields: {b: b.B}}, List: list<b.B>}
                """,
            "b": """
                imports: {a: a.yaml}
                types: {B: {fields: {}}}
                errors: {E: {status: aborted, fields: {a: a.A}}}
                """,
        },
    )
    types = files["a/types.py"]
    assert types.index("from ..b import types") < types.index("class A")
    assert "List: TypeAlias = list[b_types.B]\n" in types


def test_packages_whose_types_need_each_other_import_in_the_middle(
    compiled: Compiled,
) -> None:
    files = written(
        compiled,
        {
            "a": """
                imports: {b: b.yaml, leaf: leaf.yaml}
                types:
                  Bs: {alias: b.Bs, max_items: 3}
                  More: list<Bs>
                  Id: {newtype: b.Id}
                  Leaves: list<leaf.Leaf>
                  A:
                    fields:
                      id: {type: b.Id, default: 5}
                      kind: {type: b.Kind, default: x}
                      leaf: leaf.Leaf
                """,
            "b": """
                imports: {a: a.yaml}
                types:
                  Id: {newtype: int, min: 1}
                  Kind: {enum: [x]}
                  B: {fields: {a: a.A}}
                  Bs: list<B>
                """,
            "leaf": "types: {Leaf: {fields: {}}}",
        },
    )
    assert files["a/types.py"] == '''\
"""Types of package ``a``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NewType, TypeAlias

from msgspec import Meta, Struct, field

from ..leaf import types as leaf_types

if TYPE_CHECKING:
    Id = NewType("Id", "b_types.Id")
else:
    Id = NewType("Id", Annotated[int, Meta(ge=1, le=9007199254740991)])

Leaves: TypeAlias = list[leaf_types.Leaf]


class A(Struct, frozen=True, kw_only=True):
    id: b_types.Id = field(default_factory=lambda: b_types.Id(5))
    kind: b_types.Kind = field(default_factory=lambda: b_types.Kind.X)
    leaf: leaf_types.Leaf


# Not at the top: what is imported here imports this module too, and needs what is above.
from ..b import types as b_types

Bs: TypeAlias = Annotated[list[b_types.B], Meta(max_length=3)]
More: TypeAlias = list[Bs]
'''
    b = files["b/types.py"]
    assert b.endswith(
        "class B(Struct, frozen=True, kw_only=True):\n"
        "    a: a_types.A\n\n\n"
        "Bs: TypeAlias = list[B]\n\n"
        "# Not at the top: what is imported here imports this module too, "
        "and needs what is above.\n"
        "from ..a import types as a_types\n"
    )


def test_late_aliases_of_other_packages_are_written_once_more(
    compiled: Compiled,
) -> None:
    files = written(
        compiled,
        {
            "a": """
                imports: {b: b.yaml}
                types:
                  First: map<b.Rows>
                  Second: list<b.Rows>
                  Mine: list<b.Early>
                  A: {fields: {rows: b.Rows?}}
                """,
            "b": """
                imports: {a: a.yaml}
                types:
                  Early: list<B>
                  Row: {alias: list<a.A>, min_items: 1}
                  Rows: list<Row>
                  B: {fields: {a: a.A}}
                """,
        },
    )
    assert files["a/types.py"].endswith("""
class A(Struct, frozen=True, kw_only=True, omit_defaults=True):
    rows: b_types.Rows | None = None


# Not at the top: what is imported here imports this module too, and needs what is above.
from ..b import types as b_types

_idl_b_types_Row: TypeAlias = Annotated[list[A], Meta(min_length=1)]
_idl_b_types_Rows: TypeAlias = list[_idl_b_types_Row]
First: TypeAlias = dict[str, _idl_b_types_Rows]
Second: TypeAlias = list[_idl_b_types_Rows]
Mine: TypeAlias = list[b_types.Early]
""")


def test_what_stands_behind_late_aliases_does_not_grow_out_of_bounds(
    compiled: Compiled,
) -> None:
    steps = "".join(f"  A{n}: Pair<A{n - 1}, A{n - 1}>\n" for n in range(1, 8))
    files = written(
        compiled,
        {
            "a": "imports: {b: b.yaml}\ntypes: {Y: b.A7, X: {fields: {}}}",
            "b": "imports: {a: a.yaml}\n"
            "types:\n  Pair<A, B>: {fields: {a: A, b: B}}\n  A0: list<a.X>\n" + steps,
        },
    )
    assert len(files["a/types.py"]) < 2_500


@pytest.mark.parametrize(
    ("type_", "default", "made"),
    [
        ("list<int>", "[]", "[]"),
        ("list<int>", "[1]", "[1]"),
        ("list<list<int>>", "[[]]", "list[list[int]]([[]])"),
        ("list<list<int>>", "[[1]]", "[[1]]"),
        ("list<list<int>> | null", "[[]]", "list[list[int]]([[]])"),
        ("Rows", "[[]]", "list[types.Row]([[]])"),
        ("map<list<int>>", "{a: []}", 'dict[str, list[int]]({"a": []})'),
        ("list<map<int>>", "[{}]", "list[dict[str, int]]([{}])"),
        ("any", "[[]]", "list[JsonValue]([[]])"),
        ("any", "{a: {b: []}}", 'dict[str, JsonValue]({"a": {"b": []}})'),
        ("list<Holder>", "[{rows: []}]", "list[types.Holder]([types.Holder(rows=[])])"),
    ],
)
def test_what_a_default_holds_is_told_where_it_cannot_be_seen(
    compiled: Compiled, type_: str, default: str, made: str
) -> None:
    text = f"""
        types:
          Row: list<int>
          Rows: list<Row>
          Holder: {{fields: {{rows: Rows}}}}
        services:
          S: {{methods: {{m: {{params: {{a: {{type: {type_}, default: {default}}}}}}}}}}}
        """
    service = written(compiled, {"user": text})["user/_service.py"]
    assert f'defaults={{"a": lambda: {made}}}' in service
