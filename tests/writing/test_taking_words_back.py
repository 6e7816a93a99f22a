from __future__ import annotations

from django.utils import timezone
from tests.cast import HAPPENED, Cast

from secondstory.evidence import changes as evidence
from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review
from secondstory.texts import changes as texts
from secondstory.timeline.triage_changes import accept
from secondstory.writing import publishing_changes as publishing
from secondstory.writing.changes import lay_out
from secondstory.writing.composing import draft
from secondstory.writing.models import Publication, Section, Version
from secondstory.writing.naming import KEEP, naming

SAID = "the password was on the wall beside the printer all week"


def test_a_struck_line_leaves_every_published_version_and_every_section(cast: Cast, review: Review) -> None:
    line = Evidence(review=review, number=1, format="slack", kind="message", at=HAPPENED, text=SAID, digest=b"1")
    line.save()
    accept(review, cast.bo, [1])
    lay_out(review, by=cast.bo)
    for section in Section.objects.visible_to(cast.bo).filter(review=review).select_related("text"):
        texts.save(section.text_id, f"Somebody wrote: {SAID}", section.text.version, cast.bo)
    for doubt in naming(review, cast.bo, draft(review, cast.bo)).undecided:
        publishing.choose_name(review, by=cast.bo, about=doubt, choice=KEEP)
    wish = publishing.ask(review, by=cast.bo, audience="organisation")
    Publication.objects.for_system("48 hours pass").filter(pk=wish.pk).update(due_at=timezone.now())
    publishing.publish_due()
    version = Version.objects.visible_to(cast.dov).get()
    assert str(version.document).count(SAID) > 1
    evidence.strike(line, cast.bo, "asked by whom it concerns")
    version.refresh_from_db()
    assert SAID not in str(version.document)
    assert "taken back" in str(version.document)
    kept = [section.text.body for section in Section.objects.visible_to(cast.bo).select_related("text")]
    assert not [body for body in kept if SAID in body]
