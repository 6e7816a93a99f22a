from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Cast
from tests.evidence.making import lines_of, slack_zip

from secondstory.reviews.models import Review
from secondstory.work.worker import sweep_everything_once


def upload(client: Any, review: Review, **more: Any) -> Any:
    file = SimpleUploadedFile("export.zip", slack_zip())
    return client.post(f"/api/reviews/{review.pk}/evidence/imports", {"file": file} | more)


def test_a_file_sent_by_a_program_comes_in_by_the_worker(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.ana)
    answer = upload(client, review)
    assert answer.status_code == 202, answer.content
    sweep_everything_once()
    told = client.get(f"/api/reviews/{review.pk}/evidence/imports/{answer.json()['id']}").json()
    assert (told["state"], told["added"]) == ("done", 3)
    page = client.get(f"/api/reviews/{review.pk}/evidence", {"q": "rolled"}).json()
    assert [line["author"] for line in page["lines"]] == ["bo"]
    full = client.get(f"/api/reviews/{review.pk}/evidence/lines/{page['lines'][0]['id']}").json()
    assert "rolled back" in full["payload"]


def test_a_program_may_name_places_and_times(cast: Cast, review: Review, signed_in: Any) -> None:
    upload(signed_in(cast.ana), review, since="2026-03-09T14:03:00Z", places=["ops"])
    sweep_everything_once()
    assert len(lines_of(review)) == 2


def test_an_unknown_zone_is_a_problem(cast: Cast, review: Review, signed_in: Any) -> None:
    assert upload(signed_in(cast.ana), review, zone="Nowhere/Land").status_code == 422


@pytest.mark.parametrize("who", ["dov", "eve", "gil"])
def test_nobody_else_may_bring_a_file_in(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    assert upload(signed_in(getattr(cast, who)), review).status_code == 404
    assert not lines_of(review)


@pytest.mark.parametrize("who", ["dov", "eve"])
@pytest.mark.parametrize("path", ["", "/imports", "/lines/1"])
def test_evidence_is_absent_for_who_does_not_take_part(
    cast: Cast, review: Review, signed_in: Any, who: str, path: str
) -> None:
    upload(signed_in(cast.ana), review)
    sweep_everything_once()
    here = f"/api/reviews/{review.pk}/evidence{path}"
    nowhere = f"/api/reviews/222222222222/evidence{path}"
    client = signed_in(getattr(cast, who))
    hidden, absent = client.get(here), client.get(nowhere)
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert signed_in(cast.cleo).get(here).status_code == 200
