"""What both files say in the same words: versions, secrets, access, pages."""

from __future__ import annotations

from collections.abc import Callable

from idlgen.model import Api, Auth, Field, Method, NamedType

Code = Callable[[str], str]
"""Shows a text of the schema as code."""

SENSITIVE = "Sensitive: shown in no log and no error."
STRICT = "Strict: servers refuse members that they do not know."

_PROOFS = {Auth.BEARER: "bearer token", Auth.API_KEY: "API key"}


def since_fact(since: str | None, code: Code) -> str:
    """Return the sentence that tells which version brought something, or ""."""
    return f"Since {code(since)}." if since else ""


def member_facts(field: Field, code: Code) -> tuple[str, str]:
    """Return what a field or a param is beside its type; either may be ""."""
    return since_fact(field.since, code), SENSITIVE if field.sensitive else ""


def access_fact(method: Method, code: Code) -> str:
    """Return what a caller must show, such as `Auth: API key`, or ""."""
    if method.auth is Auth.NONE:
        return ""
    fact = f"Auth: {_PROOFS[method.auth]}"
    if not method.scopes:
        return fact
    noun = "scope" if len(method.scopes) == 1 else "scopes"
    return f"{fact} with {noun} {', '.join(map(code, method.scopes))}"


def pages_fact(api: Api, method: Method, param: str, code: Code) -> str:
    """Return how the next page is asked for, or ""; `param` is shown as it is."""
    if method.pagination is None:
        return ""
    wire_names = {field.name: field.wire_name for field in _page(api, method)}
    items = code(wire_names[method.pagination.items])
    following = code(wire_names[method.pagination.next])
    return (
        f"Paginated: {items} of the result holds one page. For the page after it, "
        f"call again with {following} of the result as {param}, until there is none."
    )


def _page(api: Api, method: Method) -> tuple[Field, ...]:
    """Return the fields of the struct that a paginated method returns."""
    assert method.returns is not None
    page = api.unaliased(method.returns)
    assert isinstance(page, NamedType)
    return api.fields(page)
