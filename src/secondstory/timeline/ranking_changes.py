"""Reads a review's evidence through once, and keeps which lines are likely moments, where, and when.

A page never ranks many lines itself: beyond a few thousand it notes that ranking is due, and the sweep does it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from secondstory.evidence.models import Evidence, Import
from secondstory.live.changes import tell
from secondstory.reviews.models import KeyTime, Review
from secondstory.timeline.density import FINE, slots
from secondstory.timeline.models import Proposed, Ranking
from secondstory.timeline.proposals import Context, Line, Proposal, propose
from secondstory.work.rows import each_by_itself

AT_ONCE = 2_000
RANKED_AT_ONCE = 20
AGAIN_AFTER = timedelta(minutes=10)
FEWEST, MOST = 40, 400
SHARE = 7
MOST_PLACES = 200


def fresh(review: Review) -> Ranking:
    """The review's ranking; made now when there is little to read, else as it stands while a new one is under way."""
    newest = _lines(review).order_by("-number").values("number")[:1]
    ranking: Any = (
        Ranking.objects.for_system("the caller checked the review")
        .filter(review=review)
        .annotate(newest=Coalesce(Subquery(newest), 0))
        .first()
    )
    if ranking and ranking.due_at is None and ranking.upto == ranking.newest:
        return cast("Ranking", ranking)
    if (ranking.newest if ranking else _newest(review)) <= AT_ONCE:
        return rank(review)
    if ranking is None or ranking.due_at is None:
        due(review.pk)
    return ranking or Ranking(review=review, due_at=timezone.now())


def rank_due() -> bool:
    """Ranks the reviews that wait for it."""
    running = Import.objects.for_system("what is still coming in").filter(state=Import.State.RUNNING)
    waiting = Ranking.objects.for_system("sweep of rankings").filter(due_at__lte=timezone.now())
    # A review whose evidence is still coming in is ranked when all of it is there.
    waiting = waiting.exclude(review__in=running.values("review")).select_related("review").order_by("due_at")
    each_by_itself("rank evidence", waiting[:RANKED_AT_ONCE], _rank_and_tell)
    return False


def _rank_and_tell(ranking: Ranking) -> None:
    try:
        rank(ranking.review)
    except Exception:
        # Reading a large review again takes seconds: one that failed waits a while. One that was cut off does not.
        again = timezone.now() + AGAIN_AFTER
        Ranking.objects.for_system("a failed one waits").filter(review_id=ranking.review_id).update(due_at=again)
        raise
    tell(f"review:{ranking.review_id}")


def due(review_id: str) -> None:
    """Says that a review has new evidence, or says something else about itself."""
    with transaction.atomic():
        ranking = Ranking.objects.for_system("ranking waits its turn").filter(review_id=review_id).first()
        ranking = ranking or Ranking(review_id=review_id)
        ranking.due_at = timezone.now()
        ranking.save()


def rank(review: Review) -> Ranking:
    """Ranks all lines of a review. Reading takes seconds and holds nothing; writing is one short transaction."""
    seen = _Seen()
    lines = _lines(review).filter(struck_at=None).order_by("at", "number")
    count = lines.count()
    proposals = propose(seen.through(lines), context_of(review), limit=max(FEWEST, min(MOST, count // SHARE)))
    slot, counts = slots(seen.slots)
    ranking = Ranking(
        review=review,
        upto=max(seen.upto, _newest(review)),
        slot=slot,
        counts=counts,
        places=[place for place, _ in seen.places.most_common(MOST_PLACES)],
        kinds=sorted(seen.kinds),
        made_at=timezone.now(),
    )
    with transaction.atomic():
        Review.objects.for_system("two rankings of one review take turns").select_for_update().filter(
            pk=review.pk
        ).first()
        ranking.save()
        _store(review, proposals)
    return ranking


def _store(review: Review, proposals: list[Proposal]) -> None:
    rows = Proposed.objects.for_system("this review's proposals anew")
    rows.filter(review=review).delete()
    numbers = [each.number for each in proposals]
    ids = dict(_lines(review).filter(number__in=numbers).values_list("number", "pk"))
    rows.bulk_create(
        Proposed(
            review=review,
            evidence_id=ids[each.number],
            rank=rank_,
            word=each.word,
            reasons=list(each.reasons),
            also=list(each.also),
        )
        for rank_, each in enumerate(proposals, start=1)
        if each.number in ids
    )


class _Seen:
    """What is noticed on the way through the lines: the last number, times, places and kinds. Never persons."""

    def __init__(self) -> None:
        self.upto = 0
        self.slots: Counter[int] = Counter()
        self.places: Counter[str] = Counter()
        self.kinds: set[str] = set()

    def through(self, lines: Any) -> Iterator[Line]:
        fields = lines.values_list("number", "at", "author", "text", "place", "kind", "service")
        for line in fields.iterator(chunk_size=2_000):
            yield self._noting(Line(*line))

    def _noting(self, line: Line) -> Line:
        self.upto = max(self.upto, line.number)
        if line.at:
            self.slots[int(line.at.timestamp()) // FINE] += 1
        if line.place:
            self.places[line.place] += 1
        self.kinds.add(line.kind)
        return line


def context_of(review: Review) -> Context:
    """What the review says about itself so far."""
    times = dict(KeyTime.objects.for_system("what ranking knows").filter(review=review).values_list("name", "at"))
    own: Any = review.services
    services = tuple(own.for_system("what ranking knows").values_list("name", flat=True))
    return Context(
        title=review.title,
        kind=review.kind,
        services=services,
        started_at=times.get("started") or times.get("first_sign") or review.happened_at,
        detected_at=times.get("detected") or times.get("noticed"),
        mitigated_at=times.get("mitigated"),
        resolved_at=times.get("resolved") or times.get("delivered") or times.get("finished"),
    )


def _lines(review: Review) -> Any:
    return Evidence.objects.for_system("ranking of a review's evidence").filter(review=review)


def _newest(review: Review) -> int:
    return _lines(review).order_by("-number").values_list("number", flat=True).first() or 0
