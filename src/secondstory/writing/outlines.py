"""The outlines a review starts from, one per kind. An administrator may make them the organisation's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from secondstory.writing.rules import REQUIRED, Outline

SUMMARY = (
    _("What happened, in two or three sentences that somebody from another team understands?"),
    _("What is the one thing a reader should take along?"),
)
FACTS = (
    _("What is known for certain: how long, how severe, which services, who took part (by role)?"),
    _("What is still unknown? Say so, rather than guess."),
)
IMPACT = (
    _("Who noticed something, and what could they not do?"),
    _("What did it cost: time, money, trust, sleep?"),
    _("Is this complete? Who else may have been touched without telling us?"),
)
COULD_HAVE_BEEN = (
    _("Who noticed something, and what did it cost as it was: time, money, trust, sleep?"),
    _("What could it have become, and for whom?"),
)
MADE_POSSIBLE = (
    _("Who was better off because it went right, and what could they do?"),
    _("What did it take: time, money, attention, sleep?"),
)
TIMELINE = (
    _("Is there anything a reader must know before the rows below?"),
    _("Where do the accounts differ, and where is a gap?"),
)
FACTORS = (
    _("Which conditions made this possible, in each of the five groups?"),
    _(
        "In place of five whys: ask of each condition “how did that come about?”, let the answers branch, "
        "and stop at a condition, never at a person."
    ),
)
WELL = (_("What did people, tools or agreements do that kept this smaller than it could have been?"),)
CARRIED = (_("What did people, tools or agreements do that carried this, and would do so again?"),)
LUCK = (_("What went right by chance? What would it have looked like without that?"),)
ONLY_US = (_("Who else could meet the same: other teams, customers, suppliers? How will they hear of it?"),)
GUARDS = (
    _("What held: which check, limit, alarm or habit stopped it or made it visible?"),
    _("What was missing, or was there and let it through? How was it thought to work?"),
)
LEARNINGS = (
    _("What do we understand now about how the work really goes that we did not before?"),
    _("What did we believe that turned out to be different?"),
)
ACTIONS = (
    _("What will change in the system, who owns it, until when, and how will we know that it worked?"),
    _("If a measure burdens people who were not in trouble: whom, and for what?"),
)
RETURNS = (_("When do we come back: within a week, after two to four weeks, after two to three months?"),)
PLAN = (
    _("What was promised, to whom, and on which grounds did it look possible?"),
    _("What was the first sign that it would go differently, and how did it look at the time?"),
    _("When was it said aloud, by which role, and what made it possible or hard to say?"),
    _("When was it planned anew, what was delivered in the end, and when?"),
)
PRACTICES = (
    _("What did people do that made this go right, beyond what is written down anywhere?"),
    _("How does it usually go? What was different this time?"),
)
NEARLY = (
    _("What nearly happened, and how far away was it?"),
    _("What made it visible in time?"),
)


def _outline(key: str, title: object, questions: tuple[object, ...]) -> Outline:
    return Outline(key, title, questions, key in REQUIRED)  # type: ignore[arg-type] # lazy words become words when shown


HEAD = (
    _outline("summary", _("Summary"), SUMMARY),
    _outline("facts", _("Facts"), FACTS),
)
IMPACT_SECTION = _outline("impact", _("Impact"), IMPACT)
TIMELINE_SECTION = _outline("timeline", _("Timeline"), TIMELINE)
FACTORS_SECTION = _outline("factors", _("Contributing factors"), FACTORS)
TAIL = (
    _outline("well", _("What went well"), WELL),
    _outline("luck", _("Where we were lucky"), LUCK),
    _outline("only_us", _("Did it affect only us?"), ONLY_US),
    _outline("guards", _("Guard rails: what held, what was missing"), GUARDS),
    _outline("learnings", _("Key learnings"), LEARNINGS),
    _outline("actions", _("Actions"), ACTIONS),
    _outline("returns", _("When we come back"), RETURNS),
)

DEFAULTS: dict[str, tuple[Outline, ...]] = {
    "incident": (*HEAD, IMPACT_SECTION, TIMELINE_SECTION, FACTORS_SECTION, *TAIL),
    "near_miss": (
        *HEAD,
        _outline("nearly", _("What nearly happened"), NEARLY),
        _outline("impact", _("Impact, and what it could have been"), COULD_HAVE_BEEN),
        TIMELINE_SECTION,
        FACTORS_SECTION,
        *TAIL,
    ),
    "delivery": (
        *HEAD,
        _outline("plan", _("From promise to delivery"), PLAN),
        IMPACT_SECTION,
        TIMELINE_SECTION,
        FACTORS_SECTION,
        *TAIL,
    ),
    "success": (
        *HEAD,
        _outline("practices", _("What made it go right"), PRACTICES),
        _outline("impact", _("What it made possible"), MADE_POSSIBLE),
        TIMELINE_SECTION,
        _outline("factors", _("What contributed"), FACTORS),
        _outline("well", _("What went well"), CARRIED),
        *TAIL[1:],
    ),
}
