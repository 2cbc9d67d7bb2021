"""Every code that idlgen reports, in bands; a code that is retired stays in the table."""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """What `idlgen explain` prints: a short title and what to do about it."""

    title: str
    hint: str
    severity: str = "error"


BANDS: dict[str, str] = {
    "IDL0": "File and structure",
    "IDL1": "Names and types",
    "IDL2": "Style",
    "IDL3": "Compatibility",
    "IDL4": "Targets, wires and output",
    "IDL5": "Configuration and command line",
}
"""How the codes of a band begin, and what they are about."""

CODES: dict[str, Code] = {
    "IDL001": Code(
        "there is no such file",
        "Name a schema that exists; paths on the command line are relative to the "
        "working folder, those of a configuration to its own folder.",
    ),
    "IDL002": Code(
        "a folder is named where a schema is expected",
        "Name the files in it, for instance `schemas/*.yaml`.",
    ),
    "IDL003": Code(
        "a file cannot be read",
        "Give the user who runs idlgen the right to read it.",
    ),
    "IDL010": Code(
        "the file is not UTF-8",
        "Save the schema as UTF-8; other encodings, UTF-16 among them, are not read.",
    ),
    "IDL011": Code(
        "the file is empty",
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
    "IDL027": Code(
        "the path of an import cannot be used",
        "Write a path with slashes, relative to the file that imports: `../common.yaml`.",
    ),
    "IDL028": Code(
        "an imported file is not there or cannot be read",
        "Correct the path, which is relative to the file that imports.",
    ),
    "IDL029": Code(
        "an import leads out of the project",
        "Keep what is imported beneath the folder of the configuration; without one, "
        "beneath the folder of the schema that is built.",
    ),
    "IDL030": Code(
        "too much is imported",
        "Name schemas to the command or in `schemas`: those do not count.",
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
        "A generic struct takes as many as it declares, `map` one or two, the other containers one.",
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
        "a type can never be finite",
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
        "a struct is derived from what is none",
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
        "an enum or a union has nothing in it, or a value twice",
        "List each value or variant once, and at least one.",
    ),
    "IDL118": Code(
        "a name is taken by what is generated",
        "Rename the declaration that the message names.",
    ),
    "IDL119": Code(
        "a constraint does not apply to the type",
        "Numbers take `min` and its kin, texts lengths and `pattern`, containers counts.",
    ),
    "IDL120": Code(
        "a constraint cannot be met",
        "Give each bound a value of the type it bounds, the lower below the upper.",
    ),
    "IDL121": Code(
        "a pattern cannot be used",
        "Write what JavaScript and Python read alike: no look-behind, no named groups.",
    ),
    "IDL122": Code(
        "`pick<>` or `omit<>` names a field that is not there, or one twice",
        "Name fields of the struct, separated by `|`.",
    ),
    "IDL123": Code(
        "a field overrides an inherited one",
        "`extends` only adds fields: rename it, or `pick` the fields to keep.",
    ),
    "IDL124": Code(
        "a stream stands where it cannot",
        "`stream<T>` is the whole type of a method's result, or of one of its params.",
    ),
    "IDL125": Code(
        "the arguments of a generic struct grow without end",
        "Hand on the type param itself (`Tree<T>`), not a type made of it (`Tree<list<T>>`).",
    ),
    "IDL126": Code(
        "a variant does not fit beside its union's tag",
        "Call the tag otherwise with `tag:`, or give a `flat` union structs without a field of that name.",
    ),
    "IDL130": Code(
        "scopes are asked of callers who prove nothing",
        "Ask for a proof with `auth: bearer` or `auth: api_key`, or leave `scopes` out.",
    ),
    "IDL131": Code(
        "a method cannot be paginated so",
        "Let an optional param take the cursor, and return a struct with one list and an optional `next`.",
    ),
    "IDL132": Code(
        "a number is pinned twice",
        "Give one of the two another `number:`, or leave it out there.",
    ),
    "IDL133": Code(
        "a param cannot be such a stream",
        "A method takes at most one stream, always required and without a default.",
    ),
    "IDL134": Code(
        "a service's package has a name that is reserved",
        "Give the package another name: JSON-RPC keeps method names that begin with `rpc.`.",
    ),
    "IDL401": Code(
        "two names are the same in Python",
        "Give one of them a `name:`; Python names are snake_case, constants upper case.",
    ),
    "IDL402": Code(
        "a name is the same as one that is generated",
        "Give one of the two declarations that the message names a `name:`.",
    ),
    "IDL403": Code(
        "two packages meet in one place of the Python output",
        "Give one of the packages another name.",
    ),
    "IDL404": Code(
        "a wire name cannot be a key of a Python struct",
        "Leave quotes, backslashes and control characters out of wire names.",
    ),
    "IDL451": Code(
        "a generated file is missing",
        "Run `idlgen build` and commit what it writes.",
    ),
    "IDL452": Code(
        "a file that idlgen did not write stands where a generated one belongs",
        "Move or delete it, or choose another output folder: idlgen never overwrites "
        "a file without its header.",
    ),
    "IDL453": Code(
        "a generated file was edited by hand",
        "Keep the change elsewhere, then let `idlgen build --force` write the file anew.",
    ),
    "IDL454": Code(
        "the schema changed after the file was generated",
        "Run `idlgen build` and commit what it writes.",
    ),
    "IDL455": Code(
        "generator, template or options changed after the file was generated",
        "Run `idlgen build` and commit what it writes.",
    ),
    "IDL456": Code(
        "both the schema and the generator or a template changed",
        "Run `idlgen build` and commit what it writes.",
    ),
    "IDL457": Code(
        "a generated file is orphaned: its schema is gone or no longer makes it",
        "Run `idlgen build`, which removes it unless somebody edited it.",
    ),
    "IDL458": Code(
        "a generated file differs though neither schema nor generator changed",
        "Run `idlgen build` and commit what it writes.",
    ),
    "IDL460": Code(
        "something stands in the output's way",
        "Move it, or choose another output folder with `--out`.",
    ),
    "IDL461": Code(
        "the output cannot be written or read",
        "Check permissions and free space; nothing was changed.",
    ),
    "IDL462": Code(
        "a link leads out of the output folder",
        "Replace the link by what it points to, or choose another output folder.",
    ),
    "IDL463": Code(
        "a target wants to write outside the output folder",
        "This is a fault of the target: report it to its authors.",
    ),
    "IDL464": Code(
        "two outputs want the same path",
        "Give one of the packages another name, or build them into different folders.",
    ),
    "IDL465": Code(
        "a generated file belongs to another schema",
        "Give the packages different names; `--force` hands the file over.",
    ),
    "IDL501": Code(
        "a configuration file is not TOML",
        "Mend the syntax at the place shown.",
    ),
    "IDL502": Code(
        "a key of the configuration is unknown",
        "Use a key that the message lists.",
    ),
    "IDL503": Code(
        "a key of the configuration has a value of the wrong type",
        "Write the value that the message asks for.",
    ),
    "IDL504": Code(
        "a target is unknown",
        "Use a target that the message lists.",
    ),
    "IDL505": Code(
        "two files configure idlgen",
        "Keep either `idlgen.toml` or `[tool.idlgen]` of pyproject.toml.",
    ),
    "IDL506": Code(
        "no schema is given",
        "Name a schema, or set `schemas` in the configuration.",
    ),
    "IDL507": Code(
        "a glob matches no file",
        "Globs of a configuration are relative to its own folder.",
    ),
    "IDL508": Code(
        "two schemas have the same name",
        "Without a configuration headers hold only a file's name: add an `idlgen.toml`.",
    ),
    "IDL509": Code(
        "a target refuses its options",
        "Change the option as the message says.",
    ),
    "IDL510": Code(
        "the project requires another version of idlgen",
        "Install a version that fits, or change `required-version`.",
    ),
    "IDL511": Code(
        "the required version cannot be read",
        "Write comparisons with commas between them, as in `>=0.1,<0.2`.",
    ),
    "IDL512": Code(
        "the project's own templates cannot be read",
        "`templates` names a folder beside the configuration; its files are UTF-8.",
    ),
    "IDL513": Code(
        "a template replaces nothing",
        "Call it as the built-in one is called, in the folder of its target.",
    ),
    "IDL514": Code(
        "a template is not valid Jinja",
        "Mend the syntax at the place shown.",
    ),
    "IDL515": Code(
        "a template fails while it renders",
        "Use what docs/configuration.md lists for the template.",
    ),
    "IDL516": Code(
        "black is missing, which formats what own templates write",
        "Install the extra: `pip install 'idlgen[format]'`.",
    ),
    "IDL517": Code(
        "a template writes what is not Python",
        "Mend the template; the message shows what it wrote.",
    ),
}
