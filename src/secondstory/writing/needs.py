"""What publishing needs from whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing, Need
from secondstory.writing.models import Answer, Publication, Section
from secondstory.writing.rules import Standing, is_settled
from secondstory.writing.standing import sections_of, standing


def missing_of(review: Review, person: Any) -> list[Missing]:
    """What writing and publishing this review still need: one query."""
    sections = sections_of(review, person)
    address = reverse("write", args=[review.pk])
    if not any(each.text.version or each.state != Section.State.OPEN for each in sections):
        return [Missing("writing", _("Begin the write-up"), address)]
    open_ = [each for each in standing(sections) if each.required and not is_settled(each)]
    lacking = [Missing("writing", _still(each), f"{address}#s-{each.key}") for each in open_]
    if any(_is_still_first(each) for each in sections):
        words = _("Still a first story: which conditions made it sensible?")
        lacking.append(Missing("writing", words, f"{address}#second-stories"))
    words = _of_publishing(review, sections[0], ready=not open_)
    return lacking + ([Missing("published", words, reverse("publish", args=[review.pk]))] if words else [])


def _is_still_first(section: Any) -> bool:
    return section.state == Section.State.OPEN and getattr(section, "still_first_story", False)


def _still(section: Standing) -> str:
    if section.ends_in_person:
        return _("A chain ends in a person: what made it sensible?")
    return _("To be written: %(title)s") % {"title": section.title}


def _of_publishing(review: Review, known: Any, *, ready: bool) -> str:
    if known.asked_until is None:
        wanted = ready and review.published_at is None
        return _("Ask all who take part whether it may be published") if wanted else ""
    if known.objected:
        return _("An objection waits to be talked through")
    until = {"time": date_format(localtime(known.asked_until), "j M, H:i")}
    if not known.answered:
        return _("Your word on publishing, before %(time)s") % until
    return _("Published on %(time)s if nobody objects") % until


def needs_of(person: Any) -> list[Need]:
    """Wishes to publish that wait for this person's word, and objections to what they asked for."""
    answered = Answer.objects.visible_to(person).filter(publication=OuterRef("pk"), person_id=person.pk)
    objected = Answer.objects.visible_to(person).filter(publication=OuterRef("pk"), agrees=False)
    waiting = (
        Publication.objects.visible_to(person)
        .waiting()
        .annotate(answered=Exists(answered), objected=Exists(objected), title=F("review__title"))
        .defer("document")
    )
    return [need for each in waiting if (need := _need(each, person))]


def _need(each: Any, person: Any) -> Need | None:
    address = reverse("publish", args=[each.review_id])
    if not each.answered:
        # An objection keeps it waiting after the day it was asked for.
        at = each.due_at if each.due_at > now() else each.asked_at
        return Need(_("May this be published?"), each.title, address, at)
    if each.objected and each.asked_by_id == person.pk:
        return Need(_("Somebody objects to publishing"), each.title, address)
    return None
