"""With a key missing, pages say so; nothing is overwritten, and nothing is lost once the key is back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from tests.cast import PASSWORD, Cast, make_cast, make_review

from secondstory.sealing.keys import new_key, store
from secondstory.stories import changes as stories
from secondstory.stories.models import Part
from secondstory.texts import changes as texts
from secondstory.texts.models import Text

WORDS = "I believed the dashboard"


@pytest.fixture
def cast(key_file: Path, db: None) -> Cast:
    return make_cast()


@pytest.fixture
def address(cast: Cast) -> str:
    story = stories.begin(make_review(cast), by=cast.ana)
    text_id = Part.objects.visible_to(cast.ana).get(story=story, name="saw").text_id
    texts.save(text_id, WORDS, 0, cast.ana)
    return f"/texts/{text_id}"


def stored() -> list[str]:
    return sorted(Text.objects.for_system("a test's question").values_list("stored", flat=True))


SHUT = {423, 503}


def test_saving_over_what_does_not_open_changes_nothing(
    address: str, cast: Cast, signed_in: Any, key_file: Path
) -> None:
    ana, right, before = signed_in(cast.ana), key_file.read_text(), stored()
    store(key_file, [new_key()])
    body = json.dumps({"body": "over it", "version": 1})
    form = {"body": "over it", "version": 1, "next": "/"}
    for answer in (ana.get(address), ana.put(address, body, content_type="application/json"), ana.post(address, form)):
        assert answer.status_code in SHUT
        assert WORDS not in answer.content.decode()
    assert stored() == before
    key_file.write_text(right)
    assert ana.get(address).json()["body"] == WORDS


def test_a_page_that_expects_nothing_of_the_kind_says_so_too(
    cast: Cast, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Authenticator(user=cast.ana, type="webauthn", data={"name": "key"}).save()
    RecoveryCodes.activate(cast.ana)
    ana = Client()
    ana.post("/account/login/", {"login": cast.ana.email, "password": PASSWORD})
    store(key_file, [new_key()])
    answer = ana.post("/account/2fa/authenticate/", {"code": "12345678"})
    assert answer.status_code == 503
    assert "cannot be opened now" in answer.content.decode()
    assert "do not open: KeyMissing" in caplog.text


def test_another_key_is_not_made_to_look_like_an_empty_text(address: str, cast: Cast, key_file: Path) -> None:
    from secondstory.sealing.keys import KeyMissing

    store(key_file, [new_key()])
    with pytest.raises(KeyMissing):
        _ = Text.objects.visible_to(cast.ana).get(pk=Path(address).name).body
