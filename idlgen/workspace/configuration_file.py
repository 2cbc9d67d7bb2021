"""Reads a configuration file and says, with places, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from idlgen._version import __version__
from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.targets import TARGETS, target_factory
from idlgen.workspace.chosen_target import unknown_target
from idlgen.workspace.configuration import OWN_FILE, PYPROJECT, Configuration, Found
from idlgen.workspace.required_version import version_problem
from idlgen.workspace.toml_file import Keys, TomlFile, read_toml

_TABLE = ("tool", "idlgen")
_REQUIRED_VERSION = "required-version"
_KEYS: Mapping[str, type] = {
    _REQUIRED_VERSION: str,
    "schemas": list,
    "out": str,
    "targets": list,
    "templates": str,
}
_NOUNS = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}


def read_configuration(
    folder: Path, own: bytes | None, pyproject: bytes | None
) -> Found | None:
    """Return what the files of `folder` configure, or None if they configure nothing.

    `own` is idlgen.toml, all of which is ours; `pyproject` may say nothing of us. The
    version that they require comes first: the rest is written for that version.
    """
    files = []
    for name, data, prefix in ((OWN_FILE, own, ()), (PYPROJECT, pyproject, _TABLE)):
        toml = None if data is None else read_toml(name, data)
        if isinstance(toml, Diagnostic):
            return Found(None, (toml,))
        if toml is not None and toml.table(prefix) is not None:
            files.append((toml, prefix))
    for toml, prefix in files:
        refused = _refused(toml, prefix)
        if refused is not None:
            return Found(None, (refused,))
    if len(files) > 1:
        return Found(None, (_both(files[-1][0]),))
    return _Reader(*files[0], folder).read() if files else None


def _both(pyproject: TomlFile) -> Diagnostic:
    return Diagnostic(
        code="IDL505",
        message=f"both `{OWN_FILE}` and `[tool.idlgen]` of `{PYPROJECT}` configure idlgen",
        span=pyproject.key_span(_TABLE),
        path=PYPROJECT,
        hint="keep one of them and move into it what the other says",
    )


def _refused(toml: TomlFile, prefix: Keys) -> Diagnostic | None:
    """Return why the version that `toml` requires is not this one, or None."""
    required = (toml.table(prefix) or {}).get(_REQUIRED_VERSION)
    if not isinstance(required, str) or not required:
        return None
    span = toml.text_span((*prefix, _REQUIRED_VERSION), required)
    return version_problem(required, __version__, span)


class _Reader:
    """Reads one configuration file and collects what is wrong with it."""

    def __init__(self, toml: TomlFile, prefix: Keys, folder: Path) -> None:
        self._toml = toml
        self._prefix = prefix
        self._folder = folder
        self._diagnostics: list[Diagnostic] = []

    def read(self) -> Found:
        table = self._toml.table(self._prefix) or {}
        known = {key: self._known(key, table[key]) for key in _KEYS if key in table}
        options = {
            key: self._options(key, value)
            for key, value in table.items()
            if key not in _KEYS
        }
        configuration = Configuration(
            folder=self._folder,
            file=self._toml.source.path,
            required_version=_text(known.get(_REQUIRED_VERSION)),
            schemas=_texts(known.get("schemas")),
            out=_text(known.get("out")),
            targets=_texts(known.get("targets")),
            templates=_text(known.get("templates")),
            options={target: them for target, them in options.items() if them},
            places=self._places(known, options),
        )
        return Found(configuration, tuple(self._diagnostics))

    def _places(
        self, known: Mapping[str, object], options: Mapping[str, Mapping[str, object]]
    ) -> Mapping[Keys, Span]:
        keys: list[Keys] = [(key,) for key in known]
        keys += [(target, key) for target, them in options.items() for key in them]
        found = ((key, self._toml.key_span((*self._prefix, *key))) for key in keys)
        return {key: span for key, span in found if span is not None}

    def _known(self, key: str, value: object) -> object:
        """Return the value of `key`, or None if it was complained of."""
        before = len(self._diagnostics)
        if not isinstance(value, _KEYS[key]):
            self._report_type((key,), _KEYS[key])
        elif isinstance(value, list):
            if not value or not all(map(_is_name, value)):
                self._report_type((key,), list, " of texts with at least one entry")
            elif key == "targets":
                self._check_targets(value)
        elif not _is_name(value):
            self._report_type((key,), str, " that is not empty")
        return value if len(self._diagnostics) == before else None

    def _check_targets(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in TARGETS:
                span = self._toml.text_span((*self._prefix, "targets"), name)
                self._diagnostics.append(unknown_target(name, span))

    def _options(self, target: str, value: object) -> Mapping[str, object]:
        if target not in TARGETS:
            self._report_unknown((target,), [*_KEYS, *TARGETS])
            return {}
        if not isinstance(value, dict):
            self._report((target,), "IDL503", f"`{target}` must be a table of options")
            return {}
        allowed = target_factory(target).OPTIONS
        options = {}
        for key, option in value.items():
            if key not in allowed:
                self._report_unknown((target, key), list(allowed))
            elif type(option) is not allowed[key]:
                self._report_type((target, key), allowed[key])
            else:
                options[key] = option
        return options

    def _report_unknown(self, keys: Keys, allowed: list[str]) -> None:
        listed = ", ".join(f"`{key}`" for key in allowed) or "none at all"
        hint = did_you_mean(keys[-1], allowed)
        where = (
            f"the options of target `{keys[0]}`" if keys[1:] else "the configuration"
        )
        self._report(
            keys,
            "IDL502",
            f"unknown key `{keys[-1]}` in {where}",
            f"{hint} allowed here: {listed}" if hint else f"allowed here: {listed}",
        )

    def _report_type(self, keys: Keys, wanted: type, more: str = "") -> None:
        noun = _NOUNS.get(wanted, wanted.__name__)
        self._report(keys, "IDL503", f"`{'.'.join(keys)}` must be {noun}{more}")

    def _report(
        self, keys: Keys, code: str, message: str, hint: str | None = None
    ) -> None:
        self._diagnostics.append(
            Diagnostic(
                code=code,
                message=message,
                span=self._toml.key_span((*self._prefix, *keys)),
                path=self._toml.source.path,
                hint=hint,
            )
        )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != "" and "\0" not in value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(map(str, value)) if isinstance(value, list) else None
