"""What a long timeline draws in every row: as functions, where a template would look each word up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from secondstory.site.templatetags.look import icon, local_day, when

if TYPE_CHECKING:  # the gallery draws with these without any table
    from secondstory.timeline.besides import Source
    from secondstory.timeline.models import Moment
    from secondstory.timeline.triage_reading import TriageLine

register = template.Library()


@register.simple_tag
def source_link(source: Source, evidence_at: str) -> SafeString:
    """A line that a moment rests on, as in "from chat, 14:05", leading to it in its context."""
    address = f"{evidence_at}/{source.number}"
    return format_html(
        '<a class="source" href="{}">{}{}, {}</a>', address, icon(source.icon), source.said, when(source.at, "time")
    )


@register.simple_tag
def line_whence(shown: TriageLine) -> SafeString:
    """The sort of a line of evidence, whose it is, and where it stood."""
    line = shown.line
    author = format_html("<strong>{}</strong>", line.author) if line.author else ""
    places = format_html_join("", "<span>{}</span>", ((place,) for place in (line.place, shown.service) if place))
    return format_html("{}{}{}", icon(shown.icon), author, places)


@register.simple_tag
def moment_time(moment: Moment) -> SafeString | str:
    """When it was: exactly, about, or between two times."""
    if moment.when == "about":
        return format_html('<span class="about">{}</span>{}', _("about"), when(moment.at, "time"))
    if moment.when != "between":
        return when(moment.at, "seconds" if moment.at.second else "time")
    same_day = local_day(moment.until) == local_day(moment.at)
    words = '<span class="between">{}</span>{}<span class="between">{}</span>{}'
    until = when(moment.until, "time" if same_day else "")
    return format_html(words, _("between"), when(moment.at, "time"), _("and"), until)
