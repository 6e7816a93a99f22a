from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from tests.cast import HAPPENED, Cast, make_review
from tests.timeline.evidence import line, story

from secondstory.live.models import Change
from secondstory.reviews.models import Review
from secondstory.timeline import changes, triage_changes
from secondstory.timeline.models import Citation, Dismissal, Lane, Moment, MomentChange
from secondstory.timeline.rules import BETWEEN, Refused, Row

ROW = Row(at=HAPPENED, what="Checkout answers slowly")


def standing(review: Review) -> list[Moment]:
    return list(Moment.objects.for_system("a test's question").standing().filter(review=review))


def history(moment: Moment) -> list[str]:
    changes_ = MomentChange.objects.for_system("a test's question").filter(moment=moment).order_by("id")
    return list(changes_.values_list("what", flat=True))


def told(review: Review) -> int:
    return Change.objects.for_system("a test's question").filter(topic=f"review:{review.pk}").count()


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_whoever_takes_part_may_add_change_and_remove_moments(cast: Cast, review: Review, who: str) -> None:
    person = getattr(cast, who)
    moment = changes.add(review, person, ROW)
    changes.edit(moment.pk, person, replace(ROW, what="Checkout answers very slowly"), moment.version)
    changes.remove(moment.pk, person)
    assert history(moment) == ["added", "edited", "removed"]
    assert not standing(review)


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_for_everybody_else_moments_are_absent(cast: Cast, review: Review, who: str) -> None:
    person, moment = getattr(cast, who), changes.add(review, cast.ana, ROW)
    line(review, "something")
    deeds = [
        lambda: changes.add(review, person, ROW),
        lambda: changes.edit(moment.pk, person, ROW, 1),
        lambda: changes.remove(moment.pk, person),
        lambda: changes.set_pivot(moment.pk, person, pivot=True),
        lambda: changes.import_rows(review, person, [ROW]),
        lambda: triage_changes.accept(review, person, [1]),
        lambda: triage_changes.dismiss(review, person, [1]),
        lambda: triage_changes.undismiss(review, person, [1]),
    ]
    for deed in deeds:
        with pytest.raises(Http404):
            deed()


def test_whoever_comes_second_is_given_the_moment_as_it_stands(cast: Cast, review: Review) -> None:
    moment = changes.add(review, cast.ana, ROW)
    changes.edit(moment.pk, cast.ana, replace(ROW, information="The dashboard was green"), 1)
    with pytest.raises(changes.Conflict) as conflict:
        changes.edit(moment.pk, cast.cleo, replace(ROW, decision="Roll back"), 1)
    assert conflict.value.moment.information == "The dashboard was green"
    assert conflict.value.moment.version == 2


def test_saving_the_same_words_again_is_no_change(cast: Cast, review: Review) -> None:
    moment = changes.add(review, cast.ana, ROW)
    assert changes.edit(moment.pk, cast.cleo, ROW, 0).version == 1
    assert history(moment) == ["added"]


def test_history_keeps_only_what_differs(cast: Cast, review: Review) -> None:
    moment = changes.add(review, cast.ana, ROW)
    changes.edit(moment.pk, cast.cleo, replace(ROW, decision="Roll back"), 1)
    change = MomentChange.objects.visible_to(cast.ana).filter(moment=moment).first()
    assert (change.by, change.before, change.after) == (cast.cleo, {}, {"decision": "Roll back"})


def test_a_removed_moment_can_be_put_back(cast: Cast, review: Review) -> None:
    moment = changes.add(review, cast.ana, ROW)
    changes.remove(moment.pk, cast.ana)
    changes.put_back(moment.pk, cast.cleo)
    assert standing(review) == [moment]
    assert history(moment) == ["added", "removed", "put_back"]


def test_what_cannot_stand_is_refused_and_nothing_is_kept(cast: Cast, review: Review) -> None:
    for row, where in [
        (replace(ROW, what=" "), "what"),
        (replace(ROW, at=HAPPENED.replace(year=1970)), "at"),
        (replace(ROW, at=HAPPENED.replace(year=2100)), "at"),
        (replace(ROW, when=BETWEEN), "until"),
        (replace(ROW, when=BETWEEN, until=HAPPENED), "until"),
        (replace(ROW, what="x" * 1_000_000), "what"),
    ]:
        with pytest.raises(Refused) as refused:
            changes.add(review, cast.ana, row)
        assert refused.value.problems[0][0] == where
    assert not standing(review)


