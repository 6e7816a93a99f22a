from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast, make_review
from tests.evidence.test_images import paste, picture
from tests.writing.written import body_of, decide_all_names, publish, write, write_everything

from secondstory.notify.changes import send_due
from secondstory.reviews.frame import known_reviews
from secondstory.reviews.models import Audience, Participation, Review
from secondstory.reviews.offers import missing, needs_of
from secondstory.reviews.rules import Refused
from secondstory.texts import let_stand_changes
from secondstory.texts.asking import Paragraph, asked, place_of
from secondstory.writing import changes, publishing_changes
from secondstory.writing.models import Publication, Section, Version


@pytest.fixture
def written(cast: Cast, review: Review) -> Review:
    write_everything(cast, review)
    decide_all_names(cast, review)
    return review


def versions_of(review: Review) -> list[Version]:
    return list(Version.objects.for_system("a test's look").filter(review=review))


def make_due(publication: Publication) -> None:
    rows = Publication.objects.for_system("a test's setting").filter(pk=publication.pk)
    rows.update(due_at=timezone.now() - timedelta(minutes=1))


def test_an_unwritten_section_that_belongs_to_every_review_stops_publishing(cast: Cast, review: Review) -> None:
    changes.lay_out(review, by=cast.bo)
    with pytest.raises(Refused, match="still to be written"):
        publishing_changes.ask(review, by=cast.bo, audience=Audience.ORGANISATION)


def test_a_reason_stands_in_for_a_section_that_does_not_apply(cast: Cast, written: Review) -> None:
    section = Section.objects.visible_to(cast.bo).get(review=written, key="impact")
    with pytest.raises(Refused, match="Say in a sentence"):
        changes.mark(section.pk, by=cast.bo, state="na")
    changes.mark(section.pk, by=cast.bo, state="na", reason="Nobody was waiting at that hour.")
    publish(cast, written)
    assert versions_of(written)[0].document["parts"][1]["key"] == "impact"
    assert versions_of(written)[0].document["parts"][1]["reason"] == "Nobody was waiting at that hour."


def test_a_doubtful_name_stops_publishing_until_the_facilitator_decides(cast: Cast, review: Review) -> None:
    write_everything(cast, review)
    write(review, "impact", "Annna was paged.", cast.cleo)
    with pytest.raises(Refused, match="may be names"):
        publishing_changes.ask(review, by=cast.bo, audience=Audience.ORGANISATION)
    with pytest.raises(Http404):
        publishing_changes.choose_name(review, by=cast.ana, about="Annna", choice="keep")
    decide_all_names(cast, review)
    assert publishing_changes.ask(review, by=cast.bo, audience=Audience.ORGANISATION).done_at is None


@pytest.mark.parametrize("who", ["ana", "cleo", "gil", "dov", "eve"])
def test_only_the_facilitator_asks(cast: Cast, written: Review, who: str) -> None:
    with pytest.raises(Http404):
        publishing_changes.ask(written, by=getattr(cast, who), audience=Audience.ORGANISATION)


