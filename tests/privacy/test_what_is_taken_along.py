"""What is previewed, published and taken along in files, after stories were told."""

from __future__ import annotations

import re
import zlib

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clients import client_of
from tests.privacy import rows
from tests.privacy.extent import in_turn
from tests.privacy.leak import none_of, walked
from tests.privacy.told import everything_told, rightly, wrongly
from tests.privacy.world import AUDIENCES, DRAFT, PUBLISHED, World

from secondstory.reviews.models import Audience
from secondstory.stories.models import Quote
from secondstory.texts import changes as texts
from secondstory.writing import publishing_changes
from secondstory.writing.changes import lay_out
from secondstory.writing.departures import Departure
from secondstory.writing.models import Publication, Section, Version

pytestmark = pytest.mark.django_db
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
OF_STORIES = {word for word in AUDIENCES if word.startswith("zz")}


def test_a_review_that_quotes_nobody_is_previewed_and_published_without_a_word_of_a_story(world: World) -> None:
    review = world.hidden
    publication = rows.system(Publication).waiting().get(review=review)
    publishing_changes.withdraw(publication.pk, by=world.cast.bo)
    wrong = _told(world, reverse("publish", args=[review.pk]))
    wish = publishing_changes.ask(review, by=world.cast.bo, audience=Audience.PUBLIC)
    wrong += _told(world, reverse("publish", args=[review.pk]))
    rows.system(Publication).filter(pk=wish.pk).update(due_at=timezone.now())
    publishing_changes.publish_due()
    version = rows.system(Version).get(review=review)
    wrong += _told(world, reverse("read", args=[review.pk]))
    wrong += _told(world, reverse("export_version", args=[version.pk, "json"]))
    none_of(wrong)


def _told(world: World, address: str) -> list[str]:
    """Every word of a story that somebody is told there."""
    wrong, shown = [], 0
    for who, person in world.people().items():
        answer = client_of(person, raise_request_exception=False).get(address)
        told = everything_told(answer)
        wrong += [f"{address} told {who} {word}" for word in OF_STORIES if word in told]
        shown += answer.status_code == 200
        walked.tried(address, who, "all", AUDIENCES, 0)
    assert shown
    return wrong


def test_what_is_said_to_have_left_is_what_a_file_held(world: World) -> None:
    """A quote that no section places any more is in no file."""
    there = next(each for each in world.told if each.history.name == "there")
    lay_out(there.review, by=world.cast.bo)
    placed, *others = rows.system(Quote).filter(review=there.review)
    section = Section.objects.visible_to(world.cast.bo).filter(review=there.review).select_related("text").first()
    assert section
    assert others
    texts.save(section.text_id, f"[quote:{placed.pk}]", section.text.version, world.cast.bo)
    client_of(world.cast.cleo, raise_request_exception=False).get(
        reverse("export_draft", args=[there.review.pk, "json"])
    )
    left = set(rows.system(Departure).filter(what="json").values_list("quote_id", flat=True))
    none_of(f"the author of quote {pk} is told of a file that does not hold it" for pk in left - {placed.pk})
    assert left


def test_a_pdf_holds_what_its_reader_may_read(world: World) -> None:
    """The words on its pages are those of the HTML; here is searched what stands beside them: title, headings, files."""
    wrong, found = [], set()
    for name, hole in (("export_draft", "review_id"), ("export_version", "version_id")):
        for who, person in world.people().items():
            for place in in_turn(world.places(), name, who):
                answer = client_of(person, raise_request_exception=False).get(reverse(name, args=[place[hole], "pdf"]))
                told = everything_told(answer) + _inflated(answer.content)
                wrong += [f"{name} as PDF told {who} {word}" for word in wrongly(told, who)]
                found |= rightly(told, who)
                walked.tried(f"{name} as PDF", who, "there", AUDIENCES, len(rightly(told, who)))
    none_of(wrong)
    assert {PUBLISHED, DRAFT} & found


def _inflated(content: bytes) -> str:
    said = []
    for stream in STREAM.findall(content):
        try:
            said.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(said)
