from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from tests.cast import Cast

from secondstory.people.models import RoleLabel
from secondstory.reviews import lists_changes
from secondstory.reviews.models import Service, Severity


@pytest.mark.parametrize("page", ["severities", "services"])
@pytest.mark.parametrize("who", ["ana", "bo", "gil"])
def test_only_an_administrator_keeps_the_lists(cast: Cast, signed_in: Any, who: str, page: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(f"/settings/{page}").status_code == 404
    assert client.post(f"/settings/{page}", {"name": "X", "position": 1}).status_code == 404
    with pytest.raises(Http404):
        lists_changes.save_service(None, by=getattr(cast, who), name="X", patterns=[])


def test_a_new_installation_has_a_scale_and_role_labels(cast: Cast) -> None:
    assert Severity.objects.visible_to(cast.dov)[0].name == "Critical"
    assert RoleLabel.objects.visible_to(cast.dov).filter(name="on-call engineer").exists()
    assert not Severity.objects.visible_to(cast.gil).exists()


def test_a_severity_is_added_changed_and_removed(cast: Cast, signed_in: Any) -> None:
    eve = signed_in(cast.eve)
    eve.post("/settings/severities", {"name": "Catastrophe", "meaning": "All is lost.", "position": "0"})
    row = Severity.objects.visible_to(cast.eve).get(name="Catastrophe")
    eve.post(f"/settings/severities/{row.pk}", {"name": "Calamity", "meaning": "", "position": "7"})
    row.refresh_from_db()
    assert (row.name, row.meaning, row.position) == ("Calamity", "", 7)
    eve.post(f"/settings/severities/{row.pk}", {"remove": "1"})
    assert not Severity.objects.visible_to(cast.eve).filter(name="Calamity").exists()


def test_a_service_keeps_the_names_it_has_elsewhere(cast: Cast, signed_in: Any) -> None:
    eve = signed_in(cast.eve)
    eve.post("/settings/services", {"name": "Lantern checkout", "patterns": "checkout-*\r\n\r\n  pay-api \ncheckout-*"})
    row = Service.objects.visible_to(cast.eve).get()
    assert row.patterns == ["checkout-*", "pay-api"]
    assert "checkout-*" in eve.get("/settings/services").content.decode()
    assert "checkout-*\npay-api" in eve.get(f"/settings/services/{row.pk}").content.decode()


def test_two_services_of_one_name_are_refused(cast: Cast, signed_in: Any) -> None:
    eve = signed_in(cast.eve)
    for name in ("Lantern checkout", "LANTERN checkout"):
        answer = eve.post("/settings/services", {"name": name, "patterns": ""})
    assert "in the list already" in answer.content.decode()
    assert Service.objects.visible_to(cast.eve).count() == 1