def test_it_is_published_at_once_when_everybody_agrees(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    for who in (cast.ana, cast.cleo):
        publishing_changes.answer(publication.pk, by=who, agrees=True)
        assert versions_of(written) == []
    publishing_changes.answer(publication.pk, by=cast.gil, agrees=True)
    assert len(versions_of(written)) == 1
    written.refresh_from_db(from_queryset=Review.objects.for_system("a test's look"))
    assert (written.stage, written.published_audience) == ("published", "organisation")
    assert "Ana" not in written.published_summary
    assert "forty minutes" in written.published_summary


def test_it_is_published_when_the_time_is_over_and_not_before(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    assert publication.due_at - publication.asked_at >= timedelta(hours=47, minutes=59)
    publishing_changes.publish_due()
    assert versions_of(written) == []
    make_due(publication)
    publishing_changes.publish_due()
    publishing_changes.publish_due()
    assert len(versions_of(written)) == 1


def test_a_document_that_cannot_be_read_stops_none_behind_it(
    cast: Cast, written: Review, caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_review(cast, title="Another")
    first = Publication(review=broken, document={"parts": "somebody's words"}, asked_by=cast.bo, due_at=timezone.now())
    first.asked_at = timezone.now() + timedelta(days=1)  # the newest stand first
    first.save()
    make_due(first)
    make_due(publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION))
    publishing_changes.publish_due()
    assert (len(versions_of(written)), versions_of(broken)) == (1, [])
    assert "failed for one row: TypeError" in caplog.text
    assert "somebody's words" not in caplog.text
    sound = versions_of(written)[0].document
    Publication.objects.for_system("a test's setting").filter(pk=first.pk).update(document=sound)
    publishing_changes.publish_due()
    assert len(versions_of(broken)) == 1


def test_an_objection_holds_it_until_it_is_settled(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    with pytest.raises(Refused, match="Say what should change"):
        publishing_changes.answer(publication.pk, by=cast.cleo, agrees=False)
    publishing_changes.answer(publication.pk, by=cast.cleo, agrees=False, words="The queue is named by its team.")
    make_due(publication)
    publishing_changes.publish_due()
    assert versions_of(written) == []
    publishing_changes.answer(publication.pk, by=cast.cleo, agrees=True)
    publishing_changes.publish_due()
    assert len(versions_of(written)) == 1


def test_the_objection_of_somebody_who_left_holds_nothing(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    publishing_changes.answer(publication.pk, by=cast.cleo, agrees=False, words="Not yet.")
    make_due(publication)
    Participation.objects.for_system("a test's setting").filter(person=cast.cleo).update(left_at=timezone.now())
    publishing_changes.publish_due()
    assert len(versions_of(written)) == 1


def test_outsiders_have_no_word(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    for who in (cast.dov, cast.eve):
        with pytest.raises(Http404):
            publishing_changes.answer(publication.pk, by=who, agrees=True)
        with pytest.raises(Http404):
            publishing_changes.withdraw(publication.pk, by=who)


def test_a_question_taken_back_publishes_nothing(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    with pytest.raises(Http404):
        publishing_changes.withdraw(publication.pk, by=cast.ana)
    publishing_changes.withdraw(publication.pk, by=cast.bo)
    make_due(publication)
    publishing_changes.publish_due()
    assert versions_of(written) == []


def test_what_was_agreed_to_is_published_even_when_the_draft_went_on(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    write(written, "summary", "Something quite different.", cast.ana)
    make_due(publication)
    publishing_changes.publish_due()
    assert "forty minutes" in str(versions_of(written)[0].document)
    assert "quite different" not in str(versions_of(written)[0].document)


def test_everybody_is_asked_by_letter_and_on_the_first_page(cast: Cast, written: Review) -> None:
    publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    assert [need.about for need in needs_of(cast.ana) if "published" in need.what] == [written.title]
    assert [need for need in needs_of(cast.bo) if "published" in need.what] == []
    assert [need for need in needs_of(cast.dov) if "published" in need.what] == []
    send_due()
    assert {letter.to[0] for letter in mail.outbox} == {cast.ana.email, cast.cleo.email, cast.gil.email}
    for letter in mail.outbox:
        assert written.title not in letter.subject + letter.body
        assert "queue" not in letter.body


def test_the_first_page_says_until_when_a_word_is_waited_for(cast: Cast, written: Review, signed_in: Any) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    assert "<span>until <time" in signed_in(cast.ana).get(reverse("home")).content.decode()
    make_due(publication)
    asked = f'<span>since <time datetime="{publication.asked_at:%Y-%m-%dT%H:%M:%S}'
    assert asked in signed_in(cast.ana).get(reverse("home")).content.decode()


def test_the_rail_says_what_publishing_needs(cast: Cast, review: Review) -> None:
    def of_writing() -> list[str]:
        again = known_reviews(cast.ana).get(pk=review.pk)
        return [each.what for each in missing(again, cast.ana) if each.stage in {"writing", "published"}]

    assert of_writing() == ["Begin the write-up"]
    changes.lay_out(review, by=cast.ana)
    assert of_writing() == ["Begin the write-up"]
    write(review, "impact", "Somebody waited.", cast.ana)
    assert "To be written: Summary" in of_writing()
    write_everything(cast, review)
    assert of_writing() == ["Ask all who take part whether it may be published"]
    decide_all_names(cast, review)
    publishing_changes.ask(review, by=cast.bo, audience=Audience.ORGANISATION)
    assert "Your word on publishing" in of_writing()[0]


def test_draft_changes_are_invisible_to_readers_until_published_again(
    cast: Cast, written: Review, signed_in: Any
) -> None:
    publish(cast, written)
    write(written, "summary", "A heron walked through the data centre.", cast.ana)
    review = Review.objects.visible_to(cast.bo).get(pk=written.pk)
    review.title = "Heron title"
    review.save()
    dov = signed_in(cast.dov)
    version = versions_of(written)[0]
    pages = [
        reverse("read", args=[written.pk]),
        reverse("versions", args=[written.pk]),
        *(reverse("export_version", args=[version.pk, each]) for each in ("markdown", "html", "json")),
        reverse("home"),
    ]
    for page in pages:
        answer = dov.get(page)
        assert answer.status_code == 200
        assert "eron" not in answer.content.decode()
    publish(cast, written)
    assert "heron" in dov.get(pages[0]).content.decode()


def test_the_publishing_page_of_a_published_review_says_that_it_is(cast: Cast, written: Review, signed_in: Any) -> None:
    address = f"/reviews/{written.pk}/publish"
    assert "This review is published." not in signed_in(cast.bo).get(address).content.decode()
    publish(cast, written)
    assert "This review is published." in signed_in(cast.bo).get(address).content.decode()
    assert "until you publish again" in signed_in(cast.bo).get(f"/reviews/{written.pk}/write").content.decode()


def test_a_new_version_leaves_the_earlier_one_readable(cast: Cast, written: Review, signed_in: Any) -> None:
    publish(cast, written)
    write(written, "summary", "A heron walked through the data centre.", cast.ana)
    publish(cast, written, Audience.PARTICIPANTS)
    dov, ana = signed_in(cast.dov), signed_in(cast.ana)
    assert "forty minutes" in dov.get(reverse("read", args=[written.pk])).content.decode()
    assert dov.get(reverse("version", args=[written.pk, 2])).status_code == 404
    assert dov.get(reverse("versions_compare", args=[written.pk, 2, 1])).status_code == 404
    assert "heron" in ana.get(reverse("read", args=[written.pk])).content.decode()
    assert "heron" in ana.get(reverse("versions_compare", args=[written.pk, 2, 1])).content.decode()
    told = Review.objects.visible_to(cast.dov).get(pk=written.pk)
    assert "heron" not in told.published_summary
    assert told.published_audience == Audience.ORGANISATION


def test_a_deleted_review_takes_its_versions_out_of_sight(cast: Cast, written: Review, signed_in: Any) -> None:
    version = publish(cast, written, Audience.PUBLIC)
    Review.objects.for_system("a test's setting").filter(pk=written.pk).update(deleted_at=timezone.now())
    assert signed_in(cast.nobody).get(reverse("public", args=[version.pk])).status_code == 404
    assert signed_in(cast.dov).get(reverse("read", args=[written.pk])).status_code == 404


def test_the_pages_carry_it_from_question_to_version(cast: Cast, written: Review, signed_in: Any) -> None:
    bo = signed_in(cast.bo)
    assert "Ask all who take part" in bo.get(reverse("publish", args=[written.pk])).content.decode()
    bo.post(reverse("publish_ask", args=[written.pk]), {"audience": "organisation"})
    publication = Publication.objects.for_system("a test's look").get()
    address = reverse("publish_answer", args=[written.pk, publication.pk])
    cleo = signed_in(cast.cleo)
    cleo.post(address, {"object": "1", "words": "Say which queue."})
    assert "Say which queue." in bo.get(reverse("publish", args=[written.pk])).content.decode()
    for who in (cast.ana, cast.cleo, cast.gil):
        answer = signed_in(who).post(address, {"agree": "1"})
    assert answer["Location"] == reverse("read", args=[written.pk])


def test_a_guest_is_told_role_labels_of_who_objects(cast: Cast, written: Review, signed_in: Any) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    publishing_changes.answer(publication.pk, by=cast.cleo, agrees=False, words="Say which queue.")
    page = signed_in(cast.gil).get(reverse("publish", args=[written.pk])).content.decode()
    assert "release lead" in page
    assert "Cleo" not in page


def test_a_guest_is_not_told_whose_role_is_rare(cast: Cast, written: Review, signed_in: Any) -> None:
    told = {
        who: signed_in(person).get(reverse("publish", args=[written.pk])).content.decode()
        for who, person in {"bo": cast.bo, "gil": cast.gil}.items()
    }
    assert "few people hold this role" in told["bo"]
    assert "few people hold this role" not in told["gil"]
    assert "release lead" in told["gil"]


def test_publications_of_another_review_cannot_be_answered_through_this_one(cast: Cast, written: Review) -> None:
    other = make_review(cast, "Another")
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    Participation.objects.for_system("a test's setting").filter(review=written, person=cast.ana).update(
        left_at=timezone.now()
    )
    assert Review.objects.visible_to(cast.ana).filter(pk=other.pk).exists()
    with pytest.raises(Http404):
        publishing_changes.answer(publication.pk, by=cast.ana, agrees=True)
    assert body_of(written, "summary")


@pytest.mark.django_db(transaction=True)
def test_a_struck_picture_leaves_what_was_published(cast: Cast, review: Review, signed_in: Any) -> None:
    write_everything(cast, review)
    address = paste(signed_in(cast.bo), review, picture()).json()["address"]
    write(review, "impact", f"![the queue]({address})", cast.bo)
    decide_all_names(cast, review)
    publishing_changes.choose_name(review, by=cast.bo, about="image:1", choice="keep")
    publish(cast, review)
    dov, published = signed_in(cast.dov), f"/p/{versions_of(review)[0].pk}/images/1"
    assert dov.get(published).status_code == 200
    signed_in(cast.bo).post(f"/reviews/{review.pk}/evidence/1/strike", {"reason": "a customer's name"})
    assert dov.get(published).status_code == 404


def test_an_objection_that_comes_in_the_last_moment_counts(cast: Cast, written: Review) -> None:
    publication = publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)
    publishing_changes.answer(publication.pk, by=cast.ana, agrees=False, words="One thing is still wrong.")
    # The sweep looked for objections before this one came, and goes on to publish.
    publishing_changes._publish(publication)
    assert not versions_of(written)


BLAMING = "Somebody should have checked the queue."


def asked_of(client: Any, review: Review) -> str:
    """What the publishing page's read-through says; empty where there is none."""
    page = client.get(reverse("publish", args=[review.pk])).content.decode()
    address = reverse("publish_read_through", args=[review.pk])
    answer = client.get(address, headers={"HX-Request": "true"})
    assert (f'hx-get="{address}"' in page) == (answer.status_code == 200)
    return answer.content.decode().partition("<details")[2] if answer.status_code == 200 else ""


def test_a_last_read_through_asks_the_facilitator_by_section_and_stops_nothing(
    cast: Cast, written: Review, signed_in: Any
) -> None:
    write(written, "impact", BLAMING, cast.cleo)
    changes.add_factor(written, by=cast.cleo, group="process", words="Nobody bothered to look.")
    asked = asked_of(signed_in(cast.bo), written)
    assert "should have checked" in asked
    assert f"/reviews/{written.pk}/write#s-impact" in asked
    assert f"/reviews/{written.pk}/write#s-factors" in asked
    page = signed_in(cast.bo).get(reverse("publish_read_through", args=[written.pk])).content.decode()
    assert "should have checked" in page
    assert ("<h3><a" in asked, "<h2><a" in page, "<h3><a" in page) == (True, True, False)
    for person in (cast.ana, cast.cleo, cast.gil):
        assert asked_of(signed_in(person), written) == ""
    publishing_changes.ask(written, by=cast.bo, audience=Audience.ORGANISATION)


def test_the_read_through_leaves_out_what_its_writers_let_stand(cast: Cast, written: Review, signed_in: Any) -> None:
    write(written, "impact", BLAMING, cast.cleo)
    text = Section.objects.visible_to(cast.bo).get(review=written, key="impact").text_id
    place = place_of(cast.cleo, text, "")
    key = asked([Paragraph(BLAMING)], "prose", {}, {})[0][0]["key"]
    let_stand_changes.let_stand(place, key, "It is what the customer wrote.", cast.cleo)
    assert asked_of(signed_in(cast.bo), written) == ""


def test_what_is_published_says_nothing_of_what_was_asked(cast: Cast, written: Review, signed_in: Any) -> None:
    write(written, "impact", BLAMING, cast.cleo)
    publish(cast, written)
    page = signed_in(cast.dov).get(reverse("read", args=[written.pk])).content.decode()
    assert BLAMING in page
    assert "asks-" not in page.partition("<main")[2]
    assert "read-through" not in page.partition("<main")[2]
