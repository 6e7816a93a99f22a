"""A quote is read where it may be and nowhere else; its words stand in no text, snapshot or version."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast, make_review
from tests.stories.telling import share, told
from tests.writing.written import body_of, decide_all_names, publish, section_of, write, write_everything

from secondstory.live.models import Change
from secondstory.live.offers import may_hear
from secondstory.reviews.models import Audience, Participation, Review
from secondstory.stories import changes as story_changes
from secondstory.stories.models import Part, Quote
from secondstory.stories.quote_changes import withdraw_quote
from secondstory.texts.models import Snapshot, Text
from secondstory.timeline.models import Difference, Moment
from secondstory.writing import publishing_changes
from secondstory.writing.departures import Departure
from secondstory.writing.models import Publication, Version
from secondstory.writing.quoting_changes import put_quote

CANARY = "okapicanary"
WORDS = f"I took the {CANARY} for noise, as Cleo had said it would be."
REST = "antelopecanary was never for anybody else."


@pytest.fixture
def part(cast: Cast, review: Review) -> Part:
    write_everything(cast, review)
    return share(told(review, cast.ana, words=f"{WORDS}\n\n{REST}"), cast.ana, "quotable")


@pytest.fixture
def quote(cast: Cast, review: Review, part: Part) -> Quote:
    return put_quote(section_of(review, "summary").pk, part_id=part.pk, words=WORDS, by=cast.bo)


def workshop_pages(review: Review) -> list[str]:
    section = section_of(review, "summary")
    pages = [reverse("publish", args=[review.pk])]
    pages.append(reverse("section_quotes", args=[review.pk, section.pk]))
    pages += [reverse("export_draft", args=[review.pk, each]) for each in ("markdown", "html", "json")]
    pages.append(f"/api/reviews/{review.pk}/draft/markdown")
    return [*pages, reverse("section_history", args=[review.pk, section.pk])]


def reader_pages(version: Version) -> list[str]:
    review = version.review_id
    pages = [reverse("read", args=[review]), reverse("version", args=[review, version.number])]
    pages += [reverse("export_version", args=[version.pk, each]) for each in ("markdown", "html", "json")]
    pages += [reverse("public", args=[version.pk]), f"/api/reviews/{review}/versions/{version.number}"]
    return [*pages, f"/api/reviews/{review}/versions/{version.number}/markdown"]


def told_to(client: Any, address: str) -> str:
    answer = client.get(address)
    return "".join([answer.content.decode(), *map(str, answer.headers.values())])


def test_a_picked_passage_stands_in_its_section_as_a_placeholder(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    client, section = signed_in(cast.bo), section_of(review, "summary")
    address = reverse("quote_pick", args=[review.pk, section.pk])
    page = client.get(address).content.decode()
    assert WORDS in page
    assert client.post(address, {"part": part.pk, "passage": WORDS}).status_code == 302
    placed = Quote.objects.visible_to(cast.bo).get()
    assert body_of(review, "summary").endswith(f"\n\n[quote:{placed.pk}]\n")
    preview = client.post(reverse("write_preview", args=[review.pk]), {"body": body_of(review, "summary")})
    assert CANARY in preview.content.decode()
    assert "on-call engineer" in preview.content.decode()
    nothing = client.post(reverse("write_preview", args=[review.pk]), {"body": "[quote:abcdefghjkmn]"})
    assert nothing.content.decode().strip() == ""


def test_a_quote_is_signed_as_its_author_allows_or_saying_less(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    client, section = signed_in(cast.bo), section_of(review, "summary")
    address = reverse("quote_pick", args=[review.pk, section.pk])
    page = client.get(address).content.decode()
    assert 'name="form" value="label" checked' in page
    assert 'name="form" value="name"' not in page
    assert client.post(address, {"part": part.pk, "passage": WORDS, "form": "name"}).status_code == 422
    client.post(address, {"part": part.pk, "passage": WORDS, "form": "nobody"})
    assert Quote.objects.visible_to(cast.bo).get().form == "nobody"
    share(part, cast.ana, "quotable", quote_as="name")
    assert Quote.objects.visible_to(cast.bo).get().form == "nobody"


def test_a_quote_changed_by_hand_does_not_hold_its_authors_choice_up(
    cast: Cast, part: Part, quote: Quote, signed_in: Any
) -> None:
    Quote.objects.for_system("a test's hand in the table").filter(pk=quote.pk).update(reach="organisation")
    share(part, cast.ana, "quotable", quote_as="nobody")
    share(part, cast.ana, "me")
    assert not Quote.objects.for_system("a test's look").exclude(stored="").exists()


def test_words_that_do_not_stand_in_the_part_are_refused_and_shown_again(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    address = reverse("quote_pick", args=[review.pk, section_of(review, "summary").pk])
    answer = signed_in(cast.bo).post(address, {"part": part.pk, "passage": WORDS, "only": "Words I made up"})
    assert answer.status_code == 422
    assert "Words I made up" in answer.content.decode()
    assert not Quote.objects.visible_to(cast.bo).exists()


def test_only_what_may_be_quoted_and_was_shared_with_one_is_offered(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    share(told(review, cast.ana, name="saw", words="gnucanary stood there"), cast.ana, "participants")
    address = reverse("quote_pick", args=[review.pk, section_of(review, "summary").pk])
    assert "gnucanary" not in signed_in(cast.bo).get(address).content.decode()
    guest = signed_in(cast.gil)
    assert CANARY not in guest.get(address).content.decode()
    assert guest.post(address, {"part": part.pk, "passage": WORDS}).status_code == 404
    for who in (cast.dov, cast.eve):
        assert signed_in(who).get(address).status_code == 404
        assert signed_in(who).post(address, {"part": part.pk, "passage": WORDS}).status_code == 404


def test_those_who_take_part_read_it_on_every_page_of_the_workshop(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    for client in map(signed_in, (cast.ana, cast.bo, cast.cleo)):
        silent = [each for each in workshop_pages(review) if CANARY not in told_to(client, each)]
        assert silent == []
    for client in map(signed_in, (cast.dov, cast.eve, cast.nobody)):
        assert not [each for each in workshop_pages(review) if CANARY in told_to(client, each)]


def test_its_words_stand_in_no_table_but_sealed(cast: Cast, review: Review, quote: Quote) -> None:
    publish(cast, review)
    found = [
        model._meta.label
        for model in apps.get_models()
        for row in model._base_manager.all().values()
        if CANARY in json.dumps(row, default=str)
    ]
    assert found == []
    assert Snapshot.objects.for_system("a test's look").filter(stored__contains=quote.pk).exists()
    assert Text.objects.for_system("a test's look").filter(stored__contains=quote.pk).exists()
    assert Publication.objects.for_system("a test's look").filter(review=review).exists()


def test_readers_of_a_version_get_it_with_a_label_for_its_author_and_for_whom_it_names(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    version = publish(cast, review)
    for address in reader_pages(version):
        told_ = told_to(signed_in(cast.dov), address)
        assert CANARY in told_, address
        assert "as release lead had said" in told_, address
        assert "— on-call engineer" in told_.replace(r"\u2014", "—"), address
        assert "Cleo" not in told_, address
        assert quote.pk not in told_, address
    nobody = signed_in(cast.nobody)
    assert not [each for each in reader_pages(version) if CANARY in told_to(nobody, each)]
    listed = Review.objects.visible_to(cast.dov).get(pk=review.pk)
    assert "quote:" not in listed.published_summary
    assert CANARY not in listed.published_summary


@pytest.mark.parametrize("yes", [True, False])
def test_the_public_reads_it_only_with_the_authors_further_yes(
    cast: Cast, review: Review, part: Part, signed_in: Any, yes: bool
) -> None:
    share(part, cast.ana, "quotable", public=yes)
    put_quote(section_of(review, "summary").pk, part_id=part.pk, words=WORDS, by=cast.bo)
    version = publish(cast, review, Audience.PUBLIC)
    public = [reverse("public", args=[version.pk]), reverse("export_version", args=[version.pk, "markdown"])]
    for address in public:
        assert (CANARY in told_to(signed_in(cast.nobody), address)) is yes
        assert CANARY in told_to(signed_in(cast.dov), address)
        assert "quote:" not in told_to(signed_in(cast.nobody), address)


def test_a_version_for_those_who_took_part_is_read_by_them_alone(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    version = publish(cast, review, Audience.PARTICIPANTS)
    assert CANARY in told_to(signed_in(cast.ana), reverse("read", args=[review.pk]))
    assert not [each for each in reader_pages(version) if CANARY in told_to(signed_in(cast.dov), each)]


def _narrow(part: Part, quote: Quote, by: Any) -> None:
    share(part, by, "participants")


def _delete(part: Part, quote: Quote, by: Any) -> None:
    story_changes.withdraw(part.story_id, by=by)


def _take_back(part: Part, quote: Quote, by: Any) -> None:
    withdraw_quote(quote.pk, by=by)


@pytest.mark.parametrize("undo", [_narrow, _delete, _take_back])
def test_taken_back_it_is_gone_from_every_page_and_file(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any, undo: Any
) -> None:
    first = publish(cast, review)
    write(review, "impact", "Every fourth order waited longer still.", cast.cleo)
    second = publish(cast, review)
    pages = [*workshop_pages(review), *reader_pages(first), *reader_pages(second)]
    pages.append(reverse("versions_compare", args=[review.pk, second.number, first.number]))
    undo(part, quote, cast.ana)
    for client in map(signed_in, (cast.ana, cast.cleo, cast.dov, cast.nobody)):
        assert not [each for each in pages if CANARY in told_to(client, each)]
    # What would be published next leaves it out altogether.
    bo, dov = signed_in(cast.bo), signed_in(cast.dov)
    for address in [*workshop_pages(review)[1:], *reader_pages(second)]:
        assert "withdrawn by its author" in told_to(bo, address), address
    for address in reader_pages(first):
        assert "withdrawn by its author" in told_to(dov, address), address


def test_a_diff_shows_the_words_to_whom_they_reach(cast: Cast, review: Review, part: Part, signed_in: Any) -> None:
    first = publish(cast, review)
    put_quote(section_of(review, "summary").pk, part_id=part.pk, words=WORDS, by=cast.bo)
    second = publish(cast, review)
    address = reverse("versions_compare", args=[review.pk, second.number, first.number])
    page = told_to(signed_in(cast.dov), address)
    assert "<ins>" in page
    assert CANARY in page


def test_a_wider_form_than_the_author_allows_today_is_never_shown(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    share(part, cast.ana, "quotable", quote_as="name")
    put_quote(section_of(review, "summary").pk, part_id=part.pk, words=WORDS, by=cast.bo)
    publish(cast, review)
    read = reverse("read", args=[review.pk])
    assert "— Ana" in told_to(signed_in(cast.dov), read)
    share(part, cast.ana, "quotable", quote_as="nobody")
    assert "—" not in told_to(signed_in(cast.dov), read).split(CANARY)[1].split("</section>")[0]


def test_a_quote_moved_to_another_part_by_hand_says_no_word(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    Quote.objects.for_system("a test's hand in the table").filter(pk=quote.pk).update(reach="organisation")
    address = reverse("section_quotes", args=[review.pk, section_of(review, "summary").pk])
    page = told_to(signed_in(cast.bo), address)
    assert CANARY not in page
    assert "cannot be opened" in page


def test_what_left_the_building_is_listed_for_the_author_and_nobody_else(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    version = publish(cast, review)
    for who in (cast.dov, cast.cleo):
        signed_in(who).get(reverse("export_version", args=[version.pk, "markdown"]))
    signed_in(cast.dov).get(f"/api/reviews/{review.pk}/versions/{version.number}")
    left = Departure.objects.visible_to(cast.ana)
    assert sorted((each.what, each.number, each.audience) for each in left) == [
        ("json", 0, ""),
        ("markdown", 0, ""),
        ("version", 1, "organisation"),
    ]
    markdown = left.get(what="markdown")
    assert markdown.first_at < markdown.last_at
    assert {field.name for field in Departure._meta.get_fields()} == {
        *("id", "review", "quote", "what", "number", "audience", "first_at", "last_at")
    }
    for who in (cast.bo, cast.cleo, cast.dov, cast.eve, cast.gil, cast.nobody):
        assert not Departure.objects.visible_to(who).exists()


def test_who_cannot_read_the_quote_takes_nothing_along(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    version = publish(cast, review, Audience.PUBLIC)
    signed_in(cast.nobody).get(reverse("export_version", args=[version.pk, "html"]))
    assert not Departure.objects.visible_to(cast.ana).filter(what="html").exists()


def test_names_inside_a_quote_are_asked_about_before_publishing(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    share(told(review, cast.cleo, words="Then cleoo.r@elsewhere.example wrote to me."), cast.cleo, "quotable")
    other = Part.objects.visible_to(cast.cleo).get(author=cast.cleo, name="did")
    put_quote(
        section_of(review, "summary").pk,
        part_id=other.pk,
        words="Then cleoo.r@elsewhere.example wrote to me.",
        by=cast.cleo,
    )
    page = signed_in(cast.bo).get(reverse("publish", args=[review.pk])).content.decode()
    assert "<strong>cleoo.r@elsewhere.example</strong>" in page
    decide_all_names(cast, review)
    publishing_changes.ask(review, by=cast.bo, audience=Audience.ORGANISATION)


def test_a_page_with_quotes_asks_one_query_more_however_many_there_are(
    cast: Cast, review: Review, part: Part, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    section = section_of(review, "summary")
    put_quote(section.pk, part_id=part.pk, words=WORDS, by=cast.bo)
    client = signed_in(cast.bo)
    pick = reverse("quote_pick", args=[review.pk, section.pk])
    for address, most in (
        (reverse("write", args=[review.pk]), 12),
        (reverse("section_quotes", args=[review.pk, section.pk]), 12),
        (pick, 12),
        (reverse("publish", args=[review.pk]), 12),
    ):
        client.get(address)
        with django_assert_max_num_queries(most) as few:
            client.get(address)
        for _each in range(5):
            put_quote(section.pk, part_id=part.pk, words=WORDS, by=cast.bo)
        with django_assert_max_num_queries(len(few)):
            client.get(address)
    publish(cast, review)
    with django_assert_max_num_queries(8):
        client.get(reverse("read", args=[review.pk]))


def test_the_author_is_told_what_has_left_before_they_choose(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any
) -> None:
    version = publish(cast, review)
    signed_in(cast.dov).get(reverse("export_version", args=[version.pk, "markdown"]))
    page = signed_in(cast.ana).get(reverse("story_audience", args=[review.pk, part.pk])).content.decode()
    assert "Version 1 of the review, read by: Everyone in the organisation, since" in page
    assert "Taken along as Markdown, first on" in page
    assert "Dov" not in page
    withdraw = signed_in(cast.ana).get(reverse("story_withdraw", args=[part.story_id])).content.decode()
    assert "Taken along as Markdown, first on" in withdraw


def test_a_quote_that_the_asking_facilitator_may_not_read_is_not_published(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any
) -> None:
    """Nobody could have looked for names in it."""
    Participation.objects.for_system("a test's setting").filter(person=cast.bo).update(since=timezone.now())
    version = publish(cast, review)
    assert quote.pk not in json.dumps(version.document)
    assert not [each for each in reader_pages(version) if CANARY in told_to(signed_in(cast.dov), each)]


def test_accounts_that_differ_are_published_beside_their_moment(cast: Cast, review: Review, signed_in: Any) -> None:
    write_everything(cast, review)
    moment = Moment.objects.visible_to(cast.ana).filter(review=review)[0]
    row = Difference(review=review, moment=moment, by=cast.ana, words="For Ana the queue was empty then.")
    row.save()
    settled = Difference(review=review, moment=moment, by=cast.cleo, words="mendedcanary", how="settled")
    settled.save()
    version = publish(cast, review)
    for address in reader_pages(version):
        page = told_to(signed_in(cast.dov), address)
        assert "the queue was empty then." in page, address
        assert "For the on-call engineer" in page, address
        assert "mendedcanary" not in page, address
    assert "It was different for somebody who took part" in told_to(signed_in(cast.dov), reader_pages(version)[0])


@pytest.mark.parametrize("undo", [_narrow, _delete, _take_back])
def test_open_pages_hear_that_a_quote_was_taken_back_and_read_again(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any, undo: Any
) -> None:
    version = publish(cast, review)
    read = reverse("read", args=[review.pk])
    page = signed_in(cast.dov).get(read).content.decode()
    assert f'data-live="quotes:{review.pk}" data-live-refresh="{read}?part=document" data-live-leave' in page
    assert may_hear(cast.dov, f"quotes:{review.pk}")
    assert not may_hear(cast.gil, f"quotes:{make_review(cast).pk}x")
    Change.objects.for_system("a test's setting").delete()
    undo(part, quote, cast.ana)
    topics = Change.objects.for_system("a test's look").values_list("topic", flat=True)
    assert f"quotes:{review.pk}" in topics
    pages = [read, reverse("version", args=[review.pk, version.number])]
    history = reverse("section_history", args=[review.pk, section_of(review, "summary").pk])
    for address in [*pages, history]:
        again = signed_in(cast.bo).get(address, {"part": "document"})
        assert "<html" not in again.content.decode()
        assert "withdrawn by its author" in again.content.decode(), address
        assert "no-store" in again.headers["Cache-Control"]


def test_the_write_up_asks_for_its_quotes_by_themselves(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    client = signed_in(cast.bo)
    address = reverse("section_quotes", args=[review.pk, section_of(review, "summary").pk])
    page = client.get(reverse("write", args=[review.pk])).content.decode()
    assert f'hx-get="{address}"' in page
    assert page.count('hx-trigger="load"') == 1
    assert CANARY not in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert CANARY in part
    assert "<html" not in part
    for who in (cast.dov, cast.eve):
        assert signed_in(who).get(address, headers={"HX-Request": "true"}).status_code == 404
