"""What an outline is, when a section counts as written, and what is still missing. Knows no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REQUIRED = ("summary", "timeline", "impact", "factors", "learnings", "actions")
FACTOR_GROUPS = ("technical", "process", "communication", "environment", "tooling")
OBJECTION_HOURS = 48
# A question that "begin the write-up" put there is an invitation, not an answer.
PROMPT = re.compile(r"^>\s.*\?\s*$")
KEY = re.compile(r"^[a-z][a-z0-9_]{0,31}$")


@dataclass(frozen=True, slots=True)
class Outline:
    """One section of a template: its name and the questions that help to write it."""

    key: str
    title: str
    questions: tuple[str, ...] = ()
    required: bool = False

    def as_json(self) -> dict[str, Any]:
        """As kept in the organisation's own template."""
        return {"key": self.key, "title": str(self.title), "questions": [str(each) for each in self.questions]}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Outline:
        """From the organisation's own template."""
        key = str(data["key"])
        return Outline(key, str(data["title"]), tuple(data.get("questions", ())), key in REQUIRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a section when asking whether it is done."""

    key: str
    title: str
    state: str
    body: str
    required: bool
    has_rows: bool = False
    ends_in_person: bool = False


def words_of_ones_own(body: str) -> str:
    """The text without the questions that wait for an answer."""
    return "\n".join(line for line in body.split("\n") if not PROMPT.match(line)).strip()


def is_settled(section: Standing) -> bool:
    """Filled, with every chain led on to a condition; or said not to apply, or removed."""
    filled = section.has_rows or bool(words_of_ones_own(section.body))
    return section.state in {"na", "removed"} or (filled and not section.ends_in_person)


def unsettled(sections: Iterable[Standing]) -> list[Standing]:
    """Sections that still wait for words, those that publishing needs first."""
    return sorted((each for each in sections if not is_settled(each)), key=lambda each: not each.required)


def may_publish(sections: Sequence[Standing]) -> bool:
    """Whether all that is missing may be missing."""
    present = {each.key for each in sections if is_settled(each) and each.state != "removed"}
    return all(key in present for key in REQUIRED)


def outline_problems(sections: Sequence[Outline]) -> list[str]:
    """What is wrong with an edited template, in words for the page."""
    keys = [each.key for each in sections]
    problems = [f"“{key}” stands there twice." for key in sorted({key for key in keys if keys.count(key) > 1})]
    problems += [f"The section “{key}” belongs to every review." for key in REQUIRED if key not in keys]
    problems += [f"“{each.key}” has no title." for each in sections if not each.title.strip()]
    problems += [f"“{key}” is not a name of small letters." for key in keys if not KEY.match(key)]
    return problems


def images_in(text: str, review_id: str) -> list[int]:
    """Numbers of the review's own pictures that a text shows."""
    return [int(number) for number in re.findall(rf"/reviews/{re.escape(review_id)}/images/(\d{{1,9}})\b", text)]


def without_images(text: str, review_id: str, numbers: Iterable[int], instead: str) -> str:
    """The text with these pictures replaced by a word."""
    for number in numbers:
        text = re.sub(rf"!?\[[^\]\n]*\]\(/reviews/{re.escape(review_id)}/images/{number}(?:\s[^)]*)?\)", instead, text)
    return text
