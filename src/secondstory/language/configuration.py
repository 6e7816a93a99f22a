"""A project's own settings: `.secondstory.toml`, or `[tool.secondstory.lint]` in `pyproject.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from secondstory.language.catalogue import BadRule, Catalogue, read_rules, shipped
from secondstory.language.engine import Analyser, Settings
from secondstory.language.findings import SEVERITIES

OWN_FILE = ".secondstory.toml"
PROFILES: Mapping[str, Settings] = {
    "draft": Settings(floor="warn"),
    "internal": Settings(floor="info"),
    "public": Settings(floor="info", capped=False),
}
BARS = (*SEVERITIES[1:], "never")
KINDS: Mapping[str, type] = {
    "profile": str,
    "fail-on": str,
    "baseline": str,
    "names": list,
    "exempt": list,
    "enable": list,
    "rules": list,
    "exclude": list,
    "roles": dict,
    "severities": dict,
}


class BadConfiguration(Exception):
    """Settings that cannot be used, with the file and what is wrong."""


class Configuration(NamedTuple):
    """What a project says about linting, and the folder its paths count from."""

    values: Mapping[str, Any] = {}
    folder: Path = Path()

    def text(self, name: str, given: str | None, otherwise: str = "") -> str:
        """What was given on the command line, else what the project says."""
        return given or str(self.values.get(name, otherwise))

    def list(self, name: str) -> tuple[str, ...]:
        """A list of the project's."""
        return tuple(map(str, self.values.get(name, ())))

    def analyser(self, profile: str) -> Analyser:
        """The analyser as this project wants it."""
        base = PROFILES[profile]
        enabled = frozenset(self.list("enable"))
        probes = any(rule.startswith("SP") for rule in enabled)
        settings = base._replace(
            severities=dict(self.values.get("severities", {})),
            enabled=enabled,
            names=self.list("names"),
            roles=dict(self.values.get("roles", {})),
            exempt=self.list("exempt"),
            floor="hint" if probes and base.floor == "info" else base.floor,
        )
        try:
            return Analyser(self._catalogue(), settings)
        except re.error as error:
            raise BadConfiguration(f"{self.folder}: exempt holds no regular expression: {error}") from error

    def _catalogue(self) -> Catalogue:
        own = [self.folder / path for path in self.list("rules")]
        catalogue = shipped()
        try:
            return catalogue.with_rules([*catalogue.rules, *read_rules(own, catalogue.pieces)]) if own else catalogue
        except (BadRule, OSError) as error:
            raise BadConfiguration(str(error)) from error


def configuration(start: Path) -> Configuration:
    """The nearest settings at or above a folder, or none."""
    for folder in (start, *start.parents):
        own, project = folder / OWN_FILE, folder / "pyproject.toml"
        if own.is_file():
            return _checked(_read(own), own)
        if project.is_file() and (table := _read(project).get("tool", {}).get("secondstory", {}).get("lint")):
            return _checked(table, project)
    return Configuration()


def given(path: Path) -> Configuration:
    """The settings of one file."""
    data = _read(path)
    return _checked(data.get("tool", {}).get("secondstory", {}).get("lint", data), path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadConfiguration(f"{path}: {error}") from error


def _checked(values: Mapping[str, Any], path: Path) -> Configuration:
    for name, value in values.items():
        if name not in KINDS:
            raise BadConfiguration(f"{path}: nothing is called {name!r} here; there are {', '.join(sorted(KINDS))}")
        if not isinstance(value, KINDS[name]):
            raise BadConfiguration(f"{path}: {name} is a {KINDS[name].__name__}")
    known = {rule.id for rule in shipped().rules}
    for rule, severity in values.get("severities", {}).items():
        if severity not in SEVERITIES:
            raise BadConfiguration(f"{path}: {rule} is one of {', '.join(SEVERITIES)}")
        if rule not in known and not values.get("rules"):
            raise BadConfiguration(f"{path}: there is no rule {rule}")
    if values.get("profile", "internal") not in PROFILES:
        raise BadConfiguration(f"{path}: profile is one of {', '.join(PROFILES)}")
    if values.get("fail-on", "never") not in BARS:
        raise BadConfiguration(f"{path}: fail-on is one of {', '.join(BARS)}")
    if not all(isinstance(label, str) for label in values.get("roles", {}).values()):
        raise BadConfiguration(f"{path}: each of roles is the name of a role")
    return Configuration(values, path.parent)
