"""Every page of evidence, asked by everyone of the cast; and what reading costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast
from tests.evidence.making import BEGAN, imports_of, lines_of, slack_zip
from tests.evidence.test_bringing_in import bring

from secondstory.evidence import import_changes, reading
from secondstory.evidence.importers.record import Kind, Record
from secondstory.evidence.importing import row_of
from secondstory.live.offers import may_hear
from secondstory.reviews.models import Audience, Review

READ = ["evidence", "evidence_imports", "evidence_line", "evidence_import"]
BRING = ["evidence_new", "evidence_choose"]


def address(name: str, review: Review) -> str:
    more: list[Any] = [2] if name == "evidence_line" else []
    if name == "evidence_import":
        more = [imports_of(review)[0].pk]
    return reverse(name, args=[review.pk, *more])


@pytest.fixture
def talk(cast: Cast, review: Review, signed_in: Any) -> None:
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_who_takes_part_reads_evidence_and_guests_no_imports(
    cast: Cast, review: Review, signed_in: Any, name: str, who: str
) -> None:
    expected = 404 if who == "gil" and "import" in name else 200
    assert signed_in(getattr(cast, who)).get(address(name, review)).status_code == expected


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("name", READ + BRING)
@pytest.mark.parametrize("who", ["dov", "eve"])
@pytest.mark.parametrize("published", [False, True])
def test_nobody_else_does_before_publishing_or_after(
    cast: Cast, review: Review, signed_in: Any, name: str, who: str, published: bool
) -> None:
    if published:
        review.published_audience = Audience.ORGANISATION
        review.save()
    here = address(name, review)
    client = signed_in(getattr(cast, who))
    hidden, absent = client.get(here), client.get(here.replace(review.pk, "222222222222"))
    assert hidden.status_code == absent.status_code == 404
    assert b"checkout answers" not in hidden.content


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("name", READ + BRING)
def test_who_is_not_signed_in_is_asked_to(review: Review, signed_in: Any, cast: Cast, name: str) -> None:
    answer = signed_in(cast.nobody).get(address(name, review))
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", BRING)
def test_members_who_take_part_bring_evidence_in_and_guests_do_not(
    cast: Cast, review: Review, signed_in: Any, name: str
) -> None:
    for who in ("ana", "bo", "cleo"):
        assert signed_in(getattr(cast, who)).get(address(name, review)).status_code == 200
    assert signed_in(cast.gil).get(address(name, review)).status_code == 404
    file = SimpleUploadedFile("export.zip", slack_zip())
    for who in ("gil", "dov", "eve"):
        client = signed_in(getattr(cast, who))
        assert client.post(address("evidence_new", review), {"files": [file]}).status_code == 404
    assert not imports_of(review)


@pytest.mark.usefixtures("talk")
def test_only_members_who_take_part_hear_how_far_an_import_is(cast: Cast, review: Review) -> None:
    topic = f"import:{imports_of(review)[0].pk}"
    heard = [name for name, person in cast.everyone().items() if may_hear(person, topic)]
    assert heard == ["ana", "bo", "cleo"]


def fill(review: Review, count: int, first: int = 0) -> None:
    rows = [
        row_of(
            Record(
                at=BEGAN + timedelta(seconds=n // 2),
                author="ana" if n % 3 else "bo",
                text=f"line {n} {'needle' if n == count - 1 else ''}",
                place="ops" if n % 2 else "payments",
                kind=Kind.ALERT if n % 10 == 0 else Kind.MESSAGE,
                original=f"{n}".encode(),
            ),
            "slack",
        )
        for n in range(first, count)
    ]
    import_changes.add(review.pk, None, rows)


def test_pages_walk_through_every_line_once_and_back(cast: Cast, review: Review, signed_in: Any) -> None:
    fill(review, 125)
    client, seen, query = signed_in(cast.ana), [], ""
    for _ in range(3):
        page = client.get(address("evidence", review) + query)
        seen += [each["row"].number for each in page.context["lines"]]
        query = page.context["later"]
    assert seen == list(range(1, 126))
    assert not query
    back = client.get(address("evidence", review) + page.context["earlier"])
    assert [each["row"].number for each in back.context["lines"]] == list(range(51, 101))


@pytest.mark.parametrize(
    ("given", "count"),
    [({"place": "ops"}, 20), ({"kind": "alert"}, 4), ({"q": "Needle"}, 1), ({"q": "bo", "place": "ops"}, 7)],
)
def test_filters_by_place_kind_and_word(
    cast: Cast, review: Review, signed_in: Any, given: dict[str, str], count: int
) -> None:
    fill(review, 40)
    found = reading.lines(review, cast.ana, given)
    assert len(found.rows) == count


def test_a_filter_by_time(cast: Cast, review: Review) -> None:
    fill(review, 40)
    window = {"since": BEGAN + timedelta(seconds=5), "until": BEGAN + timedelta(seconds=6)}
    assert [row.number for row in reading.lines(review, cast.ana, window).rows] == [11, 12, 13, 14]


def test_a_rare_word_is_looked_for_a_stretch_at_a_time(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(review, 60)
    monkeypatch.setattr(reading, "LOOKED_THROUGH", 25)
    cursor, steps = "", 0
    while not (found := reading.lines(review, cast.ana, {"q": "needle"}, cursor)).rows:
        assert found.stopped_at
        cursor, steps = found.later, steps + 1
    assert (steps, found.rows[0].number) == (2, 60)


def test_lines_of_another_review_do_not_slip_in(cast: Cast, review: Review) -> None:
    other = Review(title="Another", happened_at=BEGAN)
    other.save()
    fill(other, 5)
    fill(review, 3)
    assert len(reading.lines(review, cast.ana, {}).rows) == 3
    assert not reading.lines(other, cast.ana, {}).rows


@pytest.mark.parametrize("name", ["evidence", "evidence_line", "evidence_imports"])
def test_a_page_asks_the_same_few_questions_however_much_there_is(
    cast: Cast, review: Review, signed_in: Any, name: str
) -> None:
    client = signed_in(cast.bo)
    bring(client, review, ("export.zip", slack_zip()))
    asked = []
    for first, count in ((0, 3), (3, 150)):
        fill(review, count, first)
        client.get(address(name, review))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(name, review))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] <= 12, asked


@pytest.mark.usefixtures("talk")
def test_a_line_stands_between_those_before_and_after_it(cast: Cast, review: Review, signed_in: Any) -> None:
    page = signed_in(cast.ana).get(address("evidence_line", review))
    assert [each["row"].number for each in page.context["lines"]] == [1, 2, 3]
    assert page.context["here"]["row"].number == 2
    assert page.content.decode().count('class="line-break"') == 1
    assert "Everyone who could read this place saw it then." in page.content.decode()


def test_a_review_without_evidence_says_so_in_its_rail(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.ana)
    assert "Evidence: what was said" in client.get(address("evidence", review)).content.decode()
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert lines_of(review)
    assert "Evidence: what was said" not in client.get(address("evidence", review)).content.decode()
