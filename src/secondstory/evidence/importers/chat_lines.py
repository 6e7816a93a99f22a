"""How people and chat programs begin a line: a time, often who speaks, often what they said."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from secondstory.evidence.importers.day_headings import day_in
from secondstory.evidence.importers.not_names import LABELS, NOT_INITIALS

_CLOCK = r"(?P<time>\d{1,2}:\s?\d\d(?::\d\d)?|\d{1,2}[.h]\d\d(?:\.\d\d)?)(?:ish)?(?![\w%]|\.\d)"
_HALF = r"(?:\s?(?P<half>[ap]\.?m\b\.?))?"
_UNTIL = r"(?:\s?(?:-|\u2013|to|until)\s?\d{1,2}[:.]\d\d(?!\w))?"
_ZONE = r"(?:\s?\(?(?P<zone>UTC(?:[+-]\d{1,2})?|GMT(?:[+-]\d{1,2})?|BST|CES?T|E[SD]T|P[SD]T|Z|[+-]\d\d:?\d\d)\b\)?)?"
_DATE = r"(?P<day>\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{2,4})"
_BULLET = r"^\s{0,8}(?:(?:[-*+\u2022>|]|\d{1,2}[.)])\s+)*(?:\*\*|__|[*_`])?"
_LOOSE = r"(?:(?:c\.|ca\.?|~|about|around|approx\.?|at|by)\s*)?"
_TIMED = re.compile(
    rf"{_BULLET}{_LOOSE}(?P<open>[\[(])?(?:{_DATE}(?:,\s?|T|\s+))?(?<![\d.]){_CLOCK}{_HALF}{_UNTIL}{_ZONE}"
    r"[\])]?(?:\((?P<link>https?://[^\s()]{1,2000})\))?(?:\*\*|__|[*_`])?(?:\s*[:,|\u2013\u2014-](?=\s|$))?(?:\s+(?P<rest>\S.*)|\s*)$",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_][\w.'\u2019|@-]*"
_NAMED_THEN_TIMED = re.compile(
    rf"^(?P<who>{_NAME}(?:\s{_NAME}){{0,3}}?)(?P<gap>\s*[,\u2013\u2014-]\s+|\s+)(?P<open>[\[(])?"
    rf"(?:(?P<when>today|yesterday|[a-z]+day|[a-z]{{3,9}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,\s\d{{4}})?|{_DATE})(?:,|\sat)?\s)?"
    rf"{_CLOCK.replace('[.h]', '[h]')}{_HALF}{_ZONE}[\])]?$",
    re.IGNORECASE,
)
_INITIALS = r"[A-Z]{2,4}"
_TOGETHER = re.compile(
    rf"^(?P<who>{_INITIALS}(?:(?:\s?[/&+,]\s?|\s?,?\sand\s){_INITIALS})*)(?:\s?[:\u2013\u2014-]?\s+(?P<text>\S.*)|:?\s*)$"
)
_IN_ANGLES = re.compile(r"^<\s?[@+%&~]?(?P<who>[^<>\s][^<>]{0,60})>\s*(?P<text>.*)$")
_WITH_COLON = re.compile(
    rf"^(?:\*\*)?(?P<who>@?{_NAME}(?:\s{_NAME}){{0,2}})(?:\*\*)?\s?:(?:\*\*)?(?:\s+(?P<text>\S.*)|\s*)$"
)
_TABBED = re.compile(r"^(?P<who>[^\t]{1,40}?)\s*\t+\s*(?P<text>.*)$")
_CALL = re.compile(r"^From\s+(?P<who>.{1,60}?)\s+to\s+.{1,60}?\s?:\s*(?P<text>.*)$", re.IGNORECASE)
# Slack copies the picture somebody chose as their status between name and time.
_STATUS = re.compile(r"^\s*(?::[\w+'-]+:\s+)+(?=\d)")
_FULL_NAME_THEN_TIME = re.compile(
    r"^(?P<who>[^\W\d_][\w.'\u2019-]*(?:\s[^\W\d_][\w.'\u2019-]*){1,2})\s(?P<time>\d{1,2}:\d\d)$"
)
_HANDLE = re.compile(r"^[\w.@-]*[-_.@\d][\w.@-]*$")
# Most lines hold no time: a glance spares them the long looks.
_CLOCK_SOMEWHERE = re.compile(r"\d[:.h]\s?\d")
_NEAR = 160
_MOST_CELLS_WITHOUT_SPEAKER = 2
_HALF_A_DAY = 12


class Begun(NamedTuple):
    """The beginning of a message. `maybe` is who spoke if what was said follows on the next lines."""

    time: str
    half: str
    zone: str
    day: str
    who: str
    text: str
    maybe: str = ""
    named_first: bool = False
    link: str = ""
    loosely: bool = False


def begun(line: str, speakers: AbstractSet[str] = frozenset(), *, loose: bool = False) -> Begun | None:
    """What a line begins, None when it goes on with what was before.

    `loose`: a full name and a time with one space between them begin a message too.
    """
    if not _CLOCK_SOMEWHERE.search(line[:_NEAR]):
        return None
    match = _TIMED.match(_STATUS.sub("  ", line) if line.lstrip().startswith(":") else line)
    if match is None:
        return _named_first(line) or (_full_name_first(line) if loose else None)
    rest, half = (match["rest"] or "").strip(), match["half"] or ""
    if half and int(match["time"].split(":")[0].split(".")[0].split("h")[0]) > _HALF_A_DAY:
        # "16.49 AM rolled back": somebody's initials.
        rest, half = f"{half} {rest}", ""
    if match["open"] == "(" and "(" not in rest:
        rest = rest.removesuffix(")")
    bracketed = bool(match["open"]) and not match["link"]
    who, text, maybe = (
        _table_row(rest) if line.lstrip().startswith("|") else _speaker(rest, speakers, bracketed=bracketed)
    )
    return Begun(
        match["time"], half, match["zone"] or "", match["day"] or "", who, text, maybe, link=match["link"] or ""
    )


def by_nobody(found: Begun) -> Begun:
    """The same beginning as a heading: a time alone there goes on with nobody's words."""
    return Begun(*found[:7], named_first=True, link=found.link)


