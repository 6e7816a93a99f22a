"""A name or a handle planted in every field of a review is in nothing a reader gets."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from tests.cast import HAPPENED, Cast
from tests.writing.written import decide_all_names, publish, write, write_everything

from secondstory.evidence.models import Evidence
from secondstory.people.models import Person
from secondstory.reviews.models import Audience, Review
from secondstory.timeline.models import Citation, Lane, Moment
from secondstory.writing import publishing_changes
from secondstory.writing.models import Section, Version

CANARIES = ("Quorra", "Zabinska", "qzabi", "payload-canary", "line-canary", "#war-room")


@pytest.fixture
def planted(cast: Cast, review: Review) -> Review:
    Person.objects.filter(pk=cast.ana.pk).update(
        name="Quorra Zabinska", email="quorra.zabinska@lantern.example", handles=["qzabi"]
    )
    review.title = "Quorra's checkout answered slowly"
    review.save()
    write_everything(cast, review)
    for section in Section.objects.for_system("a test's setting").filter(review=review):
        words = (
            "Quorra, @qzabi, Zabinska and quorra.zabinska@lantern.example looked. Co-authored by Q. Zabinska, Quora."
        )
        write(review, section.key, f"{words}\n\nSigned-off-by: Quorra Zabinska <q@home.example>", cast.bo)
    lane = Lane(review=review, name="Quorra's desk")
    lane.save()
    at = HAPPENED + timedelta(minutes=9)
    moment = Moment(
        review=review,
        lane=lane,
        at=at,
        what="qzabi paged",
        information="Quorra saw",
        decision="Zabinska",
        perspective="Quorra",
    )
    moment.save()
    evidence = Evidence(
        review=review, number=1, format="slack", kind="message", at=at, place="#war-room", author="qzabi"
    )
    evidence.text, evidence.payload, evidence.digest = "line-canary", "payload-canary", b"1"
    evidence.save()
    Citation(review=review, moment=moment, evidence=evidence).save()
    return review


def everything_a_reader_gets(client: Any, review: Review, version: Version) -> dict[str, str]:
    pages = {
        "read": reverse("read", args=[review.pk]),
        "public": reverse("public", args=[version.pk]),
        "versions": reverse("versions", args=[review.pk]),
        **{each: reverse("export_version", args=[version.pk, each]) for each in ("markdown", "html", "json")},
    }
    answers = {name: client.get(address) for name, address in pages.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {name: answer.content.decode() + json.dumps(dict(answer.headers)) for name, answer in answers.items()}


def test_no_name_handle_line_or_payload_reaches_a_reader(cast: Cast, planted: Review, signed_in: Any) -> None:
    version = publish(cast, planted, Audience.PUBLIC)
    found = everything_a_reader_gets(signed_in(cast.dov), planted, version)
    leaks = {name: [each for each in CANARIES if each.lower() in words.lower()] for name, words in found.items()}
    assert not any(leaks.values()), leaks
    assert "from chat, 14:14" in found["read"]
    assert "on-call engineer" in found["markdown"]
    told = Review.objects.visible_to(cast.dov).get(pk=planted.pk)
    assert "Quorra" not in told.published_title + told.published_summary


def test_the_owner_of_an_action_is_a_role_label_for_readers(cast: Cast, planted: Review) -> None:
    document = publish(cast, planted).document
    assert [(each["owner"], each["person"]) for each in document["actions"]] == [("on-call engineer", "")]


def test_a_broader_label_takes_the_place_of_one_that_readers_would_recognise(
    cast: Cast, planted: Review, signed_in: Any
) -> None:
    page = signed_in(cast.bo).get(reverse("publish", args=[planted.pk])).content.decode()
    assert "readers here will know who" in page
    address = reverse("publish_name", args=[planted.pk])
    signed_in(cast.bo).post(address, {"about": f"person:{cast.ana.pk}", "choice": "someone who took part"})
    version = publish(cast, planted)
    assert version.document["actions"][0]["owner"] == "someone who took part"
    assert "The on-call engineer" not in json.dumps(version.document)


def test_links_into_the_workshop_lose_their_address(cast: Cast, review: Review) -> None:
    write_everything(cast, review)
    write(review, "summary", f"It began [14:05](/reviews/{review.pk}/timeline#m-abc).", cast.bo)
    assert "It began 14:05." in json.dumps(publish(cast, review).document)


def picture_with_a_place_in_it() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken by qzabi"
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_pictures_are_published_only_when_looked_at_and_without_what_the_camera_wrote(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    write_everything(cast, review)
    for number in (1, 2):
        stored = default_storage.save(f"test/{review.pk}/{number}", ContentFile(picture_with_a_place_in_it()))
        evidence = Evidence(review=review, number=number, format="image", kind="image", at=HAPPENED, image=stored)
        evidence.digest = bytes([number])
        evidence.save()
    words = f"![the board](/reviews/{review.pk}/images/1) and ![a desk](/reviews/{review.pk}/images/2)"
    write(review, "impact", words, cast.ana)
    publishing_changes.choose_name(review, by=cast.bo, about="image:1", choice="keep")
    publishing_changes.choose_name(review, by=cast.bo, about="image:2", choice="replace:")
    version = publish(cast, review)
    dov, nobody = signed_in(cast.dov), signed_in(cast.nobody)
    page = dov.get(reverse("read", args=[review.pk])).content.decode()
    address = reverse("version_picture", args=[version.pk, 1])
    assert f'src="{address}"' in page
    assert f"/reviews/{review.pk}/images" not in page
    shown = dov.get(address)
    assert b"qzabi" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (8, 8)
    assert nobody.get(address).status_code == 404
    assert dov.get(reverse("version_picture", args=[version.pk, 2])).status_code == 404
    assert "data:image/jpeg;base64," in dov.get(reverse("export_version", args=[version.pk, "html"])).content.decode()


def test_script_and_html_in_any_text_are_inert(cast: Cast, review: Review, signed_in: Any) -> None:
    attack = (
        "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3))![y](https://spy.example/p.png)"
    )
    review.title = attack
    review.save()
    write_everything(cast, review)
    for section in Section.objects.for_system("a test's setting").filter(review=review):
        write(review, section.key, attack, cast.bo)
    Moment(review=review, at=HAPPENED, what=attack, information=attack, decision=attack).save()
    decide_all_names(cast, review)
    version = publish(cast, review)
    bo = signed_in(cast.bo)
    pages = [
        reverse("write", args=[review.pk]),
        reverse("publish", args=[review.pk]),
        reverse("read", args=[review.pk]),
        reverse("export_version", args=[version.pk, "html"]),
        reverse("export_draft", args=[review.pk, "html"]),
    ]
    for page in pages:
        html = bo.get(page).content.decode()
        assert "<script>alert" not in html
        assert "onerror=alert(2)>" not in html.replace("&gt;", "")
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
        assert 'src="https://spy' not in html
