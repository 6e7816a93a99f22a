"""What the pages of agreement say, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import HAPPENED, Cast

from secondstory.reviews.models import Review
from secondstory.timeline import agreement_changes, changes, learned_changes
from secondstory.timeline.models import Agreement, Difference, Moment
from secondstory.timeline.rules import Row

WORDS = "For us it was slow an hour earlier."


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    return changes.add(review, cast.ana, Row(at=HAPPENED, what="Checkout answers slowly"))


@pytest.fixture
def at(review: Review) -> str:
    return f"/reviews/{review.pk}"


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def confirm(client: Any, at: str) -> Any:
    return client.post(f"{at}/agreement", {"upto": client.get(f"{at}/agreement").context["mark"]}, follow=True)


def test_a_participant_confirms_what_they_saw_and_others_read_their_name(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    assert "You confirmed the timeline as it stands." in words_of(confirm(signed_in(cast.cleo), at))
    page = words_of(signed_in(cast.ana).get(f"{at}/agreement"))
    assert '<div class="list__main">Cleo</div><div class="list__end soft">the timeline as it stands</div>' in page
    guest = words_of(signed_in(cast.gil).get(f"{at}/agreement"))
    assert '<div class="list__main">release lead</div>' in guest
    assert ">Cleo<" not in guest


def test_after_a_change_it_is_a_confirmation_of_the_timeline_before(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    client = signed_in(cast.cleo)
    confirm(client, at)
    changes.set_pivot(moment.pk, cast.ana, pivot=True)
    page = words_of(client.get(f"{at}/agreement"))
    assert "You confirmed the timeline before it changed." in page
    assert "the timeline before <time" in page
    assert "I confirm the timeline as it stands" in page


def test_a_timeline_that_changed_meanwhile_is_not_confirmed_and_the_page_says_so(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    client = signed_in(cast.cleo)
    seen = client.get(f"{at}/agreement").context["mark"]
    learned_changes.learn(moment.pk, cast.ana, "Support", HAPPENED + timedelta(minutes=9))
    answer = client.post(f"{at}/agreement", {"upto": seen}, follow=True)
    assert "The timeline changed since you opened this page." in words_of(answer)
    assert not Agreement.objects.visible_to(cast.ana).exists()


def test_an_open_difference_stands_beside_its_moment_for_all_who_take_part(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    signed_in(cast.cleo).post(f"{at}/timeline/{moment.pk}/differs", {"words": WORDS})
    for person, who in ((cast.ana, "Cleo"), (cast.bo, "Cleo"), (cast.gil, "release lead")):
        page = words_of(signed_in(person).get(f"{at}/timeline"))
        assert WORDS in page
        assert f"<strong>{who}</strong> remembers it otherwise" in page


def test_words_too_few_or_too_many_come_back_with_a_reason(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    assert client.post(f"{at}/timeline/{moment.pk}/differs", {"words": " "}).status_code == 422
    answer = client.post(f"{at}/timeline/{moment.pk}/differs", {"words": "kept words " * 2_000})
    assert answer.status_code == 422
    assert "Shorten it" in words_of(answer)
    assert "kept words kept words" in words_of(answer)


def deed(client: Any, at: str, difference: Difference, name: str) -> int:
    return int(client.post(f"{at}/agreement/{difference.pk}", {"deed": name}).status_code)


def test_the_facilitator_asks_and_only_the_writers_yes_settles(
    cast: Cast, review: Review, moment: Moment, at: str, signed_in: Any
) -> None:
    difference = agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    bo, cleo, ana = signed_in(cast.bo), signed_in(cast.cleo), signed_in(cast.ana)
    assert deed(bo, at, difference, "ask") == 302
    assert "The facilitator asks you" in words_of(cleo.get(f"{at}/agreement"))
    assert [deed(who, at, difference, "settle") for who in (bo, ana)] == [404, 404]
    assert WORDS in words_of(ana.get(f"{at}/timeline"))
    assert deed(cleo, at, difference, "settle") == 302
    assert WORDS not in words_of(ana.get(f"{at}/timeline"))
    assert "Settled by who wrote them" in words_of(ana.get(f"{at}/agreement"))


def test_whoever_was_asked_finds_it_at_home_until_they_answered(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    difference = agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    agreement_changes.ask(difference.pk, cast.bo)
    asked = "Say whether a difference you marked is settled"
    homes = {name: words_of(signed_in(getattr(cast, name)).get("/")) for name in ("ana", "bo", "cleo")}
    assert [name for name in homes if asked in homes[name]] == ["cleo"]
    agreement_changes.still_differs(difference.pk, cast.cleo)
    assert asked not in words_of(signed_in(cast.cleo).get("/"))


def test_both_accounts_kept_still_stand_on_the_timeline(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    difference = agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    assert deed(signed_in(cast.bo), at, difference, "both") == 302
    page = words_of(signed_in(cast.ana).get(f"{at}/timeline"))
    assert WORDS in page
    assert "both accounts are kept" in page


def test_the_page_offers_each_what_is_theirs_to_do(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    told = {name: words_of(signed_in(getattr(cast, name)).get(f"{at}/agreement")) for name in ("ana", "bo", "cleo")}
    assert [name for name in told if 'value="ask"' in told[name]] == ["bo"]
    assert [name for name in told if 'value="withdraw"' in told[name]] == ["cleo"]


def test_others_words_cannot_be_changed_by_their_address(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    difference = agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    for who in ("ana", "bo", "gil"):
        client = signed_in(getattr(cast, who))
        assert client.get(f"{at}/agreement/{difference.pk}").status_code == 404
        assert client.post(f"{at}/agreement/{difference.pk}", {"words": "mine"}).status_code == 404
    signed_in(cast.cleo).post(f"{at}/agreement/{difference.pk}", {"words": "In my own other words."})
    difference.refresh_from_db()
    assert difference.words == "In my own other words."


def test_an_unknown_deed_is_absent(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    difference = agreement_changes.mark(moment.pk, cast.cleo, WORDS)
    assert deed(signed_in(cast.cleo), at, difference, "win") == 404


def test_the_timeline_tells_who_learned_of_a_moment_and_when(
    cast: Cast, moment: Moment, at: str, signed_in: Any
) -> None:
    sent = {"lane": "Support desk", "at": "2026-03-09T14:40:00", "how": "a customer called"}
    assert signed_in(cast.ana).post(f"{at}/timeline/{moment.pk}/learned", sent).status_code == 302
    page = words_of(signed_in(cast.gil).get(f"{at}/timeline"))
    assert "<strong>Support desk</strong> learned of it at <time" in page
    assert "(a customer called)" in page


def test_a_time_before_the_moment_comes_back_with_a_reason(cast: Cast, moment: Moment, at: str, signed_in: Any) -> None:
    sent = {"lane": "Support desk", "at": "2026-03-09T14:00:00"}
    answer = signed_in(cast.ana).post(f"{at}/timeline/{moment.pk}/learned", sent)
    assert answer.status_code == 422
    assert "This is before it happened." in words_of(answer)
