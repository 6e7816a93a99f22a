"""Writing: laying out sections, marking them, factors, the first draft, and the organisation's own outlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.people.models import is_member
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import taken_part_in, touched
from secondstory.reviews.rules import Refused
from secondstory.texts import changes as text_changes
from secondstory.texts.models import Snapshot, Text
from secondstory.writing.beginning import first_words
from secondstory.writing.models import Factor, Section, SectionChange, Template
from secondstory.writing.outlines import DEFAULTS
from secondstory.writing.rules import Outline, outline_problems
from secondstory.writing.standing import forget_sections, sections_of

KIND = "section"
LONGEST_REASON = 300
LONGEST_FACTOR = 20_000


def outline_of(kind: str) -> tuple[Outline, ...]:
    """The organisation's own outline for this kind, or ours."""
    own = Template.objects.for_system("an outline holds nothing of a review").filter(kind=kind).first()
    return tuple(Outline.from_json(each) for each in own.sections) if own else DEFAULTS[kind]


def lay_out(review: Review, *, by: Any) -> None:
    """Gives a review its sections that has none yet."""
    if sections_of(review, by):
        return
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        if not _sections(found).exists():
            _lay_out(found)
    forget_sections(review)


def lay_out_anew(review_id: str) -> None:
    """The sections of a review that is new or of another kind; whatever somebody has written or marked stays."""
    with transaction.atomic():
        review = Review.objects.for_system("the review to lay out").select_for_update().get(pk=review_id)
        marked = SectionChange.objects.for_system("whether somebody marked one").filter(review=review)
        if _sections(review).filter(text__version__gt=0).exists() or marked.exists():
            return
        # Somebody may be typing into one that stays, and has not saved yet.
        going = _sections(review).exclude(key__in=[each.key for each in outline_of(review.kind)])
        Text.objects.for_system("texts nobody began").filter(pk__in=going.values("text_id")).delete()
        _lay_out(review)


def _sections(review: Review) -> Any:
    return Section.objects.for_system("the sections to lay out").filter(review=review)


def _lay_out(review: Review) -> None:
    there = set(_sections(review).values_list("key", flat=True))
    new = []
    for number, each in enumerate(outline_of(review.kind)):
        told = {"title": str(each.title), "position": number, "required": each.required}
        if each.key in there:
            _sections(review).filter(key=each.key).update(**told)
        else:
            new.append(Section(review=review, key=each.key, text=Text(kind=KIND), **told))
    Text.objects.for_system("the texts of new sections").bulk_create(section.text for section in new)
    Section.objects.for_system("the sections of a review laid out").bulk_create(new)


def mark(section_id: str, *, by: Any, state: str, reason: str = "") -> Section:
    """Opens a section, says that it does not apply, or removes it from this review."""
    with transaction.atomic():
        section = _section_to_change(section_id, by)
        reason = _stored(reason)[:LONGEST_REASON]
        if state not in Section.State.values:
            raise Refused(_("A section is to be written, not applicable, or removed."))
        if state == Section.State.NOT_APPLICABLE and not reason:
            raise Refused(_("Say in a sentence why this section does not apply."))
        if state == Section.State.REMOVED and section.required:
            raise Refused(_("This section belongs to every review. If it does not apply, say why."))
        _keep_mark(section, by=by, state=state, reason=reason if state == Section.State.NOT_APPLICABLE else "")
    return section


def _keep_mark(section: Section, *, by: Any, state: str, reason: str) -> None:
    if (section.state, section.reason) == (state, reason):
        return
    row = SectionChange(review=section.review, section=section, by=by, before=section.state, after=state, reason=reason)
    row.save()
    section.state, section.reason = state, reason
    section.save()
    touched(section.review)


def _section_to_change(section_id: str, by: Any) -> Section:
    section: Section | None = Section.objects.visible_to(by).filter(pk=section_id).first()
    if section is None:
        raise Http404
    section.review = taken_part_in(by, section.review_id)
    return section


