"""When a line of evidence is struck at somebody's request, its words go from the moments that quote it, history included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from secondstory.timeline.models import Citation, Difference, Learned, Moment, MomentChange, Proposed
from secondstory.timeline.rules import LONGEST_HOW, cut, without
from secondstory.timeline.signals import quote_taken_back

WORDS = ("what", "information", "decision", "learned")


def let_go(review_id: str, evidence_ids: Sequence[int], *, quotes: bool) -> None:
    """Forgets what is kept of struck lines; with `quotes`, moments lose the words they took from them."""
    with transaction.atomic():
        Proposed.objects.for_system("struck lines are no proposals").filter(evidence__in=evidence_ids).delete()
        cited = Citation.objects.for_system("what quotes struck lines").filter(
            review_id=review_id, evidence__in=evidence_ids
        )
        for citation in cited.exclude(quote="").select_related("moment") if quotes else ():
            _take_out(citation.moment_id, citation.quote)
            quote_taken_back.send(sender=Citation, review_id=review_id, quote=citation.quote)
        cited.update(quote="")


def _take_out(moment_id: str, quote: str) -> None:
    moment = Moment.objects.for_system("a moment that quotes a struck line").select_for_update().get(pk=moment_id)
    words = {name: getattr(moment, name) for name in ("what", "information", "decision")}
    kept = _less(words, quote)
    _take_out_beside(moment, quote)
    for change in MomentChange.objects.for_system("its history quotes it too").filter(moment=moment):
        change.before, change.after = _less(change.before, quote), _less(change.after, quote)
        change.save(update_fields=["before", "after"])
    if kept == words:
        return
    for name, text in kept.items():
        setattr(moment, name, text)
    moment.version += 1
    moment.save()
    MomentChange(review_id=moment.review_id, moment=moment, what="struck").save(force_insert=True)


def _take_out_beside(moment: Moment, quote: str) -> None:
    gone = _("(taken back)")
    for row in Difference.objects.for_system("accounts of the moment may quote it").filter(moment=moment):
        row.words = without(row.words, quote, gone)
        row.save(update_fields=["words"])
    for learned in Learned.objects.for_system("how one learned of it may quote it").filter(moment=moment):
        learned.how = cut(without(learned.how, quote, gone), LONGEST_HOW)
        learned.save(update_fields=["how"])


def _less(words: dict[str, Any], quote: str) -> dict[str, Any]:
    gone = _("(taken back)")
    return {
        name: without(text, quote, gone) if name in WORDS and isinstance(text, str) else text
        for name, text in words.items()
    }
