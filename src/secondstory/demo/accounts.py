"""What people of the told example told of it: each their own account, shared as far as they chose."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from secondstory.people.models import Person
from secondstory.reviews.models import Review
from secondstory.stories import beside_changes, changes, invitation_changes
from secondstory.stories.audience_changes import Choice, choose_audience
from secondstory.stories.models import Perspective
from secondstory.stories.reading import own_parts
from secondstory.texts import changes as texts
from secondstory.timeline.models import Moment

TOLD = Path(__file__).parent / "material" / "accounts.toml"


def tell_accounts(review: Review, cast: dict[str, Person], bo: Person) -> None:
    """Everybody is asked, three have told something, and passages stand beside moments."""
    told = tomllib.loads(TOLD.read_text(encoding="utf-8"))
    invitation_changes.invite(review, by=bo, people=[person.pk for person in cast.values() if person != bo])
    for account in told["accounts"]:
        _tell(review, cast[account["by"]], account)
    for contrast in told["contrasts"]:
        laid = Perspective.objects.visible_to(bo).filter(moment=_moment(review, bo, contrast["moment"]))
        one, other = laid[:2]
        beside_changes.mark(one.pk, other.pk, by=cast[contrast["by"]], says=contrast["says"])


def _tell(review: Review, author: Person, account: dict[str, Any]) -> None:
    changes.begin(review, by=author)
    by_name = {part.name: part for part in own_parts(review, author)}
    for name, words in account["parts"].items():
        part = by_name[name]
        texts.save(part.text_id, words.strip() + "\n", part.text.version, author)
        choose_audience(part.pk, by=author, choice=Choice(account["audience"]))
    for beside in account.get("beside", []):
        moment = _moment(review, author, beside["moment"])
        part = by_name[beside["kind"]]
        laid = beside_changes.lay(part.pk, moment.pk, by=author, kind=beside["kind"], words=beside["words"])
        if "found" in beside:
            at = _moment(review, author, beside["found"]).at
            beside_changes.found_otherwise(laid.pk, by=author, at=at, how=beside["how"])


def _moment(review: Review, person: Person, clock: str) -> Moment:
    hour, minute, second = (int(part) for part in clock.split(":"))
    at: datetime = review.happened_at.replace(hour=hour, minute=minute, second=second)
    moment: Moment = Moment.objects.visible_to(person).standing().get(review=review, at=at)
    return moment
