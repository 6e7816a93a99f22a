"""How a section came about, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from secondstory.texts.models import Snapshot
from secondstory.writing.differing import differing
from secondstory.writing.models import ChainSnapshot, Section, SectionChange


@dataclass(frozen=True, slots=True)
class Step:
    """One sitting of one person, or one mark: who, when, what differs."""

    at: datetime
    by: str
    what: str
    differing: list[tuple[str, str]] = field(default_factory=list)
    version: int = 0
    newest: bool = False


def steps_of(
    snapshots: Sequence[Snapshot | ChainSnapshot],
    marks: Sequence[SectionChange],
    called: Mapping[str, str],
    read: Callable[[str], str] = str,
) -> list[Step]:
    """Texts and marks in one line, the newest first. `snapshots` stand newest first; `read` fills in their quotes."""
    steps = []
    texts = [read(each.stored) for each in snapshots] + [""]
    for number, each in enumerate(snapshots):
        who = called.get(each.by_id or "", _("somebody who left"))
        parts = shortened(differing(texts[number + 1], texts[number]))
        steps.append(Step(each.at, who, _("wrote"), parts, each.version, number == 0))
    steps += [Step(mark.at, called.get(mark.by_id or "", _("somebody who left")), _marked(mark)) for mark in marks]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _marked(mark: SectionChange) -> str:
    if mark.after == Section.State.NOT_APPLICABLE:
        return _("said that it does not apply: %(reason)s") % {"reason": mark.reason}
    if mark.after == Section.State.REMOVED:
        return _("removed it from this review")
    return _("brought it back")


SHOWN_AROUND = 160


def shortened(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Long passages in which nothing differs are cut to what stands near a difference."""
    done = []
    for number, (kind, words) in enumerate(parts):
        if kind != "same" or len(words) <= 2 * SHOWN_AROUND:
            done.append((kind, words))
            continue
        head = words[:SHOWN_AROUND] if number else ""
        tail = words[-SHOWN_AROUND:] if number + 1 < len(parts) else ""
        done += [each for each in (("same", head), ("cut", "…"), ("same", tail)) if each[1]]
    return done
