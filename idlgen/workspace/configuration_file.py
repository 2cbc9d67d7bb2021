"""Reads a configuration file and says, with places, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from idlgen.diagnostics import Diagnostic
from idlgen.diagnostics.suggest import did_you_mean
from idlgen.targets import TARGETS, target_factory
from idlgen.workspace.chosen_target import unknown_target
from idlgen.workspace.configuration import OWN_FILE, PYPROJECT, Configuration, Found
from idlgen.workspace.toml_file import Keys, TomlFile, read_toml

_TABLE = ("tool", "idlgen")
_KEYS: Mapping[str, type] = {"schemas": list, "out": str, "targets": list}
_NOUNS = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}


def read_configuration(
    folder: Path, own: bytes | None, pyproject: bytes | None
) -> Found | None:
    """Return what the files of `folder` configure, or None if they configure nothing.

    `own` is idlgen.toml, all of which is ours; `pyproject` may say nothing of us.
    """
    files = []
    for name, data, prefix in ((OWN_FILE, own, ()), (PYPROJECT, pyproject, _TABLE)):
        toml = None if data is None else read_toml(name, data)
        if isinstance(toml, Diagnostic):
            return Found(None, (toml,))
        if toml is not None and toml.table(prefix) is not None:
            files.append((toml, prefix))
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
        if self._diagnostics:
            return Found(None, tuple(self._diagnostics))
        schemas, out, targets = (known.get(key) for key in _KEYS)
        return Found(
            Configuration(
                folder=self._folder,
                file=self._toml.source.path,
                schemas=_texts(schemas),
                out=out if isinstance(out, str) else None,
                targets=_texts(targets),
                options=options,
            )
        )

    def _known(self, key: str, value: object) -> object:
        if not isinstance(value, _KEYS[key]):
            self._report_type((key,), _KEYS[key])
        elif isinstance(value, list):
            if not value or not all(map(_is_name, value)):
                self._report_type((key,), list, " of texts with at least one entry")
            elif key == "targets":
                self._check_targets(value)
        elif not _is_name(value):
            self._report_type((key,), str, " that is not empty")
        return value

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
        for key, option in value.items():
            if key not in allowed:
                self._report_unknown((target, key), list(allowed))
            elif type(option) is not allowed[key]:
                self._report_type((target, key), allowed[key])
        return value

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


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(map(str, value)) if isinstance(value, list) else None
