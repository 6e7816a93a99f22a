from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from tests.cast import Cast
from tests.timeline.evidence import many, story

from secondstory.reviews.models import Review
from secondstory.timeline import agreement_changes, changes, learned_changes, margin_changes, triage_changes
from secondstory.timeline.models import Lane, Learned, Moment
from secondstory.timeline.rules import Row
from secondstory.timeline.triage_filter import PAGE

HTMX = {"HX-Request": "true"}
AT = "2026-03-09T14:05:00"


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    story(review)
    return triage_changes.accept(review, cast.ana, [2])


def pages(review: Review, moment: Moment) -> list[tuple[str, str, dict[str, Any]]]:
    lane = Lane.objects.for_system("a test's question").first() or Lane(pk="a" * 12)
    learned = Learned.objects.for_system("a test's question").first() or Learned(pk="a" * 12)
    at = f"/reviews/{review.pk}"
    return [
        ("get", f"{at}/timeline", {}),
        ("get", f"{at}/timeline?part=rows", {}),
        ("get", f"{at}/timeline/new", {}),
        ("get", f"{at}/timeline/new?after={moment.pk}", {}),
        ("post", f"{at}/timeline/new", {"new-when": "exact", "new-at": AT, "new-what": "By hand"}),
        ("get", f"{at}/timeline/{moment.pk}", {}),
        ("get", f"{at}/timeline/{moment.pk}/history", {}),
        ("get", f"{at}/timeline/{moment.pk}/around", {}),
        ("post", f"{at}/timeline/{moment.pk}/pivot", {"pivot": "yes"}),
        ("post", f"{at}/timeline/{moment.pk}/evidence/2/remove", {}),
        ("get", f"{at}/timeline/table", {}),
        ("post", f"{at}/timeline/table", {"table": "| Time | Event |\n|---|---|\n| 14:00 | Before |"}),
        ("get", f"{at}/timeline/{moment.pk}/learned", {}),
        ("post", f"{at}/timeline/{moment.pk}/learned", {"lane": "Support", "at": "2026-03-09T15:00:00"}),
        ("post", f"{at}/timeline/{moment.pk}/learned/{learned.pk}", {}),
        ("get", f"{at}/timeline/{moment.pk}/differs", {}),
        ("post", f"{at}/timeline/{moment.pk}/differs", {"words": "It was slow before that."}),
        ("get", f"{at}/agreement", {}),
        ("post", f"{at}/agreement", {"upto": "not the one that stands"}),
        ("post", f"{at}/agreement", {"back": "yes"}),
        ("get", f"{at}/lanes", {}),
        ("post", f"{at}/lanes", {"name": "Support", "kind": "team"}),
        ("post", f"{at}/lanes/{lane.pk}", {"move": "up"}),
        ("get", f"{at}/triage", {}),
        ("get", f"{at}/triage?part=lines", {}),
        ("get", f"{at}/triage?part=moments", {}),
        ("get", f"{at}/triage?show=all&q=price&author=ana&undone=on", {}),
        ("get", f"{at}/triage/edit?line=1&line=3", {}),
        ("post", f"{at}/triage/accept", {"line": "1"}),
        ("post", f"{at}/triage/cite", {"line": ["3", "4"], "moment": moment.pk}),
        ("get", f"{at}/triage/moments/{moment.pk}", {}),
        ("post", f"{at}/triage/dismiss", {"line": "4"}),
        ("post", f"{at}/triage/undo", {}),
        ("post", f"{at}/timeline/{moment.pk}/remove", {}),
        ("post", f"{at}/timeline/{moment.pk}/put-back", {}),
    ]


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_every_page_answers_who_takes_part(
    cast: Cast, review: Review, moment: Moment, signed_in: Any, who: str
) -> None:
    lane = Lane(review=review, name="Payments")
    lane.save()
    Learned(review=review, moment=moment, lane=lane, at=moment.at).save()
    client = signed_in(getattr(cast, who))
    for verb, address, data in pages(review, moment):
        assert getattr(client, verb)(address, data).status_code in {200, 302}, address


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_every_page_is_absent_for_everybody_else(
    cast: Cast, review: Review, moment: Moment, signed_in: Any, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    for verb, address, data in pages(review, moment):
        assert getattr(client, verb)(address, data).status_code == 404, address


def test_nobody_is_asked_to_sign_in_first(cast: Cast, review: Review, moment: Moment, signed_in: Any) -> None:
    for verb, address, data in pages(review, moment):
        answer = getattr(signed_in(cast.nobody), verb)(address, data)
        assert answer.status_code == 302
        assert "/account/login" in answer["Location"]


def test_a_reader_of_a_published_review_gets_404_for_its_timeline(
    cast: Cast, review: Review, moment: Moment, signed_in: Any
) -> None:
    review.published_audience = "organisation"
    review.save()
    for verb, address, data in pages(review, moment):
        assert getattr(signed_in(cast.dov), verb)(address, data).status_code == 404, address


def test_markup_in_a_moment_is_shown_as_text(cast: Cast, review: Review, signed_in: Any) -> None:
    words = "<script>alert(1)</script>\n<b>second</b>"
    changes.add(review, cast.ana, Row(at=review.happened_at, what=words, information=words, decision=words))
    page = signed_in(cast.cleo).get(f"/reviews/{review.pk}/timeline").content.decode()
    assert "<script>alert" not in page
    assert page.count(escape("<script>alert(1)</script>")) == 3


def test_an_impossible_time_comes_back_with_a_reason_and_the_words(cast: Cast, review: Review, signed_in: Any) -> None:
    sent = {"new-when": "between", "new-at": AT, "new-until": "2026-03-09T14:00:00", "new-what": "Kept words"}
    answer = signed_in(cast.ana).post(f"/reviews/{review.pk}/timeline/new", sent)
    assert answer.status_code == 422
    assert "The later time is not after the first one." in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_what_was_added_by_hand_is_in_the_rows_and_no_longer_in_the_form(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client, at = signed_in(cast.ana), f"/reviews/{review.pk}/timeline"
    first = client.get(at).content.decode()
    assert 'name="new-what"' in first
    sent = {"new-when": "exact", "new-at": AT, "new-what": "Written once"}
    answer = client.post(f"{at}/new", sent, headers={"HX-Request": "true"}).content.decode()
    rows, _, below = answer.partition('id="add"')
    assert "Written once" in rows
    assert f'hx-get="{at}/new"' in below
    assert 'name="new-what"' not in below
    later = client.get(at).content.decode()
    assert 'name="new-what"' not in later
    assert f'href="{at}/new"' in later


def test_a_moment_by_hand_begins_at_the_time_of_the_last_one(cast: Cast, review: Review, signed_in: Any) -> None:
    last = review.happened_at + timedelta(hours=2)
    changes.add(review, cast.ana, Row(at=last, what="Closed"))
    changes.add(review, cast.ana, Row(at=review.happened_at, what="Opened"))
    form = signed_in(cast.ana).get(f"/reviews/{review.pk}/timeline/new").context["form"]
    assert form["at"].initial == last


def test_times_are_typed_in_the_viewers_own_zone(cast: Cast, review: Review, signed_in: Any) -> None:
    cast.ana.time_zone = "America/New_York"
    cast.ana.save()
    sent = {"new-when": "exact", "new-at": "2026-03-09T10:05:00", "new-what": "Alert"}
    signed_in(cast.ana).post(f"/reviews/{review.pk}/timeline/new", sent)
    assert Moment.objects.visible_to(cast.ana).get().at == review.happened_at


def conflict(cast: Cast, review: Review, moment: Moment, client: Client, **headers: Any) -> Any:
    changes.edit(moment.pk, cast.ana, Row(at=moment.at, what="What Ana wrote"), moment.version)
    sent = {"when": "exact", "at": AT, "what": "What Cleo wrote", "version": "1"}
    prefixed = {f"{moment.pk}-{name}": value for name, value in sent.items()}
    return client.post(f"/reviews/{review.pk}/timeline/{moment.pk}", prefixed, **headers)


@pytest.mark.parametrize(("headers", "status"), [({}, 409), ({"headers": HTMX}, 422)])
def test_the_second_of_two_editors_sees_both_versions(
    cast: Cast, review: Review, moment: Moment, signed_in: Any, headers: Any, status: int
) -> None:
    answer = conflict(cast, review, moment, signed_in(cast.cleo), **headers)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "What Ana wrote" in page
    assert "What Cleo wrote" in page
    assert "Ana changed this moment while you were writing." in page
    moment.refresh_from_db()
    assert moment.what == "What Ana wrote"


def test_a_guest_is_not_told_names_by_history_nor_conflict(
    cast: Cast, review: Review, moment: Moment, signed_in: Any
) -> None:
    client = signed_in(cast.gil)
    assert "Ana changed" not in conflict(cast, review, moment, client).content.decode()
    page = client.get(f"/reviews/{review.pk}/timeline/{moment.pk}/history").content.decode()
    assert "on-call engineer" in page
    assert "<strong>Ana" not in page


def test_accept_leave_out_and_undo_without_script(cast: Cast, review: Review, signed_in: Any) -> None:
    story(review)
    client, at = signed_in(cast.ana), f"/reviews/{review.pk}/triage"
    client.post(f"{at}/accept", {"line": ["1", "2"]})
    client.post(f"{at}/dismiss", {"line": "4"})
    assert "left out" in client.get(f"{at}?show=all").content.decode()
    client.post(f"{at}/undo")
    assert "left out" not in client.get(f"{at}?show=all").content.decode().replace("Undo: left out", "")
    assert Moment.objects.visible_to(cast.ana).standing().count() == 1
    client.post(f"{at}/undo")
    assert Moment.objects.visible_to(cast.ana).standing().count() == 0
    assert client.post(f"{at}/undo", follow=True).status_code == 200


def test_undo_does_not_take_away_what_somebody_else_changed(cast: Cast, review: Review, signed_in: Any) -> None:
    story(review)
    client, at = signed_in(cast.ana), f"/reviews/{review.pk}/triage"
    client.post(f"{at}/accept", {"line": "1"})
    moment = Moment.objects.visible_to(cast.ana).get()
    changes.edit(moment.pk, cast.cleo, Row(at=moment.at, what="Better words"), 1)
    answer = client.post(f"{at}/undo", headers=HTMX)
    assert "was changed since" in answer.content.decode()
    assert Moment.objects.visible_to(cast.ana).standing().exists()


def test_proposals_say_why_in_a_word(cast: Cast, review: Review, signed_in: Any) -> None:
    story(review)
    page = signed_in(cast.ana).get(f"/reviews/{review.pk}/triage").content.decode()
    assert 'id="line-1"' in page
    assert 'class="why"' in page
    assert 'id="line-4"' not in page


def test_a_handle_is_found_by_typing_it_and_never_offered(cast: Cast, review: Review, signed_in: Any) -> None:
    story(review)
    page = signed_in(cast.ana).get(f"/reviews/{review.pk}/triage?show=all&author=CLEO").content.decode()
    assert 'id="line-3"' in page
    assert 'id="line-2"' not in page
    options = page[page.index('name="place"') : page.index('name="since"')]
    assert "monitor" not in options
    assert "cleo</option>" not in options


def test_all_lines_are_reached_page_by_page_and_back(cast: Cast, review: Review, signed_in: Any) -> None:
    many(review, 2 * PAGE + 15)
    client = signed_in(cast.ana)
    seen, after = [], ""
    for _ in range(3):
        shown = client.get(f"/reviews/{review.pk}/triage?show=all&after={after}").context["shown"]
        seen += [each.line.number for each in shown.lines]
        after, before = shown.after, shown.before
    assert seen == list(range(1, 2 * PAGE + 16))
    assert after == ""
    shown = client.get(f"/reviews/{review.pk}/triage?show=all&before={before}").context["shown"]
    assert [each.line.number for each in shown.lines] == list(range(PAGE + 1, 2 * PAGE + 1))


def test_each_page_asks_the_same_at_1_and_at_100_moments(
    cast: Cast, review: Review, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    many(review, 101)
    client = signed_in(cast.bo)
    pages = ("timeline", "triage", "triage?show=all", "lanes", "timeline/table", "agreement")
    triage_changes.accept(review, cast.bo, [1])
    margin_changes.begin_note(review, cast.bo, Moment.objects.visible_to(cast.bo).get().pk, "mine")

    def asked(page: str) -> int:
        with django_assert_max_num_queries(12) as queries:
            assert client.get(f"/reviews/{review.pk}/{page}").status_code == 200
        return len(queries)

    for page in pages:
        client.get(f"/reviews/{review.pk}/{page}")
    few = {page: asked(page) for page in pages}
    for number in range(2, 102):
        moment = triage_changes.accept(review, cast.bo, [number])
        margin_changes.begin_note(review, cast.bo, moment.pk, "mine")
        agreement_changes.mark(moment.pk, cast.ana, "It was otherwise.")
        learned_changes.learn(moment.pk, cast.ana, f"Lane {number}", moment.at)
    assert few == {page: asked(page) for page in pages}
