"""Points, gently, at wording that closes a story, and answers each with a question.

    from secondstory.language import analyse

    for finding in analyse("The engineer failed to notice the alert."):
        print(finding.rule, finding.severity, finding.questions[0])

It imports no Django, ships no model and asks no network.
"""

from __future__ import annotations

from secondstory.language.blocks import Markup
from secondstory.language.catalogue import BadRule, Catalogue, Rule, shipped
from secondstory.language.engine import Analyser, Settings
from secondstory.language.findings import Agent, Edit, Finding, utf16

__all__ = [
    "Agent",
    "Analyser",
    "BadRule",
    "Catalogue",
    "Edit",
    "Finding",
    "Markup",
    "Rule",
    "Settings",
    "analyse",
    "shipped",
    "utf16",
]


def analyse(
    text: str,
    *,
    markup: Markup = "markdown",
    heading: str = "",
    field: str = "prose",
    settings: Settings | None = None,
) -> list[Finding]:
    """The findings of one text with the rules that come with Second Story.

    `heading` says under which heading a fragment stands; `field="question"` also reads for why-, yes/no- and leading questions.
    """
    return Analyser(settings=settings).findings(text, markup=markup, heading=heading, field=field)