def restore(section_id: str, *, by: Any, snapshot_version: int) -> Section:
    """Puts an earlier text of a section back as its newest one; nothing in between is lost."""
    rows = Section.objects.visible_to(by).select_related("text")
    section: Section | None = rows.filter(pk=section_id).first()
    if section is None:
        raise Http404
    earlier = Snapshot.objects.visible_to(by).filter(text=section.text, version=snapshot_version).first()
    if earlier is None:
        raise Http404
    text_changes.save(section.text_id, earlier.stored, section.text.version, by)
    return section


def begin_write_up(review: Review, *, by: Any) -> list[str]:
    """Puts first words from what is known into sections nobody has written in; answers with their titles."""
    lay_out(review, by=by)
    empty = (
        Section.objects.visible_to(by)
        .filter(review=review, state=Section.State.OPEN, text__version=0)
        .select_related("text")
    )
    begun = []
    words = first_words(review, by)
    for section in empty:
        if body := words.get(section.key, ""):
            text_changes.save(section.text_id, body, 0, by)
            begun.append(section.title)
    return begun


def add_factor(review: Review, *, by: Any, group: str, words: str) -> Factor:
    """A contributing factor at the end of its group."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        _check_factor(group, words)
        rows = Factor.objects.for_system("where the new factor stands").filter(review=found)
        last = rows.aggregate(last=Max("position"))["last"] or 0
        factor = Factor(review=found, group=group, words=_stored(words), position=last + 1)
        factor.save(force_insert=True)
        touched(found)
    return factor


def edit_factor(factor_id: str, *, by: Any, group: str, words: str) -> Factor:
    """Words or group of a factor; empty words take it away."""
    with transaction.atomic():
        factor = _factor_to_change(factor_id, by)
        _check_factor(group, words)
        factor.group, factor.words = group, _stored(words)
        factor.save()
        touched(factor.review)
    return factor


def remove_factor(factor_id: str, *, by: Any) -> Factor:
    """Takes a factor away; the answer still holds its words, so that it can be added again."""
    with transaction.atomic():
        factor = _factor_to_change(factor_id, by)
        Factor.objects.for_system("the factor to remove, checked above").filter(pk=factor.pk).delete()
        touched(factor.review)
    return factor


def _factor_to_change(factor_id: str, by: Any) -> Factor:
    factor: Factor | None = Factor.objects.visible_to(by).filter(pk=factor_id).first()
    if factor is None:
        raise Http404
    factor.review = taken_part_in(by, factor.review_id)
    return factor


def _check_factor(group: str, words: str) -> None:
    if group not in Factor.Group.values:
        raise Refused(_("Choose one of the five groups."))
    if not words.strip():
        raise Refused(_("Say in a sentence what contributed, and how."))
    if len(words) > LONGEST_FACTOR:
        raise Refused(_("A factor is one condition in a few sentences. This is too long; split it, or write it above."))


def save_template(kind: str, outline: Sequence[Outline], *, by: Any) -> None:
    """The organisation's own outline for a kind; reviews already laid out keep theirs."""
    if not (is_member(by) and by.is_administrator) or kind not in DEFAULTS:
        raise Http404
    if problems := outline_problems(outline):
        raise Refused(" ".join(problems))
    with transaction.atomic():
        rows = Template.objects.for_system("the outline to replace")
        rows.update_or_create(kind=kind, defaults={"sections": [each.as_json() for each in outline]})


def reset_template(kind: str, *, by: Any) -> None:
    """Back to the outline that comes with the product."""
    if not (is_member(by) and by.is_administrator) or kind not in DEFAULTS:
        raise Http404
    with transaction.atomic():
        Template.objects.for_system("the outline to drop").filter(kind=kind).delete()


def tell_saved(text_id: str) -> None:
    """Whoever has this review's draft open may read it again."""
    review = (
        Section.objects.for_system("whose text was saved").filter(text_id=text_id).values_list("review_id", flat=True)
    )
    for id_ in review:
        tell(f"draft:{id_}")


def _stored(words: str) -> str:
    """PostgreSQL stores no NUL."""
    return words.replace("\0", "").strip()
