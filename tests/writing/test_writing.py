from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import HAPPENED, Cast, make_review
from tests.writing.written import add_moments, body_of, section_of, write, write_everything

from secondstory.reviews.changes import create_review, edit_review
from secondstory.reviews.models import KeyTime, Participation, Review
from secondstory.reviews.rules import Refused
from secondstory.texts.models import Text
from secondstory.timeline.models import Moment
from secondstory.writing import chain_changes, changes
from secondstory.writing.chains import Link
from secondstory.writing.models import Factor, Section
from secondstory.writing.outlines import DEFAULTS
from secondstory.writing.rules import REQUIRED, Standing, is_settled, may_publish


@pytest.fixture
def laid_out(cast: Cast, review: Review) -> Review:
    changes.lay_out(review, by=cast.bo)
    return review


def autosave(client: Any, text_id: str, body: str, version: int) -> Any:
    data = json.dumps({"body": body, "version": version})
    return client.put(reverse("text", args=[text_id]), data, content_type="application/json")


@pytest.mark.parametrize("kind", list(DEFAULTS))
def test_every_outline_has_what_belongs_to_every_review(kind: str) -> None:
    keys = [each.key for each in DEFAULTS[kind]]
    assert set(REQUIRED) <= set(keys)
    assert len(keys) == len(set(keys))
    assert keys[0] == "summary"
    assert keys[-1] == "returns"


@pytest.mark.parametrize("kind", list(DEFAULTS))
def test_no_guidance_asks_why(kind: str) -> None:
    questions = [str(question) for each in DEFAULTS[kind] for question in each.questions]
    assert [question for question in questions if question.lower().startswith("why")] == []


def created(cast: Cast, kind: str = "incident") -> Review:
    return create_review(by=cast.bo, kind=kind, title="Checkout", happened_at=HAPPENED, zone="UTC")


def keys_of(review: Review) -> list[str]:
    return [each.key for each in Section.objects.for_system("a test's look").filter(review=review)]


def test_a_new_review_has_its_sections_and_one_of_another_kind_others(cast: Cast) -> None:
    facts = {"title": "Checkout", "happened_at": HAPPENED, "zone": "UTC"}
    review = created(cast)
    assert keys_of(review) == [each.key for each in DEFAULTS["incident"]]
    edit_review(review, by=cast.bo, kind="delivery", **facts)
    assert keys_of(review) == [each.key for each in DEFAULTS["delivery"]]
    assert Text.objects.for_system("a test's look").count() == len(DEFAULTS["delivery"])
    write(review, "summary", "It was late.", cast.bo)
    edit_review(review, by=cast.bo, kind="success", **facts)
    assert keys_of(review) == [each.key for each in DEFAULTS["delivery"]]


def test_who_is_typing_while_the_kind_changes_saves_what_they_typed(cast: Cast, signed_in: Any) -> None:
    review = created(cast)
    text = section_of(review, "summary").text_id
    edit_review(review, by=cast.bo, kind="delivery", title="Checkout", happened_at=HAPPENED, zone="UTC")
    assert autosave(signed_in(cast.bo), text, "It was late.", 0).json() == {"version": 1}
    assert body_of(review, "summary") == "It was late."
    sections = Section.objects.for_system("a test's look").filter(review=review)
    assert [str(each.title) for each in DEFAULTS["delivery"]] == list(sections.values_list("title", flat=True))


@pytest.mark.parametrize("page", ["write", "publish", "draft/html", "draft/markdown", "draft/json"])
def test_looking_at_a_write_up_writes_nothing(cast: Cast, review: Review, signed_in: Any, page: str) -> None:
    for each in (review, created(cast)):
        client = signed_in(cast.bo)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/reviews/{each.pk}/{page}").status_code == 200
        assert [query["sql"] for query in asked if not query["sql"].lstrip("(").startswith("SELECT")] == []
    assert keys_of(review) == []


def test_a_box_above_rows_says_that_it_may_stay_empty(cast: Cast, signed_in: Any) -> None:
    page = signed_in(cast.bo).get(reverse("write", args=[created(cast).pk])).content.decode()
    told = [each.split('"', 1)[0] for each in page.split('id="body-')[1:] if "Words of your own, if any." in each]
    assert told == ["timeline", "factors", "actions"]


