"""What triage shows, read as one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Left, Length
from django.utils import timezone

from secondstory.evidence.models import Evidence
from secondstory.evidence.telling import as_told_to
from secondstory.reviews.models import Review
from secondstory.timeline import wording
from secondstory.timeline.models import Moment, Proposed
from secondstory.timeline.proposal_words import TOLD
from secondstory.timeline.triage_filter import TriageFilter, matching, page_of, with_state

SHOWN_OF_A_LINE = 900
STRONG = 15
MONOSPACED = {"alert", "recovery", "log"}


@dataclass(slots=True)
class TriageLine:
    """A line of evidence, why it is proposed, and what became of it."""

    line: Any
    proposed: Proposed | None = None

    @property
    def state(self) -> str:
        if self.taken:
            return "taken"
        if self.left_out:
            return "dismissed"
        return "proposed" if self.proposed else "plain"

    @property
    def taken(self) -> bool:
        return bool(self.line.moment_id)

    @property
    def left_out(self) -> bool:
        return not self.line.moment_id and bool(self.line.left_out)

    @property
    def moment(self) -> str:
        """The id of the moment that rests on it."""
        return self.line.moment_id or ""

    @property
    def icon(self) -> str:
        return wording.ICONS.get(self.line.kind, "evidence")

    @property
    def hour(self) -> str:
        return f"{timezone.localtime(self.line.at):%Y%m%d%H}"

    @property
    def service(self) -> str:
        """The service, where the place does not say it already."""
        return "" if self.line.service in self.line.place.split(" · ") else str(self.line.service)

    @property
    def word(self) -> str:
        """Why it is proposed, in a word."""
        return _told(self.proposed.word) if self.proposed else ""

    @property
    def reasons(self) -> list[str]:
        return [_told(reason) for reason in self.proposed.reasons] if self.proposed else []

    @property
    def strong(self) -> bool:
        return bool(self.proposed and self.proposed.rank <= STRONG)

    @property
    def monospaced(self) -> bool:
        return self.line.kind in MONOSPACED

    @property
    def more(self) -> bool:
        return bool(self.line.length > SHOWN_OF_A_LINE)


@dataclass(slots=True)
class TriagePage:
    """Lines, and the marks where the next and the previous ones begin."""

    lines: list[TriageLine] = field(default_factory=list)
    after: str = ""
    before: str = ""


def _told(reason: str) -> str:
    return str(TOLD.get(reason, reason))


def page(review: Review, person: Any, form: TriageFilter, after: str, before: str) -> TriagePage:
    """A page of the lines that are asked for."""
    lines, next_, previous = page_of(matching(_lines(review, person), review.pk, form), form.how, after, before)
    return TriagePage(_explained(review, person, lines), next_, previous)


def lines_numbered(review: Review, person: Any, numbers: Iterable[int]) -> list[TriageLine]:
    """These lines as they now stand, in their order in time."""
    lines = _lines(review, person).filter(number__in=set(numbers)).order_by("at", "number")
    return _explained(review, person, list(lines))


def _lines(review: Review, person: Any) -> Any:
    lines = with_state(Evidence.objects.visible_to(person).filter(review=review, struck_at=None))
    lines = lines.annotate(said=Left("text", SHOWN_OF_A_LINE), length=Length("text"))
    return lines.defer("text", "payload", "digest", "link", "masked")


def _explained(review: Review, person: Any, lines: Sequence[Any]) -> list[TriageLine]:
    rows = Proposed.objects.visible_to(person).filter(review=review, evidence_id__in=[line.pk for line in lines])
    why = {row.evidence_id: row for row in rows}
    return [TriageLine(line, why.get(line.pk)) for line in as_told_to(person, review, lines)]


def accepted(review: Review, person: Any) -> list[dict[str, Any]]:
    """The moments so far, in a word each."""
    moments = Moment.objects.visible_to(person).standing().filter(review=review)
    return list(moments.values("pk", "pivot", "when", "at", said=Left("what", 140)))
