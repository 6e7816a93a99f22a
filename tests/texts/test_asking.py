"""What is asked about words while they are typed, and what is let stand. Nothing typed is kept, logged or told."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import Cast
from tests.stories.telling import told
from tests.writing.written import section_of

from secondstory.reviews.deletion_changes import delete_due
from secondstory.reviews.models import Participation, Review
from secondstory.stories import changes as story_changes
from secondstory.stories.models import Part
from secondstory.texts.models import LetStand, Text
from secondstory.texts.rules import Purse
from secondstory.timeline import margin_changes
from secondstory.writing import changes

BLAMING = "The engineer should have checked the okapicanary dashboard."
REASON = "It quotes the runbook, wombatcanary."
QUESTIONS, STANDING = "/texts/questions", "/texts/standing"


def ask(client: Any, *words: str, **more: Any) -> Any:
    sent = {"paragraphs": [each if isinstance(each, dict) else {"words": each} for each in words], **more}
    return client.post(QUESTIONS, json.dumps(sent), content_type="application/json")


def findings(client: Any, words: Any, **more: Any) -> list[dict[str, Any]]:
    answer = ask(client, words, **more)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["paragraphs"][0]
    return found


def stand(client: Any, key: str, reason: str = REASON, **more: Any) -> Any:
    return client.put(STANDING, json.dumps({"key": key, "reason": reason, **more}), content_type="application/json")


def rows() -> list[LetStand]:
    return list(LetStand.objects.for_system("a test's question"))


@pytest.fixture
def part(cast: Cast, review: Review) -> Part:
    return told(review, cast.ana, words=BLAMING)


def test_blaming_words_are_asked_about_where_they_stand(cast: Cast, signed_in: Any) -> None:
    found = findings(signed_in(cast.ana), BLAMING)
    assert [BLAMING[each["from"] : each["to"]] for each in found] == ["should have checked"]
    assert found[0]["questions"]
    assert found[0]["skeletons"]
    assert found[0]["after"] == len(BLAMING)
    assert found[0]["stands"] is None


def test_each_paragraph_has_its_own_answer(cast: Cast, signed_in: Any) -> None:
    answer = ask(signed_in(cast.ana), "The page came at 14:05.", BLAMING).json()["paragraphs"]
    assert [len(each) for each in answer] == [0, 1]


def test_places_count_as_browsers_do(cast: Cast, signed_in: Any) -> None:
    words = f"😀 At once. {BLAMING}"
    found = findings(signed_in(cast.ana), {"words": words, "before": "# 🦊 Timeline"})[0]
    units = words.encode("utf-16-le")
    assert units[2 * found["from"] : 2 * found["to"]].decode("utf-16-le") == "should have checked"


def test_half_a_character_is_read_like_any_other(cast: Cast, signed_in: Any) -> None:
    sent = '{"paragraphs": [{"words": "\\ud83d ' + BLAMING + '"}]}'
    answer = signed_in(cast.ana).post(QUESTIONS, sent, content_type="application/json")
    assert answer.json()["paragraphs"][0][0]["from"] == 2 + BLAMING.index("should")


def test_the_headings_above_say_what_the_words_are_for(cast: Cast, signed_in: Any) -> None:
    words = "Be more careful when deploying."
    under = {
        each: findings(signed_in(cast.ana), {"words": words, "before": f"# {each}"}) for each in ("Actions", "Impact")
    }
    assert [each["rule"] for each in under["Actions"]] == ["SS901"]
    assert under["Impact"] == []


def test_a_question_field_is_asked_for_open_questions(cast: Cast, signed_in: Any) -> None:
    words = "Did you see the alert?"
    assert findings(signed_in(cast.ana), words) == []
    found = findings(signed_in(cast.ana), words, field="question")
    assert [each["rule"] for each in found] == ["SS802"]
    assert any(each.startswith(("What", "How")) for each in found[0]["skeletons"])


def test_a_participant_is_known_by_name_and_may_be_told_by_role(cast: Cast, review: Review, signed_in: Any) -> None:
    Participation.objects.for_system("a test's setting").filter(person=cast.cleo).update(role_label="release lead")
    cast.cleo.name = "Zyx Quill"
    cast.cleo.save()
    words = "Quill forgot to run the check."
    found = findings(signed_in(cast.ana), words, about=review.pk)
    assert {"title": "Say “the release lead”", "from": 0, "to": 5, "insert": "The release lead"} in found[0]["edits"]
    assert not any(each["edits"] for each in findings(signed_in(cast.gil), words, about=review.pk)), (
        "a guest knows no name"
    )


def test_who_takes_no_part_is_told_the_review_is_not_there(cast: Cast, review: Review, signed_in: Any) -> None:
    for person in (cast.dov, cast.eve):
        assert ask(signed_in(person), BLAMING, about=review.pk).status_code == 404
        assert ask(signed_in(person), BLAMING, about="2222222222aa").status_code == 404
    assert ask(signed_in(cast.nobody), BLAMING).status_code == 302


def test_only_who_writes_a_text_is_asked_about_it(cast: Cast, part: Part, signed_in: Any) -> None:
    for name, person in cast.everyone().items():
        expected = 200 if name == "ana" else 302 if name == "nobody" else 404
        assert ask(signed_in(person), BLAMING, text=part.text_id).status_code == expected, name
        key = "a" * 32
        assert stand(signed_in(person), key, text=part.text_id).status_code == (204 if name == "ana" else expected), (
            name
        )


def test_what_is_typed_is_neither_stored_nor_logged(
    cast: Cast, part: Part, signed_in: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(cast.ana)
    with (
        caplog.at_level(logging.DEBUG),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        findings(client, BLAMING, text=part.text_id)
        ask(client, BLAMING, text="nothing")
    assert "okapicanary" not in caplog.text
    assert not any(each["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for each in asked.captured_queries)
    assert not any("okapicanary" in each["sql"] for each in asked.captured_queries)


def test_answers_are_kept_by_nobody_on_the_way(cast: Cast, signed_in: Any) -> None:
    assert "no-store" in ask(signed_in(cast.ana), BLAMING)["Cache-Control"]


def test_what_is_let_stand_stays_so_until_the_sentence_changes(cast: Cast, part: Part, signed_in: Any) -> None:
    client = signed_in(cast.ana)
    key = findings(client, BLAMING, text=part.text_id)[0]["key"]
    assert stand(client, key, text=part.text_id).status_code == 204
    assert [each["stands"] for each in findings(client, f"More before it. {BLAMING}", text=part.text_id)] == [REASON]
    changed = BLAMING.replace("dashboard", "board")
    assert [each["stands"] for each in findings(client, changed, text=part.text_id)] == [None]


def test_what_was_let_stand_can_be_asked_about_again(cast: Cast, part: Part, signed_in: Any) -> None:
    client = signed_in(cast.ana)
    key = findings(client, BLAMING, text=part.text_id)[0]["key"]
    stand(client, key, text=part.text_id)
    answer = client.delete(STANDING, json.dumps({"key": key, "text": part.text_id}), content_type="application/json")
    assert answer.status_code == 204
    assert findings(client, BLAMING, text=part.text_id)[0]["stands"] is None
    assert rows() == []


def test_a_reason_is_asked_for(cast: Cast, part: Part, signed_in: Any) -> None:
    assert stand(signed_in(cast.ana), "a" * 32, reason="  ", text=part.text_id).status_code == 400
    assert rows() == []


def test_what_is_let_stand_in_a_story_is_its_authors_alone(
    cast: Cast, part: Part, review: Review, signed_in: Any
) -> None:
    """Shared or not: others read the part, never what its author was asked or let stand."""
    client = signed_in(cast.ana)
    stand(client, findings(client, BLAMING, text=part.text_id)[0]["key"], text=part.text_id)
    row = rows()[0]
    assert (row.person_id, row.text_id) == (cast.ana.pk, part.text_id)
    assert "wombatcanary" not in row.stored
    for name, person in cast.everyone().items():
        assert LetStand.objects.visible_to(person).exists() == (name == "ana"), name
    told(review, cast.ana, "quotable", name="saw", words=BLAMING)
    key = findings(client, BLAMING, text=part.text_id)[0]["key"]
    elsewhere = findings(signed_in(cast.bo), BLAMING, about=review.pk)
    assert [(each["key"], each["stands"]) for each in elsewhere] == [(key, None)]


def test_how_much_was_let_stand_is_not_told_by_its_size(cast: Cast, part: Part, signed_in: Any) -> None:
    client = signed_in(cast.ana)
    sizes = set()
    for number in range(5):
        stand(client, f"{number}" * 32, text=part.text_id)
        sizes.add(len(rows()[0].stored))
    assert len(sizes) == 1


def test_it_goes_with_the_story(cast: Cast, part: Part, signed_in: Any) -> None:
    stand(signed_in(cast.ana), "a" * 32, text=part.text_id)
    assert len(rows()) == 1
    story_changes.withdraw(part.story_id, by=cast.ana)
    assert rows() == []


def test_in_a_section_it_is_let_stand_for_all_who_write_there(cast: Cast, review: Review, signed_in: Any) -> None:
    changes.lay_out(review, by=cast.bo)
    text = section_of(review, "summary").text_id
    key = findings(signed_in(cast.ana), BLAMING, text=text)[0]["key"]
    stand(signed_in(cast.ana), key, text=text)
    stand(signed_in(cast.cleo), "b" * 32, text=text)
    assert findings(signed_in(cast.bo), BLAMING, text=text)[0]["stands"] == REASON
    assert [row.person_id for row in rows()] == [None], "nobody can tell who did"


def test_in_a_margin_note_and_in_forms_it_is_ones_own(cast: Cast, review: Review, signed_in: Any) -> None:
    note = margin_changes.begin_note(review, cast.bo)
    stand(signed_in(cast.bo), "a" * 32, text=note.text_id)
    stand(signed_in(cast.ana), "a" * 32, about=review.pk)
    assert {row.person_id for row in rows()} == {cast.bo.pk, cast.ana.pk}
    assert LetStand.objects.visible_to(cast.cleo).count() == 0
    Text.objects.for_system("a test's setting").filter(pk=note.text_id).delete()
    assert [row.about for row in rows()] == [review.pk]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("no json", 400),
        ("[]", 400),
        ('{"paragraphs": "x"}', 400),
        ('{"paragraphs": [{"words": 1}]}', 400),
        ('{"paragraphs": [' + ",".join(['{"words": ""}'] * 201) + "]}", 413),
        ('{"paragraphs": [{"words": "' + "a" * 60_001 + '"}]}', 413),
        ('{"paragraphs": []}', 200),
        ('{"paragraphs": [{"words": "\\u0000 a"}], "text": "no\\u0000ne"}', 404),
    ],
)
def test_what_is_no_question_is_refused(cast: Cast, signed_in: Any, sent: str, status: int) -> None:
    assert signed_in(cast.ana).post(QUESTIONS, sent, content_type="application/json").status_code == status


def test_who_asks_without_end_is_asked_to_wait(cast: Cast, signed_in: Any) -> None:
    client, long = signed_in(cast.ana), "a" * 59_000
    answers = [ask(client, long).status_code for _ in range(20)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert ask(signed_in(cast.bo), BLAMING).status_code == 200


def test_a_purse_fills_again_and_forgets_who_has_all() -> None:
    purse = Purse(holds=10, a_second=1)
    assert purse.pays("ana", 10, now=0)
    assert not purse.pays("ana", 5, now=4)
    assert purse.pays("ana", 5, now=5)
    for number in range(1_100):
        purse.pays(str(number), 0.5, now=100 + number)
    assert len(purse._left) <= 1_001


def test_what_was_let_stand_in_forms_goes_with_the_review(cast: Cast, review: Review, signed_in: Any) -> None:
    stand(signed_in(cast.ana), "a" * 32, about=review.pk)
    stand(signed_in(cast.ana), "b" * 32)
    Review.objects.for_system("a test's setting").filter(pk=review.pk).update(deletion_due_at=timezone.now())
    delete_due()
    assert [row.about for row in rows()] == [""]
