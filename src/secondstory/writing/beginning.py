"""First words for a write-up, from what is known: accepted moments and key times. No model, no guess."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from secondstory.reviews.models import KeyTime, Review
from secondstory.reviews.rules import KEY_TIMES, zone_named
from secondstory.timeline.models import Moment
from secondstory.writing.outlines import DEFAULTS

MOST_SENTENCES = 6
LONGEST_SENTENCE = 240


def first_words(review: Review, person: Any) -> dict[str, str]:
    """Per section, the words to begin with."""
    moments = list(Moment.objects.visible_to(person).standing().filter(review=review))
    questions = {each.key: each.questions for each in DEFAULTS[review.kind]}
    return {
        "summary": _summary(review, moments),
        "facts": _facts(review, person),
        "impact": "\n\n".join(f"> {question}" for question in questions.get("impact", ())),
        "timeline": _timeline(review, moments),
    }


def _summary(review: Review, moments: list[Moment]) -> str:
    telling = [each for each in moments if each.pivot] or moments
    if len(telling) > MOST_SENTENCES:
        step = (len(telling) - 1) / (MOST_SENTENCES - 1)
        telling = [telling[round(number * step)] for number in range(MOST_SENTENCES)]
    return " ".join(f"{_sentence(each.what)} {_link(review, each)}" for each in telling)


def _timeline(review: Review, moments: list[Moment]) -> str:
    if not moments:
        return ""
    first, last = moments[0], moments[-1]
    return _("From %(first)s to %(last)s.") % {"first": _link(review, first), "last": _link(review, last)}


def _facts(review: Review, person: Any) -> str:
    known = dict(KeyTime.objects.visible_to(person).filter(review=review).values_list("name", "at"))
    zone = zone_named(review.zone)
    unknown = _("unknown")
    lines = [
        f"- {KeyTime.Name(name).label}: "
        + (f"{known[name].astimezone(zone):%Y-%m-%d %H:%M}" if name in known else unknown)
        for name in KEY_TIMES[review.kind]
    ]
    return "\n".join(lines) if known else ""


def _sentence(what: str) -> str:
    line = what.strip().split("\n")[0].strip()
    if len(line) > LONGEST_SENTENCE:
        line = line[:LONGEST_SENTENCE].rsplit(None, 1)[0] + "…"
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def _link(review: Review, moment: Moment) -> str:
    at = moment.at.astimezone(zone_named(review.zone))
    return f"[{at:%H:%M}](/reviews/{review.pk}/timeline#m-{moment.pk})"
