"""Chains of "how did that come about?" and second stories: each is saved as a whole over the version it was read at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import taken_part_in, touched
from secondstory.reviews.rules import Refused
from secondstory.writing.chains import (
    LONGEST_LINK,
    LONGEST_QUESTION,
    MOST_LINKS,
    Link,
    ends_in_a_person,
    one_line,
    tidied,
)
from secondstory.writing.models import Chain, ChainSnapshot

SITTING = timedelta(minutes=5)
MOST_CHAINS = 100


class Conflict(Exception):
    """Somebody changed the chain in between; carries it as it now stands."""

    def __init__(self, chain: Chain) -> None:
        super().__init__("changed by somebody else in between")
        self.chain = chain


def add(review: Review, *, by: Any, kind: str, question: str, links: Iterable[Link] = ()) -> Chain:
    """A new question or first story, at the end."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        if kind not in Chain.Kind.values:
            raise Refused(_("It is a question, or a first story."))
        rows = Chain.objects.for_system("where the new chain stands").filter(review=found)
        if rows.count() >= MOST_CHAINS:
            raise Refused(_("There are very many already. Take some away first."))
        chain = Chain(review=found, kind=kind, position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1)
        _say(chain, question, links)
        chain.save(force_insert=True)
        _keep_snapshot(chain, by)
        touched(found)
    return chain


def say(chain_id: str, *, by: Any, question: str, links: Iterable[Link], version: int) -> Chain:
    """The whole chain as it should stand; raises Conflict when another version stands there by now."""
    with transaction.atomic():
        chain = _to_change(chain_id, by)
        if chain.version != version:
            raise Conflict(chain)
        before = (chain.question, chain.links)
        _say(chain, question, links)
        if (chain.question, chain.links) == before:
            return chain
        chain.version += 1
        chain.save()
        _keep_snapshot(chain, by)
        # As with a section's words: only who has this draft open is told of every save.
        tell(f"draft:{chain.review_id}")
    return chain


def remove(chain_id: str, *, by: Any) -> Chain:
    """Takes a chain out of the review; one click brings it back."""
    return _mark(chain_id, by, timezone.now())


def bring_back(chain_id: str, *, by: Any) -> Chain:
    """Puts a chain back that was taken away."""
    return _mark(chain_id, by, None)


def restore(chain_id: str, *, by: Any, version: int) -> Chain:
    """Puts an earlier form of a chain back as its newest one; nothing in between is lost."""
    earlier = ChainSnapshot.objects.visible_to(by).filter(chain=chain_id, version=version).first()
    chain = Chain.objects.visible_to(by).filter(pk=chain_id).first()
    if earlier is None or chain is None:
        raise Http404
    return say(chain.pk, by=by, question=earlier.question, links=earlier.lines, version=chain.version)


def _mark(chain_id: str, by: Any, removed_at: Any) -> Chain:
    with transaction.atomic():
        chain = _to_change(chain_id, by)
        chain.removed_at = removed_at
        chain.save(update_fields=["removed_at"])
        touched(chain.review)
    return chain


def _to_change(chain_id: str, by: Any) -> Chain:
    chain: Chain | None = Chain.objects.visible_to(by).filter(pk=chain_id).first()
    if chain is None:
        raise Http404
    chain.review = taken_part_in(by, chain.review_id)
    # Read again under the lock: it may have changed while this change waited.
    chain.refresh_from_db(from_queryset=Chain.objects.visible_to(by))
    return chain


def _say(chain: Chain, question: str, links: Iterable[Link]) -> None:
    question, lines = one_line(question), tidied(links)
    _check(chain, question, lines)
    chain.question, chain.links = question, [each.as_json() for each in lines]
    chain.ends_in_person, chain.answered = ends_in_a_person(lines), bool(lines)


def _check(chain: Chain, question: str, links: list[Link]) -> None:
    if not question:
        is_story = chain.kind == Chain.Kind.STORY
        raise Refused(_("Write the first story as people tell it.") if is_story else _("Say what came about."))
    if len(question) > LONGEST_QUESTION or any(len(each.words) > LONGEST_LINK for each in links):
        raise Refused(_("This is too long for one line of a chain. Split it, or explain it in the text above."))
    if len(links) > MOST_LINKS:
        raise Refused(_("This chain is too large. Begin another one where it branches."))
    if any(not each.words for each in links):
        raise Refused(_("A line that others hang on has no words yet. Say in a sentence what it is."))


def _keep_snapshot(chain: Chain, by: Any) -> None:
    kept = {"version": chain.version, "question": chain.question, "links": chain.links, "at": timezone.now()}
    rows = ChainSnapshot.objects.for_system("the last sitting").filter(chain=chain)
    last = rows.first()
    if last and last.by_id == by.pk and timezone.now() - last.at < SITTING:
        rows.filter(pk=last.pk).update(**kept)
    else:
        ChainSnapshot(review=chain.review, chain=chain, by=by, **kept).save(force_insert=True)
