"""Which settings count for a document: those `secondstory lint` would use in the folder that is open in the editor."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from secondstory.language.allowing import BadBaseline, read_baseline
from secondstory.language.configuration import BadConfiguration, Configuration, configuration, given
from secondstory.language.engine import Analyser
from secondstory.language.reading import is_left_out


class Project(NamedTuple):
    """What one folder wants."""

    analyser: Analyser
    folder: Path
    exclude: tuple[str, ...] = ()
    baseline: Counter[str] = Counter()

    def leaves_out(self, path: Path | None) -> bool:
        """Whether a file is none of the analyser's business."""
        if path is None or not path.is_relative_to(self.folder):
            return False
        return is_left_out(path.relative_to(self.folder).as_posix(), self.exclude)


class Projects:
    """The settings of every open folder, read once and again when they change."""

    def __init__(self, config: Path | None = None, profile: str | None = None) -> None:
        self.config, self.profile = config, profile
        self.folders: list[Path] = []
        self.complaints: list[str] = []
        self._read: dict[Path, Project] = {}

    def forget(self) -> None:
        """The settings may have changed."""
        self._read.clear()

    def of(self, path: Path | None) -> Project:
        """The project a file belongs to; a file outside every open folder has its own folder's settings."""
        folder = self._folder_of(path)
        if folder not in self._read:
            self._read[folder] = self._project(folder)
        return self._read[folder]

    def _folder_of(self, path: Path | None) -> Path:
        if path is None:
            return self.folders[0] if self.folders else Path.cwd()
        inside = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(inside, key=lambda folder: len(folder.parts), default=path.parent)

    def _project(self, folder: Path) -> Project:
        try:
            settings = given(self.config) if self.config else configuration(folder)
            analyser = settings.analyser(settings.text("profile", self.profile, "internal"))
            return Project(analyser, folder, settings.list("exclude"), _baseline(settings))
        except (BadConfiguration, BadBaseline) as error:
            # The writer goes on writing; what is wrong with the settings is said once.
            self.complaints.append(str(error))
            return Project(Configuration().analyser(self.profile or "internal"), folder)


def _baseline(settings: Configuration) -> Counter[str]:
    name = settings.text("baseline", None)
    return read_baseline(str(settings.folder / name)) if name else Counter()
