"""NUL, halves of characters, numbers and times beyond every column: an answer, never an error of ours."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tests.cast import Cast
from tests.writing.written import body_of, section_of

from secondstory.reviews.models import Review
from secondstory.site.logs import Discreet
from secondstory.writing import changes
from secondstory.writing.models import NameChoice

HUGE = 10**30


@pytest.mark.parametrize(
    "address",
    [
        *("/reviews/a%00/", "/p/a%00", "/texts/a%00", "/go?q=%00", "/reviews/?q=%00", "/reviews/{}/evidence?place=%00"),
        *("/reviews/{}/timeline/a%00", "/reviews/{}/timeline/new?after=%00", "/reviews/{}/triage?place=%00"),
        *("/api/reviews/a%00", "/api/reviews/{}/evidence?q=%00", "/api/reviews/{}/evidence?place=%00"),
        *(
            f"/reviews/{{}}/evidence/{HUGE}",
            f"/reviews/{{}}/versions/{HUGE}",
            f"/api/reviews/{{}}/evidence/lines/{HUGE}",
        ),
    ],
)
def test_nothing_stands_at_such_an_address(cast: Cast, review: Review, signed_in: Any, address: str) -> None:
    assert signed_in(cast.bo).get(address.format(review.pk)).status_code == 404


def test_a_form_is_kept_without_its_nul(cast: Cast, review: Review, signed_in: Any) -> None:
    bo = signed_in(cast.bo)
    assert bo.post(f"/reviews/{review.pk}/publish/names", {"about": "A\0nn", "choice": "keep"}).status_code == 302
    assert NameChoice.objects.visible_to(cast.bo).get().about == "Ann"
    assert bo.post(f"/reviews/{review.pk}/timeline/notes", {"moment": "\0"}).status_code == 302


def test_a_text_is_kept_without_what_cannot_be_kept(cast: Cast, review: Review, signed_in: Any) -> None:
    changes.lay_out(review, by=cast.bo)
    address = f"/texts/{section_of(review, 'summary').text_id}"
    sent = json.dumps({"body": "a\0b \ud800 c\r\nd", "version": 0})
    assert signed_in(cast.bo).put(address, sent, content_type="application/json").status_code == 200
    assert body_of(review, "summary") == "ab ? c\nd"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_beyond_all_times_cannot_be_meant(cast: Cast, review: Review, signed_in: Any, at: str) -> None:
    sent = json.dumps({"at": at, "what": "Then"})
    answer = signed_in(cast.bo).post(f"/api/reviews/{review.pk}/moments", sent, content_type="application/json")
    assert answer.status_code == 422


def test_no_line_has_a_number_so_high(cast: Cast, review: Review, signed_in: Any) -> None:
    bo, sent = signed_in(cast.bo), json.dumps({"lines": [HUGE]})
    answer = bo.post(f"/api/reviews/{review.pk}/moments/accept", sent, content_type="application/json")
    assert answer.status_code == 404
    for step in ("accept", "dismiss"):
        assert bo.post(f"/reviews/{review.pk}/triage/{step}", {"line": str(HUGE)}).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/account/password/reset/key/3f2-cabc12-abcdef0123456789/",
        "/account/confirm-email/Mg:1abcde:abcdefghijklmnop/",
        "/demo/enter/abcdefghijklmnop",
        "/invitations/abcdefghijklmnop",
        "/guests/abcdefghijklmnop/code",
    ],
)
def test_no_log_keeps_what_opens_a_door(address: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", (address,), None)
    Discreet().filter(record)
    assert "abc" not in record.getMessage()
