"""Quotes: a passage of a part that may be quoted, taken by whoever holds it, its author's to take back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.reviews.record_changes import taken_part_in
from secondstory.reviews.rules import Refused
from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.ledger import Entry, record
from secondstory.stories.holding import grants_of, lock
from secondstory.stories.models import Part, Quote
from secondstory.stories.rules import FORMS, forms_within, is_passage_of

QUOTE = "stories.quote"


def place_quote(part_id: str, *, by: Any, words: str, form: str = "") -> Quote:
    """A quote to put into the review's text as `[quote:ID]`. Its words must stand in the part as it is now.

    It is signed as the author allows, or saying less.
    """
    with transaction.atomic():
        if not Part.objects.visible_to(by).filter(pk=part_id).exists():
            raise Http404
        part = lock(part_id)
        review = taken_part_in(by, part.review_id)
        if part.audience != Part.Audience.QUOTABLE:
            raise Refused(_("The author did not say that this may be quoted."))
        if form and form not in forms_within(part.quote_as):
            raise Refused(_("The author did not allow to sign it so."))
        passage = passage_of(part, words)
        quote = Quote(review=review, part=part, form=form or part.quote_as, placed_by=by)
        quote.bind(passage, quote.place)
        quote.save(force_insert=True)
    return quote


def withdraw_quote(quote_id: str, *, by: Any) -> None:
    """The author takes one quote back, wherever it stands."""
    with transaction.atomic():
        own = Part.objects.visible_to(by).own_of(by)
        rows = Quote.objects.for_system("a quote its author takes back").filter(part__in=own, pk=quote_id)
        if not rows.exists():
            raise Http404
        _empty(rows.values_list("pk", flat=True))


def reached(review_id: str, quote_ids: Iterable[str], reach: str) -> None:
    """The review was published with these quotes. To the public only with the author's further yes.

    Called by `writing` inside its own change.
    """
    with transaction.atomic():
        rows = Quote.objects.for_system("quotes being published").filter(withdrawn_at=None, review_id=review_id)
        rows = rows.filter(pk__in=list(quote_ids)).order_by("part_id", "pk")
        parts = {part_id: lock(part_id) for part_id in rows.values_list("part_id", flat=True) if part_id}
        for quote in rows.select_for_update():
            public = quote.part_id in parts and parts[quote.part_id].quote_public
            far = Quote.Reach.ORGANISATION if reach == Quote.Reach.PUBLIC and not public else Quote.Reach(reach)
            _bind_again(quote, quote.form, _farther(quote.reach, far))


def follow(part: Part) -> None:
    """The quotes of a part after its author chose anew: withdrawn, or signed and as far as now agreed, never wider."""
    rows = Quote.objects.for_system("quotes follow their part").filter(part=part, withdrawn_at=None)
    if part.audience != Part.Audience.QUOTABLE:
        _empty(rows.values_list("pk", flat=True))
        return
    for quote in rows.select_for_update():
        public = quote.reach == Quote.Reach.PUBLIC and not part.quote_public
        form = min(quote.form, part.quote_as, key=FORMS.index)
        _bind_again(quote, form, Quote.Reach.ORGANISATION if public else quote.reach)


def withdraw_again(entry: Entry) -> None:
    """After a restore: a quote its author took back is taken back once more."""
    rows = Quote.objects.for_system("withdrawn before the restore").filter(pk__in=entry.ids, withdrawn_at=None)
    rows.update(stored="", withdrawn_at=entry.at)


def passage_of(part: Part, words: str) -> str:
    """Words that stand in the part, or Refused."""
    try:
        told = part.words(grants_of(part))
    except KeyMissing:
        raise Refused(_("These words cannot be opened.")) from None
    passage = " ".join(words.split())
    if not is_passage_of(passage, told):
        raise Refused(_("These words do not stand in the story as it is now. Take a passage as it was written."))
    return passage


def _empty(ids: Iterable[str]) -> None:
    gone, at = sorted(ids), timezone.now()
    if gone:
        rows = Quote.objects.for_system("quotes that are taken back").filter(pk__in=gone)
        rows.update(stored="", withdrawn_at=at)
        tell_readers(rows.values_list("review_id", flat=True))
        record(QUOTE, gone, at)


def _bind_again(quote: Quote, form: str, reach: str) -> None:
    if (form, reach) == (quote.form, quote.reach):
        return
    try:
        words = quote.words()
    except KeyMissing:
        # Changed by hand: it stays as it is and stays shut, and does not hold its author's choice up.
        return
    quote.form, quote.reach = form, reach
    quote.bind(words, quote.place)
    quote.save()
    tell_readers([quote.review_id])


def tell_readers(review_ids: Iterable[str]) -> None:
    """Open pages that show quotes of these reviews read them again."""
    for review_id in set(review_ids):
        tell(f"quotes:{review_id}")


def _farther(one: str, other: str) -> str:
    order = ["", *Quote.Reach.values]
    return max(one, other, key=order.index)
