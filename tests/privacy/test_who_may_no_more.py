"""What somebody is told no more, or not yet: who was blocked, what is only about to be brought in, what waits for a review."""

from __future__ import annotations

from copy import copy

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clients import client_of
from tests.privacy import rows
from tests.privacy.leak import none_of, walked
from tests.privacy.told import everything_told, rightly, wrongly
from tests.privacy.world import AUDIENCES, World

from secondstory.evidence.models import Delivery, Hook, Import
from secondstory.people.models import SetupCode

pytestmark = pytest.mark.django_db
# Of oneself: one’s name, how one signs in, what one let stand.
OF_ONESELF = {"Person", "SignInChange", "ApiToken", "LetStand"}


def test_who_is_blocked_sees_no_row_that_is_not_everybodys(world: World) -> None:
    wrong = []
    public = {row.pk for model in rows.tables() for row in model._default_manager.visible_to(world.people()["nobody"])}
    for who, person in world.people().items():
        blocked = copy(person)
        blocked.is_active = False
        for model in (each for each in rows.tables() if each.__name__ not in OF_ONESELF):
            seen = list(model._default_manager.visible_to(blocked))
            wrong += [
                f"{model.__name__} {row.pk} is seen by {who}, who is blocked" for row in seen if row.pk not in public
            ]
            walked.tried(f"table {model.__name__}", f"{who}, blocked", "all", AUDIENCES, 0)
    none_of(wrong)


@pytest.mark.parametrize("state", [Import.State.LOOKING, Import.State.WAITING, Import.State.REFUSED])
def test_what_somebody_brings_is_theirs_until_it_is_brought_in(world: World, state: str) -> None:
    brought = Import(review=world.hidden, by=world.cast.ana, name="a file", format="slack", state=state)
    brought.save()
    seen = {who for who, person in world.people().items() if Import.objects.visible_to(person).filter(pk=brought.pk)}
    assert "ana" in seen
    none_of(f"{who} sees what ana is only about to bring" for who in seen - {"ana"})


def test_nobody_reads_the_code_of_the_first_start(world: World) -> None:
    SetupCode(code_hash="of a code", created_at=timezone.now()).save()
    none_of(who for who, person in world.people().items() if SetupCode.objects.visible_to(person))


def test_what_waits_for_a_review_is_offered_those_that_one_takes_part_in(world: World) -> None:
    """Each is called by its working title there."""
    hook = rows.system(Hook).first()
    Delivery(hook=hook, payload="", summary="Disk nearly full", service="", nonce="2").save()
    wrong, found = [], set()
    for who in ("bo", "dov", "eve", "sue"):
        client = client_of(world.people()[who])
        told = everything_told(client.get(reverse("inbox")))
        wrong += [f"the inbox told {who} {word}" for word in wrongly(told, who)]
        found |= rightly(told, who)
    none_of(wrong)
    assert found