def test_every_change_tells_those_who_look(cast: Cast, review: Review) -> None:
    moment = changes.add(review, cast.ana, ROW)
    before = told(review)
    changes.set_pivot(moment.pk, cast.ana, pivot=True)
    assert told(review) == before + 1


def test_an_accepted_line_becomes_a_moment_with_its_source(cast: Cast, review: Review) -> None:
    evidence = story(review)[1]
    moment = triage_changes.accept(review, cast.ana, [evidence.number])
    assert (moment.what, moment.at) == (evidence.text, evidence.at)
    assert list(Citation.objects.visible_to(cast.ana).values_list("evidence", "moment")) == [(evidence.pk, moment.pk)]


def test_several_lines_become_one_moment_at_the_time_of_the_first(cast: Cast, review: Review) -> None:
    lines = story(review)
    moment = triage_changes.accept(review, cast.ana, [lines[4].number, lines[1].number])
    assert moment.what == f"{lines[1].text}\n{lines[4].text}"
    assert moment.at == lines[1].at
    assert Citation.objects.visible_to(cast.ana).count() == 2


def test_accepting_twice_is_one_moment(cast: Cast, review: Review) -> None:
    number = story(review)[0].number
    first = triage_changes.accept(review, cast.ana, [number])
    assert triage_changes.accept(review, cast.cleo, [number]) == first
    assert standing(review) == [first]


def test_a_moment_never_takes_over_who_wrote_the_line(cast: Cast, review: Review) -> None:
    moment = triage_changes.accept(review, cast.ana, [line(review, "rolling back", author="zoltan").number])
    assert "zoltan" not in str(moment.__dict__)


def test_the_lane_is_the_role_of_a_known_handle_or_the_system_that_spoke(cast: Cast, review: Review) -> None:
    cast.ana.handles = ["@ana"]
    cast.ana.save()
    lines = story(review)
    said = triage_changes.accept(review, cast.bo, [lines[1].number])
    alert = triage_changes.accept(review, cast.bo, [lines[0].number])
    unknown = triage_changes.accept(review, cast.bo, [line(review, "so it is", author="zoltan").number])
    assert (said.lane.name, said.lane.kind) == ("on-call engineer", Lane.Kind.ROLE)
    assert (alert.lane.name, alert.lane.kind) == ("checkout", Lane.Kind.SYSTEM)
    assert unknown.lane is None


def test_a_line_is_nobodys_once_two_claim_its_author(cast: Cast, review: Review) -> None:
    cast.cleo.handles = ["ana"]
    cast.cleo.save()
    said = story(review)[1]
    assert triage_changes.accept(review, cast.bo, [said.number]).lane is None


def test_a_line_of_another_review_is_absent(cast: Cast, review: Review) -> None:
    other = make_review(cast, "Another one")
    line(review, "here")
    line(other, "there, the first")
    there = line(other, "there, the second")
    with pytest.raises(Http404):
        triage_changes.accept(review, cast.ana, [there.number])


def test_a_line_left_out_can_come_back_and_is_back_once_accepted(cast: Cast, review: Review) -> None:
    number = story(review)[3].number
    triage_changes.dismiss(review, cast.ana, [number])
    assert triage_changes.dismiss(review, cast.ana, [number]) == []
    triage_changes.undismiss(review, cast.cleo, [number])
    assert not Dismissal.objects.visible_to(cast.ana).exists()
    triage_changes.dismiss(review, cast.ana, [number])
    triage_changes.accept(review, cast.ana, [number])
    assert not Dismissal.objects.visible_to(cast.ana).exists()


def test_evidence_can_be_cited_and_taken_off(cast: Cast, review: Review) -> None:
    lines = story(review)
    moment = triage_changes.accept(review, cast.ana, [lines[0].number])
    changes.cite(moment.pk, cast.cleo, [lines[1].number, lines[0].number])
    changes.uncite(moment.pk, cast.cleo, [lines[0].number])
    assert [each.evidence for each in Citation.objects.visible_to(cast.ana)] == [lines[1]]
    assert history(moment) == ["accepted", "cited", "uncited"]


def test_a_table_brought_in_twice_adds_nothing(cast: Cast, review: Review) -> None:
    rows = [ROW, replace(ROW, at=HAPPENED + timedelta(minutes=3), what="Rolled back", lane="release lead")]
    assert len(changes.import_rows(review, cast.ana, rows)) == 2
    assert changes.import_rows(review, cast.cleo, rows) == []


def test_one_bad_row_of_a_table_brings_nothing_in(cast: Cast, review: Review) -> None:
    with pytest.raises(Refused):
        changes.import_rows(review, cast.ana, [ROW, replace(ROW, what="")])
    assert not standing(review)
