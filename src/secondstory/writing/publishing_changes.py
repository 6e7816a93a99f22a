"""From a draft to a version: names, the question to all who take part, their answers, and the day it is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from secondstory.reviews.changes import mark_published
from secondstory.reviews.models import Audience, Participation, Review
from secondstory.reviews.record_changes import decided_by, send_word, taken_part_in, touched
from secondstory.reviews.rules import Refused
from secondstory.stories.quote_changes import reached
from secondstory.work.rows import each_by_itself
from secondstory.writing.composing import draft, frozen
from secondstory.writing.departure_changes import note_published
from secondstory.writing.document import Document, with_every_text
from secondstory.writing.models import Answer, NameChoice, Publication, Section, Version
from secondstory.writing.naming import naming
from secondstory.writing.pictures import keep_pictures
from secondstory.writing.quotes import found_in, quotes_in, without_quotes
from secondstory.writing.rules import OBJECTION_HOURS, may_publish, without_images
from secondstory.writing.standing import standing
from secondstory.writing.telling import plain_words

LONGEST_CHOICE = 80
LONGEST_OBJECTION = 5_000


def choose_name(review: Review, *, by: Any, about: str, choice: str) -> None:
    """Notes what a person is called in this review, or whether a doubtful word is a name."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        if len(about) > NameChoice._meta.get_field("about").max_length or len(choice) > LONGEST_CHOICE:  # type: ignore[operator]
            raise Refused(_("That is too long for a label."))
        about, choice = about.replace("\0", ""), choice.replace("\0", "")
        rows = NameChoice.objects.for_system("the choice to replace, asked above")
        rows.filter(review=found, about=about).delete()
        if choice:
            NameChoice(review=found, about=about, choice=choice).save(force_insert=True)
        touched(found)


def ask(review: Review, *, by: Any, audience: str) -> Publication:
    """Freezes the draft and asks all who take part; it is published when all agree, or after 48 hours."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        if audience not in Audience.values:
            raise Refused(_("Choose who may read it."))
        publication = Publication(
            review=found,
            audience=audience,
            document=_document_to_agree_on(found, by).as_json(),
            asked_by=by,
            due_at=timezone.now() + timedelta(hours=OBJECTION_HOURS),
        )
        waiting = Publication.objects.for_system("an earlier question gives way").filter(review=found).waiting()
        waiting.update(withdrawn_at=timezone.now())
        publication.save(force_insert=True)
        Answer(review=found, publication=publication, person=by, agrees=True).save(force_insert=True)
        _ask_everybody(publication, by)
        touched(found)
    _publish_if_all_agree(publication)
    return publication


def _document_to_agree_on(review: Review, by: Any) -> Document:
    sections = list(Section.objects.visible_to(by).filter(review=review).select_related("text").with_rows_known())
    if not may_publish(standing(sections)):
        raise Refused(_("Some sections that belong to every review are still to be written."))
    document = draft(review, by, sections)
    quotes = found_in(document, review, by)
    found = naming(review, by, document, quotes=quotes)
    if found.undecided:
        raise Refused(_("Some words may be names. Say for each whether to replace it."))
    instead = _("(picture not published)")
    without = with_every_text(document, lambda text: without_images(text, review.pk, found.left_out, instead))
    return frozen(without, found.names, quotes)


def _ask_everybody(publication: Publication, by: Any) -> None:
    before = date_format(publication.due_at, "j M Y, H:i e")
    for part in _taking_part(publication.review).exclude(person=by).select_related("person"):
        send_word(publication.review, part.person, once=f"publish:{publication.pk}", before=before)


def _taking_part(review: Review) -> Any:
    return Participation.objects.for_system("whom a wish to publish asks").active().filter(review=review)


def withdraw(publication_id: int, *, by: Any) -> Publication:
    """The facilitator takes the question back, to change something first."""
    with transaction.atomic():
        publication = _waiting(publication_id, by)
        decided_by(by, publication.review_id)
        publication.withdrawn_at = timezone.now()
        publication.save()
        touched(publication.review)
    return publication


def answer(publication_id: int, *, by: Any, agrees: bool, words: str = "") -> Publication:
    """One participant's word. An objection stands until whoever raised it agrees, or the question is taken back."""
    with transaction.atomic():
        publication = _waiting(publication_id, by)
        publication.review = taken_part_in(by, publication.review_id)
        if not agrees and not words.strip():
            raise Refused(_("Say what should change before this is published."))
        rows = Answer.objects.for_system("this person's earlier answer")
        rows.filter(publication=publication, person=by).delete()
        kept = Answer(review=publication.review, publication=publication, person=by, agrees=agrees)
        kept.words = words.replace("\0", "").strip()[:LONGEST_OBJECTION]
        kept.save(force_insert=True)
        touched(publication.review)
    _publish_if_all_agree(publication)
    return publication


def _waiting(publication_id: int, by: Any) -> Publication:
    rows = Publication.objects.visible_to(by).waiting().select_related("review")
    found: Publication | None = rows.filter(pk=publication_id).first()
    if found is None:
        raise Http404
    return found


def publish_due() -> bool:
    """Publishes what nobody objected to in time. Answers whether more may wait."""
    due = (
        Publication.objects.for_system("sweep of what is due")
        .waiting()
        .filter(due_at__lte=timezone.now(), review__deleted_at=None)
    )
    each_by_itself("publish what is due", due.select_related("review", "asked_by"), _publish_unless_objected)
    return False


def _publish_unless_objected(publication: Publication) -> None:
    if not _objections(publication).exists():
        _publish(publication)


def _objections(publication: Publication) -> Any:
    """Objections of those who still take part."""
    given = Answer.objects.for_system("objections that stand").filter(publication=publication, agrees=False)
    return given.filter(person__in=_taking_part(publication.review).values("person"))


def _publish_if_all_agree(publication: Publication) -> None:
    agreed = Answer.objects.for_system("who agreed").filter(publication=publication, agrees=True).values("person")
    if not _taking_part(publication.review).exclude(person__in=agreed).exists():
        _publish(publication)


def _publish(publication: Publication) -> None:
    version = Version(review=publication.review, audience=publication.audience, document=publication.document)
    keep_pictures(version)
    with transaction.atomic():
        # Answers hold the review's row too: an objection stands before this or comes after it, never beside it.
        reviews = Review.objects.for_system("the review to publish").select_for_update()
        if reviews.filter(pk=publication.review_id, deleted_at=None).first() is None:
            return
        if _objections(publication).exists():
            return
        still = Publication.objects.for_system("published once").waiting().filter(pk=publication.pk)
        if not still.update(done_at=timezone.now()):
            return
        earlier = Version.objects.for_system("the number of the next version").filter(review=publication.review)
        version.number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
        version.save(force_insert=True)
        quoted = quotes_in(Document.from_json(version.document))
        reached(version.review_id, quoted, version.audience)
        note_published(version, quoted)
        _tell_readers(version, by=publication.asked_by)


def _tell_readers(version: Version, *, by: Any) -> None:
    """A version for fewer readers than an earlier one leaves what the others are told as it was."""
    review = version.review
    narrower = version.audience == Audience.PARTICIPANTS and review.published_audience not in {
        "",
        Audience.PARTICIPANTS,
    }
    if narrower:
        told = {"audience": review.published_audience, "title": review.published_title}
        mark_published(review, **told, summary=review.published_summary, by=by)
        return
    document = Document.from_json(version.document)
    summary = document.part("summary")
    words = plain_words(without_quotes(summary.body)) if summary else ""
    mark_published(review, audience=version.audience, title=document.title, summary=words, by=by)
