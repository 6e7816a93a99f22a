"""Who was blocked, and whose import is still on its way: what nobody else is told, and what they are told no more."""

from __future__ import annotations

from copy import copy

import pytest
from tests.privacy import rows
from tests.privacy.leak import none_of, walked
from tests.privacy.world import AUDIENCES, World

pytestmark = pytest.mark.django_db
# Of oneself: one's name, how one signs in.
OF_ONESELF = {"Person", "SignInChange", "ApiToken"}


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
