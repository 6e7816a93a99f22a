from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import HAPPENED, Cast, make_review

from secondstory.reviews import changes
from secondstory.reviews.models import Review, Service, Severity


def publish(cast: Cast, review: Review, title: str = "Slow checkout", summary: str = "Payments waited.") -> None:
    changes.mark_published(review, audience="organisation", title=title, summary=summary, by=cast.bo)


def page(client: Any, address: str = "/reviews/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_participants_see_the_working_title_and_readers_what_was_published(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    publish(cast, review)
    assert "Checkout answered slowly" in page(signed_in(cast.ana))
    seen = page(signed_in(cast.dov))
    assert "Slow checkout" in seen
    assert "Payments waited." in seen
    assert "Checkout answered slowly" not in seen


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_an_unpublished_review_is_in_nobody_elses_list(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    assert review.title not in page(signed_in(getattr(cast, who)))
    assert "Your first review" in page(signed_in(getattr(cast, who)))


def test_a_reader_finds_nothing_by_words_or_stages_of_the_workshop(cast: Cast, review: Review, signed_in: Any) -> None:
    publish(cast, review)
    changes.move_to_stage(review, by=cast.bo, stage="writing")
    dov, ana = signed_in(cast.dov), signed_in(cast.ana)
    link = f'href="/reviews/{review.pk}/"'
    assert link not in page(dov, "/reviews/?q=answered")
    assert link in page(dov, "/reviews/?q=payments")
    assert link not in page(dov, "/reviews/?stage=writing")
    assert link in page(dov, "/reviews/?stage=published")
    assert link in page(ana, "/reviews/?q=answered&stage=writing")
    assert link not in page(ana, "/reviews/?stage=published")


def test_filters_narrow_by_kind_severity_and_service(cast: Cast, review: Review, signed_in: Any) -> None:
    severity = Severity.objects.visible_to(cast.bo).get(name="Major")
    service = Service(name="Lantern checkout")
    service.save()
    other = changes.create_review(
        by=cast.ana,
        kind="success",
        title="The move went well",
        happened_at=HAPPENED,
        zone="UTC",
        severity=severity,
        services=[service],
    )
    ana = signed_in(cast.ana)
    for query in ("kind=success", f"severity={severity.pk}", f"service={service.pk}", "q=MOVE"):
        seen = page(ana, f"/reviews/?{query}")
        assert other.title in seen
        assert review.title not in seen
    assert "Nothing fits" in page(ana, "/reviews/?q=no-such-words")


def test_nonsense_in_the_address_is_no_error(cast: Cast, review: Review, signed_in: Any) -> None:
    assert review.title in page(signed_in(cast.ana), "/reviews/?kind=blame&severity=x&page=-3&service=999999")


def test_no_field_of_the_list_offers_a_person(cast: Cast, review: Review, signed_in: Any) -> None:
    seen = page(signed_in(cast.bo))
    assert "Ana" not in seen
    assert "Cleo" not in seen


def many(cast: Cast, number: int) -> None:
    for count in range(number):
        made = make_review(cast, title=f"Review {count:02}", happened_at=HAPPENED + timedelta(minutes=count))
        service = Service(name=f"Service {count:02}")
        service.save()
        made.services.through.objects.create(review_id=made.pk, service_id=service.pk)


def test_the_list_and_home_take_no_more_queries_for_thirty_than_for_one(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.bo)
    for address in ("/reviews/", "/reviews/?q=Review&stage=gathering", "/", "/go?q=Review"):
        Review.objects.for_system("a test's setting").delete()
        Service.objects.for_system("a test's setting").delete()
        counts = []
        for number in (1, 29):
            many_from(cast, number)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[1] <= counts[0]
        assert counts[0] <= 12


def many_from(cast: Cast, number: int) -> None:
    Service.objects.for_system("a test's setting").delete()
    many(cast, number)


def test_pages_go_back_in_time_and_keep_the_filter(cast: Cast, signed_in: Any) -> None:
    many(cast, 30)
    client = signed_in(cast.bo)
    first = page(client, "/reviews/?q=Review")
    assert "Review 29" in first
    assert "Review 04" not in first
    assert 'href="?q=Review&amp;page=2"' in first
    second = page(client, "/reviews/?q=Review&page=2")
    assert "Review 04" in second
    assert "Review 29" not in second
    assert 'rel="next"' not in second