def test_a_review_without_sections_gets_them_when_its_write_up_begins(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client = signed_in(cast.ana)
    assert "Begin the write-up" in client.get(reverse("write", args=[review.pk])).content.decode()
    for _ in range(2):
        client.post(reverse("write_begin", args=[review.pk]))
    assert keys_of(review) == [each.key for each in DEFAULTS["incident"]]


def test_a_stranger_lays_nothing_out(cast: Cast, review: Review) -> None:
    with pytest.raises(Http404):
        changes.lay_out(review, by=cast.dov)


def test_two_who_write_in_one_section_both_keep_their_words(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    text = section_of(laid_out, "summary").text_id
    assert autosave(signed_in(cast.ana), text, "Ana's words", 0).json() == {"version": 1}
    conflict = autosave(signed_in(cast.cleo), text, "Cleo's words", 0)
    assert conflict.status_code == 409
    assert conflict.json()["body"] == "Ana's words"
    assert body_of(laid_out, "summary") == "Ana's words"
    assert autosave(signed_in(cast.cleo), text, "Ana's words\n\nCleo's words", 1).json() == {"version": 2}


def test_a_megabyte_in_one_paragraph_is_saved_and_shown(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    section = section_of(laid_out, "summary")
    body = "queue " * 175_000
    assert autosave(signed_in(cast.ana), section.text_id, body, 0).status_code == 200
    assert body_of(laid_out, "summary") == body
    assert signed_in(cast.ana).get(reverse("write", args=[laid_out.pk])).status_code == 200
    assert signed_in(cast.ana).get(reverse("section_history", args=[laid_out.pk, section.pk])).status_code == 200


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_others_neither_read_nor_write_a_section(cast: Cast, laid_out: Review, signed_in: Any, who: str) -> None:
    section = section_of(laid_out, "summary")
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("text", args=[section.text_id])).status_code == 404
    assert autosave(client, section.text_id, "x", 0).status_code == 404
    for route, args in (
        ("section", [laid_out.pk, section.pk]),
        ("section_history", [laid_out.pk, section.pk]),
        ("factor_add", [laid_out.pk]),
        ("write_begin", [laid_out.pk]),
    ):
        assert client.post(reverse(route, args=args), {"state": "na", "reason": "x", "version": "1"}).status_code == 404
    assert Text.objects.visible_to(getattr(cast, who)).count() == 0


def test_who_left_writes_no_more(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    Participation.objects.for_system("a test's setting").filter(person=cast.cleo).update(left_at=timezone.now())
    assert autosave(signed_in(cast.cleo), section_of(laid_out, "summary").text_id, "x", 0).status_code == 404


def test_what_belongs_to_every_review_cannot_be_removed(cast: Cast, laid_out: Review) -> None:
    for key in REQUIRED:
        with pytest.raises(Refused, match="belongs to every review"):
            changes.mark(section_of(laid_out, key).pk, by=cast.ana, state="removed")


def test_a_removed_section_comes_back_with_its_words(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    write(laid_out, "luck", "The night was quiet.", cast.ana)
    client, section = signed_in(cast.ana), section_of(laid_out, "luck")
    address = reverse("section", args=[laid_out.pk, section.pk])
    client.post(address, {"state": "removed"})
    page = client.get(reverse("write", args=[laid_out.pk])).content.decode()
    assert "Bring it back" in page
    assert "The night was quiet." not in page
    client.post(address, {"state": "open"})
    assert "The night was quiet." in client.get(reverse("write", args=[laid_out.pk])).content.decode()


def test_the_history_says_who_wrote_what_and_puts_it_back(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    write(laid_out, "summary", "The queue was slow.", cast.ana)
    write(laid_out, "summary", "The queue was long.", cast.cleo)
    section = section_of(laid_out, "summary")
    changes.mark(section.pk, by=cast.bo, state="na", reason="told elsewhere")
    address = reverse("section_history", args=[laid_out.pk, section.pk])
    page = signed_in(cast.bo).get(address).content.decode()
    assert "<del> slow.</del>" in page
    assert "<ins> long.</ins>" in page
    for words in ("Ana", "Cleo", "told elsewhere"):
        assert words in page
    guest = signed_in(cast.gil).get(address).content.decode()
    assert "release lead" in guest
    assert "Cleo" not in guest
    signed_in(cast.bo).post(address, {"version": "1"})
    assert body_of(laid_out, "summary") == "The queue was slow."
    assert section_of(laid_out, "summary").text.version == 3


def test_a_history_of_another_review_is_not_reached_through_this_one(
    cast: Cast, laid_out: Review, signed_in: Any
) -> None:
    other = make_review(cast, "Another")
    changes.lay_out(other, by=cast.bo)
    address = reverse("section_history", args=[laid_out.pk, section_of(other, "summary").pk])
    assert signed_in(cast.bo).get(address).status_code == 404


def test_beginning_fills_what_nobody_has_written_and_links_each_sentence(cast: Cast, laid_out: Review) -> None:
    add_moments(laid_out, 3)
    KeyTime(review=laid_out, name="started", at=laid_out.happened_at).save()
    write(laid_out, "impact", "Every fourth order.", cast.ana)
    begun = changes.begin_write_up(laid_out, by=cast.bo)
    assert begun == ["Summary", "Facts", "Timeline"]
    summary = body_of(laid_out, "summary")
    for moment in Moment.objects.visible_to(cast.bo).filter(review=laid_out):
        assert f"{moment.what}. [{moment.at:%H:%M}](/reviews/{laid_out.pk}/timeline#m-{moment.pk})" in summary
    assert "Detected: unknown" in body_of(laid_out, "facts")
    assert body_of(laid_out, "impact") == "Every fourth order."
    assert changes.begin_write_up(laid_out, by=cast.cleo) == []


def test_questions_alone_are_no_answer(cast: Cast, laid_out: Review) -> None:
    changes.begin_write_up(laid_out, by=cast.bo)
    body = body_of(laid_out, "impact")
    assert "> Is this complete?" in body
    assert not is_settled(Standing("impact", "Impact", "open", body, required=True))
    assert is_settled(Standing("impact", "Impact", "open", f"{body}\n\nEvery fourth order.", required=True))


def test_publishing_wants_all_that_belongs_to_every_review() -> None:
    whole = [Standing(key, key, "open", "words", required=True) for key in REQUIRED]
    assert may_publish(whole)
    for number in range(len(whole)):
        assert not may_publish(whole[:number] + whole[number + 1 :])


def test_factors_are_added_changed_and_removed(cast: Cast, laid_out: Review, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    add = reverse("factor_add", args=[laid_out.pk])
    answer = client.post(add, {"group": "tooling", "words": "Two boards."}, headers={"HX-Request": "true"})
    assert "Two boards." in answer.content.decode()
    factor = Factor.objects.visible_to(cast.ana).get()
    edit = reverse("factor_edit", args=[laid_out.pk, factor.pk])
    client.post(edit, {"group": "process", "words": "Nobody owns the boards."})
    factor.refresh_from_db(from_queryset=Factor.objects.visible_to(cast.ana))
    assert (factor.group, factor.words) == ("process", "Nobody owns the boards.")
    assert signed_in(cast.dov).post(edit, {"remove": "1"}).status_code == 404
    client.post(edit, {"remove": "1"})
    assert Factor.objects.visible_to(cast.ana).count() == 0


@pytest.mark.parametrize("data", [{"group": "person", "words": "x"}, {"group": "tooling", "words": "  "}])
def test_a_factor_that_cannot_be_keeps_what_was_typed(
    cast: Cast, laid_out: Review, signed_in: Any, data: dict[str, str]
) -> None:
    answer = signed_in(cast.ana).post(reverse("factor_add", args=[laid_out.pk]), data)
    assert answer.status_code == 422
    assert Factor.objects.visible_to(cast.ana).count() == 0


def test_an_administrator_makes_the_outline_the_organisations_own(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.eve)
    address = reverse("outline", args=["near_miss"])
    text = client.get(address).content.decode()
    assert "{nearly}" in text
    mine = (
        "\n".join(f"## {key.title()} {{{key}}}\n- How?" for key in REQUIRED) + "\n## Who was told\n- How did they hear?"
    )
    assert client.post(address, {"outline": mine}).status_code == 302
    review = make_review(cast, kind="near_miss")
    changes.lay_out(review, by=cast.bo)
    assert [each.key for each in Section.objects.visible_to(cast.bo)] == [*REQUIRED, "who_was_told"]
    refused = client.post(address, {"outline": "## Summary {summary}"})
    assert refused.status_code == 422
    assert "belongs to every review" in refused.content.decode()
    client.post(address, {"reset": "1"})
    assert len(changes.outline_of("near_miss")) == len(DEFAULTS["near_miss"])


@pytest.mark.parametrize(("route", "most"), [("write", 12), ("read", 12), ("publish", 12)])
def test_the_number_of_queries_is_small_and_does_not_grow(
    cast: Cast, review: Review, signed_in: Any, route: str, most: int, django_assert_max_num_queries: Any
) -> None:
    from tests.writing.written import publish

    write_everything(cast, review)
    if route == "read":
        publish(cast, review)
    client = signed_in(cast.bo)
    address = reverse(route, args=[review.pk])
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    add_moments(review, 100)
    for number in range(20):
        changes.add_factor(review, by=cast.bo, group="tooling", words=f"Board {number}")
        chain_changes.add(review, by=cast.bo, kind="how", question="How?", links=[Link("", "So", 0, "condition")] * 5)
    with django_assert_max_num_queries(100) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(few) <= most, [each["sql"][:90] for each in few.captured_queries]
