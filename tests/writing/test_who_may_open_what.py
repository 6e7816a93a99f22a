from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.writing.written import publish, write_everything

from secondstory.reviews.models import Audience, Review

WORKSHOP_ROUTES = ["write", "publish"]
READER_ROUTES = ["read", "versions"]


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
@pytest.mark.parametrize("route", [*WORKSHOP_ROUTES, "read"])
def test_those_who_take_part_open_every_page(cast: Cast, review: Review, signed_in: Any, who: str, route: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(reverse(route, args=[review.pk])).status_code == 200


@pytest.mark.parametrize("who", ["dov", "eve"])
@pytest.mark.parametrize("route", [*WORKSHOP_ROUTES, *READER_ROUTES])
def test_others_get_404_before_publishing(cast: Cast, review: Review, signed_in: Any, who: str, route: str) -> None:
    assert signed_in(getattr(cast, who)).get(reverse(route, args=[review.pk])).status_code == 404


@pytest.mark.parametrize("who", ["dov", "eve"])
@pytest.mark.parametrize("route", WORKSHOP_ROUTES)
def test_others_get_404_on_the_workshop_after_publishing(
    cast: Cast, review: Review, signed_in: Any, who: str, route: str
) -> None:
    publish(cast, review)
    assert signed_in(getattr(cast, who)).get(reverse(route, args=[review.pk])).status_code == 404


@pytest.mark.parametrize("route", [*WORKSHOP_ROUTES, *READER_ROUTES])
def test_nobody_is_sent_to_sign_in(cast: Cast, review: Review, signed_in: Any, route: str) -> None:
    answer = signed_in(cast.nobody).get(reverse(route, args=[review.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login")


@pytest.mark.parametrize("who", ["ana", "bo", "dov", "eve"])
@pytest.mark.parametrize("route", READER_ROUTES)
def test_the_organisation_reads_what_was_published_to_it(
    cast: Cast, review: Review, signed_in: Any, who: str, route: str
) -> None:
    publish(cast, review)
    assert signed_in(getattr(cast, who)).get(reverse(route, args=[review.pk])).status_code == 200


def test_a_guest_of_another_review_reads_nothing_published_to_the_organisation(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    version = publish(cast, review)
    type(version).objects.for_system("a test's setting").update(audience=Audience.ORGANISATION)
    from tests.cast import make_person

    stranger = make_person("Hal", is_guest=True)
    assert signed_in(stranger).get(reverse("read", args=[review.pk])).status_code == 404


def test_what_was_published_to_those_who_took_part_is_absent_for_others(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    version = publish(cast, review, Audience.PARTICIPANTS)
    for who in (cast.dov, cast.eve):
        assert signed_in(who).get(reverse("read", args=[review.pk])).status_code == 404
        assert signed_in(who).get(reverse("public", args=[version.pk])).status_code == 404
        assert signed_in(who).get(reverse("export_version", args=[version.pk, "markdown"])).status_code == 404
    assert signed_in(cast.ana).get(reverse("read", args=[review.pk])).status_code == 200


def test_a_public_version_is_read_signed_out_and_an_organisation_one_is_not(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    inside = publish(cast, review)
    public = publish(cast, review, Audience.PUBLIC)
    nobody = signed_in(cast.nobody)
    assert nobody.get(reverse("public", args=[public.pk])).status_code == 200
    assert nobody.get(reverse("public", args=[inside.pk])).status_code == 404
    for format_ in ("markdown", "html", "json", "pdf"):
        assert nobody.get(reverse("export_version", args=[public.pk, format_])).status_code == 200
        assert nobody.get(reverse("export_version", args=[inside.pk, format_])).status_code == 404


@pytest.mark.parametrize("format_", ["markdown", "html", "json", "pdf"])
def test_only_those_who_take_part_export_a_draft(cast: Cast, review: Review, signed_in: Any, format_: str) -> None:
    write_everything(cast, review)
    address = reverse("export_draft", args=[review.pk, format_])
    assert signed_in(cast.cleo).get(address).status_code == 200
    assert signed_in(cast.dov).get(address).status_code == 404
    assert signed_in(cast.eve).get(address).status_code == 404


def test_a_file_says_whether_it_is_a_draft_or_which_version(cast: Cast, review: Review, signed_in: Any) -> None:
    found = publish(cast, review)
    cleo = signed_in(cast.cleo)
    draft = cleo.get(reverse("export_draft", args=[review.pk, "html"])).content.decode()
    version = cleo.get(reverse("export_version", args=[found.pk, "html"])).content.decode()
    assert "Draft, not published" in draft
    assert "Draft" not in version
    assert f"Version {found.number} ·" in version


def test_only_administrators_change_outlines(cast: Cast, signed_in: Any) -> None:
    for address in (reverse("outlines"), reverse("outline", args=["incident"])):
        assert signed_in(cast.eve).get(address).status_code == 200
        assert signed_in(cast.bo).get(address).status_code == 404
        assert signed_in(cast.gil).get(address).status_code == 404