def _named_first(line: str) -> Begun | None:
    """As in "Ana Lund  2:05 PM": two spaces, brackets, a dash or AM and PM tell it from a sentence that ends with a time."""
    match = _NAMED_THEN_TIMED.match(line.strip()) if len(line) < _NEAR else None
    if match is None or match["who"].lower() in LABELS:
        return None
    sure = len(match["gap"]) > 1 or match["gap"] == "\t" or match["open"] or match["half"] or match["when"]
    if not sure or match["who"].split()[-1].lower() in {
        "at",
        "until",
        "till",
        "from",
        "by",
        "since",
        "to",
        "around",
        "about",
    }:
        return None
    who = match["who"].removesuffix("APP").strip()
    return Begun(
        match["time"], match["half"] or "", match["zone"] or "", match["when"] or "", who, "", named_first=True
    )


def _full_name_first(line: str) -> Begun | None:
    match = _FULL_NAME_THEN_TIME.match(line.strip())
    if match is None or not all(word[0].isupper() for word in match["who"].split()):
        return None
    return Begun(match["time"], "", "", "", match["who"], "", named_first=True, loosely=True)


def _table_row(rest: str) -> tuple[str, str, str]:
    cells = [cell.strip() for cell in rest.strip("| ").split("|")]
    if len(cells) < _MOST_CELLS_WITHOUT_SPEAKER or not is_name(cells[0]):
        return "", " | ".join(cells), ""
    return cells[0], " | ".join(cells[1:]), ""


def _speaker(rest: str, speakers: AbstractSet[str], *, bracketed: bool) -> tuple[str, str, str]:
    """Who speaks, what they say, and who might be speaking if more follows."""
    for shape in (_IN_ANGLES, _CALL, _TABBED):
        if match := shape.match(rest):
            return match["who"].strip(), match["text"], ""
    if (together := initials_first(rest, speakers)) is not None:
        return *together, ""
    match = _WITH_COLON.match(rest)
    if match and is_name(match["who"]):
        return match["who"].lstrip("@"), match["text"] or "", ""
    if (bracketed and is_name(rest)) or _HANDLE.match(rest):
        return "", rest, rest
    return "", rest, ""


def initials_first(text: str, speakers: AbstractSet[str]) -> tuple[str, str] | None:
    """Initials at the beginning of a line, several of them perhaps, and the rest."""
    match = _TOGETHER.match(text)
    if match is None:
        return None
    each = re.findall(_INITIALS, match["who"].replace(" and ", " "))
    if any((one in NOT_INITIALS or one.lower() in LABELS) and one not in speakers for one in each):
        return None
    return match["who"], match["text"] or ""


def said_in_between(line: str, speakers: AbstractSet[str]) -> tuple[str, str] | None:
    """A line without a time that begins with somebody who speaks elsewhere."""
    head = line.split(" ", 1)[0].rstrip(":")
    if head in speakers and (found := initials_first(line, speakers)):
        return found
    match = _WITH_COLON.match(line) if ":" in line else None
    if match and match["who"].lstrip("@") in speakers and match["text"]:
        return match["who"].lstrip("@"), match["text"]
    return None


def is_name(text: str) -> bool:
    """One to three words of which each could be a part of a name, and no label such as "Update"."""
    words = text.lstrip("@").split()
    if not 1 <= len(words) <= 3 or text.lower().rstrip(":") in LABELS or words[0].lower() in LABELS:  # noqa: PLR2004 - three
        return False
    if "//" in text or (text.isupper() and text in NOT_INITIALS):
        return False
    return len(words) == 1 or all(word[:1].isupper() or not word[:1].isalpha() for word in words)


def day_told(told: str, near: date | None) -> date | None:
    """The day written beside a time ("3/3", "Mar 3rd", "03.03.2031"); day first, unless only month first can be."""
    if not told or not any(c.isdigit() for c in told):
        return None
    if "/" in told or told.count(".") == 2:  # noqa: PLR2004 - two dots part day, month and year
        return _from_numbers([int(n) for n in re.findall(r"\d+", told)], near)
    return day_in(told, near)


def _from_numbers(numbers: list[int], near: date | None) -> date | None:
    year = numbers[2] if len(numbers) > 2 else near.year if near else None  # noqa: PLR2004 - the third is the year
    if year is None:
        return None
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - two digits of a year
    day, month = numbers[0], numbers[1]
    if near and len(numbers) == 2 and (near.month, near.day) == (day, month):  # noqa: PLR2004 - no year told
        return near
    for d, m in ((day, month), (month, day)):
        try:
            return date(year, m, d)
        except ValueError:
            continue
    return None
