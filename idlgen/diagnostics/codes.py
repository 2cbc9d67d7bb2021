"""Every code that idlgen reports, in bands.

IDL0xx file and structure; IDL1xx names and types; IDL2xx style; IDL3xx compatibility;
IDL4xx targets, wires and output; IDL5xx configuration and command line. A code that is
retired stays in the table.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """What `idlgen explain` prints: a short title and what to do about it."""

    title: str
    hint: str
    severity: str = "error"


CODES: dict[str, Code] = {
    "IDL010": Code(
        "the file is not UTF-8",
        "Save the schema as UTF-8; other encodings, UTF-16 among them, are not read.",
    ),
    "IDL011": Code(
        "the file declares nothing",
        "Add `types:`, `errors:` or `services:`; `idlgen init` writes an example.",
    ),
    "IDL012": Code(
        "the file is not valid YAML",
        "Mend the syntax at the place shown; texts that hold `{`, `: ` or ` #` need quotes.",
    ),
    "IDL013": Code(
        "anchors and aliases are not allowed",
        "Declare a type and name it wherever it is used.",
    ),
    "IDL014": Code(
        "YAML tags are not allowed",
        "Leave the tag out; each key says what it expects.",
    ),
    "IDL015": Code(
        "merge keys are not allowed",
        "Write the members out, or declare a type and name it.",
    ),
    "IDL016": Code(
        "a key is given twice",
        "Keep one of the two, or rename one.",
    ),
    "IDL017": Code(
        "the file holds several YAML documents",
        "Move each document into a file of its own.",
    ),
    "IDL018": Code(
        "the file is over a limit",
        "Split the schema into several files, or flatten what is nested deep.",
    ),
    "IDL019": Code(
        "a key is not a text",
        "Quote a text that begins with `{` or `[`; YAML reads it as a map or a list.",
    ),
    "IDL020": Code(
        "a construct has no such key",
        "Use one of the keys that the message lists; keys that start with `x-` are yours.",
    ),
    "IDL021": Code(
        "a value has the wrong shape",
        "Write the text, list or map that the message asks for.",
    ),
    "IDL022": Code(
        "a key is missing",
        "Add the key that the message names.",
    ),
    "IDL023": Code(
        "a key has a value that it cannot have",
        "Choose one of the values that the hint shows.",
    ),
    "IDL024": Code(
        "the edition is not known",
        "Use an edition that this version knows, or update idlgen.",
    ),
    "IDL025": Code(
        "PyYAML lacks libyaml",
        "Install a PyYAML wheel or build it with libyaml: the pure reader refuses `{a: int?}`.",
    ),
    "IDL026": Code(
        "a character is not allowed in YAML",
        "Write the character as an escape in double quotes.",
    ),
    "IDL101": Code(
        "a name has characters that names cannot have",
        "Types, errors and services begin with a capital; members with a letter or `_`; packages are dotted lower_snake.",
    ),
    "IDL102": Code(
        "a type is not known",
        "Correct the spelling, or declare the type under `types:`.",
    ),
    "IDL103": Code(
        "a type expression cannot be read",
        "Write types as `string`, `list<User>`, `map<string, int>` or `User | null`.",
    ),
    "IDL104": Code(
        "`?` stands where nothing can be absent",
        "Only a field or a param may be absent; write `| null` for a value that may be null.",
    ),
    "IDL105": Code(
        "a type has the wrong number of arguments",
        "`list<T>`, `set<T>` and `partial<T>` take one, `map` one or two, other types none.",
    ),
    "IDL106": Code(
        "an alias refers to itself",
        "Let the recursion go through a struct.",
    ),
    "IDL107": Code(
        "a name is declared twice",
        "Types, errors and services of a package share one namespace: rename one.",
    ),
    "IDL108": Code(
        "a struct can never be finite",
        "Make a member of the cycle optional (`T?`), nullable, or a list.",
    ),
    "IDL109": Code(
        "a default or an example does not fit",
        "Write a value of the member's type.",
    ),
    "IDL110": Code(
        "a map key or a set element has the wrong type",
        "Use a scalar that has one text for each value, an enum, or a name of these.",
    ),
    "IDL111": Code(
        "a newtype is made over the wrong type",
        "A newtype is over a scalar other than bool, any and the floats; `alias:` takes all types.",
    ),
    "IDL112": Code(
        "`partial<>` is not given a struct",
        "Name a struct that is not itself a partial.",
    ),
    "IDL113": Code(
        "a method lists an error wrongly",
        "List each declared error once.",
    ),
    "IDL114": Code(
        "a member has both `?` and a default",
        "With a default the reader fills in what is absent: leave `?` out.",
    ),
    "IDL115": Code(
        "an error's message is not a template",
        "Name the error's own fields in braces; `{{` and `}}` are braces.",
    ),
    "IDL116": Code(
        "an error is used as a type",
        "List the error under `errors:` of a method, or declare a struct.",
    ),
    "IDL117": Code(
        "an enum has no values, or one twice",
        "List each value once, and at least one.",
    ),
    "IDL118": Code(
        "a name is taken by what is generated",
        "Rename the declaration that the message names.",
    ),
}
