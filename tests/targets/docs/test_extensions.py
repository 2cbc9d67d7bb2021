"""What templates of a project's own see of a schema's `x-` keys, and how they print it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.emit.own_templates import OwnTemplate
from idlgen.targets.docs.filters import FILTERS
from idlgen.targets.docs.target import DocsTarget

SCHEMA = r"""
package: p
x-at: package
types:
  S:
    x-at: {struct: [1, 2.5, null, true]}
    fields: {f: {type: int, x-at: field}, g: int}
  E: {enum: {a: {x-at: value}, b: {}}, x-at: enum}
  U: {union: {a: {type: int, x-at: variant}, b: null}, x-at: union}
  A: {alias: int, x-at: alias}
errors:
  Bad: {status: internal, x-at: error, fields: {f: {type: int, x-at: error field}}}
services:
  Svc:
    x-at: service
    methods: {go: {x-at: method, params: {p: {type: int, x-at: param}}}}
"""
MARKDOWN = """\
{{ view.extensions["x-at"] }}
{% for type in view.types + view.errors %}
{{ type.heading }} {{ type.extensions["x-at"] }}
{% for part in type.fields %}
- {{ part.extensions.get("x-at", "nothing") }}
{% endfor %}
{% for part in type.values %}
- {{ part.extensions.get("x-at", "nothing") }}
{% endfor %}
{% for part in type.variants %}
- {{ part.extensions.get("x-at", "nothing") }}
{% endfor %}
{% endfor %}
{% for service in view.services %}
{{ service.heading }} {{ service.extensions["x-at"] }}
{% for method in service.methods %}
{{ method.heading }} {{ method.extensions["x-at"] }}
{% for param in method.params %}
- {{ param.extensions["x-at"] }}
{% endfor %}
{% endfor %}
{% endfor %}
"""
TYPESCRIPT = """\
{{ view.extensions["x-at"] }}
{% for type in view.types + view.errors %}
{{ type.name }} {{ type.extensions.get("x-at", "nothing") }}
{% for member in type.members %}
- {{ member.extensions.get("x-at", "nothing") }}
{% endfor %}
{% endfor %}
{% for service in view.services %}
{{ service.name }} {{ service.extensions["x-at"] }}
{% for method in service.methods %}
- {{ method.extensions["x-at"] }}
{% endfor %}
{% endfor %}
"""


def rendered(name: str, template: str) -> str:
    own = {name: OwnTemplate(name, template)}
    outcome = compile(
        [PurePosixPath("p.yaml")], lambda _: SCHEMA.encode(), [DocsTarget({}, own)]
    )
    assert outcome.diagnostics == ()
    (body,) = (file.body for file in outcome.files if file.path.endswith(name[7:-3]))
    return body


def test_every_declaration_on_the_page_has_its_keys() -> None:
    assert rendered("package.md.j2", MARKDOWN) == """\
package
S {'struct': [1, 2.5, None, True]}
- field
- nothing
E enum
- value
- nothing
U union
- variant
- nothing
A alias
Bad error
- error field
Svc service
go method
- param
"""


def test_every_declaration_in_typescript_has_its_keys() -> None:
    assert rendered("package.d.ts.j2", TYPESCRIPT) == """\
package
S {'struct': [1, 2.5, None, True]}
- field
- nothing
E enum
U union
UUnknown nothing
- nothing
- nothing
A alias
Bad error
- error field
Svc service
- method
"""


def test_templates_print_them_through_filters() -> None:
    template = '{{ view.types[0].extensions["x-at"] | typescript_literal }}\n'
    assert rendered("package.d.ts.j2", template) == '{"struct": [1, 2.5, null, true]}\n'


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("markdown", "*a* <b>\n\n- c", "\\*a\\* &#60;b&#62;\n\n- c"),
        ("markdown_cell", "a | b\nc", "a \\| b c"),
        ("markdown_code", "a|b", "<code>a&#124;b</code>"),
        ("typescript_comment", "a */\n@b", "a *\\/ \\@b"),
        ("typescript_literal", 'say "hi"\n', '"say \\"hi\\"\\n"'),
        ("markdown", {"a": [1, None]}, '{"a": \\[1, null\\]}'),
        ("markdown_cell", 1.5, "1.5"),
        ("markdown_code", True, "`true`"),
        ("typescript_comment", ["*/"], '["*\\/"]'),
        ("typescript_literal", None, "null"),
    ],
)
def test_filters_make_harmless_what_they_print(
    name: str, value: object, written: str
) -> None:
    assert FILTERS[name](value) == written


def test_every_filter_is_on_the_page_about_templates(root: Path) -> None:
    page = (root / "docs/configuration.md").read_text("utf-8")
    assert [name for name in FILTERS if f"| `{name}` |" not in page] == []
