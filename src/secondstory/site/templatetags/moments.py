"""What a long list draws in every row: as functions, where a template would look each word up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template.context import Context
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from secondstory.site.templatetags.look import clock, icon, local_day, paragraphs, repeated, when

if TYPE_CHECKING:  # the gallery draws with these without any table
    from secondstory.evidence.models import Evidence
    from secondstory.timeline.besides import Source
    from secondstory.timeline.models import Moment
    from secondstory.timeline.reading import Shown
    from secondstory.timeline.triage_reading import TriageLine
    from secondstory.writing.shown import ShownRow

register = template.Library()
SHOWN_SOURCES = 5
SHOWN_OF_A_LINE = 1200


@register.simple_tag
def source_link(source: Source, evidence_at: str) -> SafeString:
    """A line that a moment rests on, as in "from chat, 14:05", leading to it in its context."""
    address = f"{evidence_at}/{source.number}"
    return format_html(
        '<a class="source" href="{}">{}<span>{}, {}</span></a>',
        address,
        icon(source.icon),
        source.said,
        when(source.at, "time"),
    )


@register.simple_tag(takes_context=True)
def moment_row(context: Context, row: Shown) -> SafeString:
    """A row of the timeline. What few moments have is drawn with each; the rest is the same but for its words."""
    moment, besides = row.moment, row.besides
    more = besides.learned or besides.voices or row.above
    return repeated(
        context,
        "timeline/_row.html",
        id=moment.pk,
        time=moment_time(moment),
        there=row.there,
        lane=moment.lane.name if moment.lane else "",
        what=paragraphs(moment.what),
        information=paragraphs(moment.information),
        decision=paragraphs(moment.decision),
        perspective=moment.perspective,
        sources=_sources(besides.sources, context["evidence_at"]),
        beside=_drawn(context, "timeline/_row_beside.html", row=row, moment=moment) if more else "",
        note=_drawn(context, "timeline/_note.html", note=row.note) if row.note else "",
        pivot=bool(moment.pivot),
        open=moment.when != "exact",
        here=moment.pk == context.get("here"),
        elsewhere=bool(row.there),
        laned=bool(moment.lane),
        informed=bool(moment.information),
        decided=bool(moment.decision),
        seen_by=bool(moment.perspective),
        noted=row.noted,
    )


def _drawn(context: Context, fragment: str, **given: Any) -> SafeString:
    """As `include` does it."""
    with context.push(**given):
        return context.template.engine.get_template(fragment).render(context)  # type: ignore[union-attr]


def _sources(sources: list[Source], evidence_at: str) -> SafeString:
    links = [source_link(source, evidence_at) for source in sources]
    shown, rest = SafeString("".join(links[:SHOWN_SOURCES])), SafeString("".join(links[SHOWN_SOURCES:]))
    return format_html("{}<details><summary>{}</summary>{}</details>", shown, _("and more"), rest) if rest else shown


@register.simple_tag(takes_context=True)
def evidence_line(context: Context, shown: dict[str, Any], *, whole: bool = False) -> SafeString:
    """A line of evidence; `whole` is the one the page is about."""
    row: Evidence = shown["row"]
    return repeated(
        context,
        "evidence/_line.html",
        number=row.number,
        at=when(row.at, "seconds"),
        icon=icon(shown["icon"], shown["kind"]),
        author=row.author,
        place=row.place,
        where=shown["context"],
        reason=row.struck_reason,
        said=row.text if whole or len(row.text) <= SHOWN_OF_A_LINE else Truncator(row.text).chars(SHOWN_OF_A_LINE),
        picture=reverse("evidence_image", args=[row.review_id, row.number]) if row.image else "",
        here_now=whole,
        written=bool(row.author),
        placed=bool(row.place),
        closed=row.reach != "public",
        masked=bool(row.masked),
        struck=row.struck_at is not None,
        pictured=bool(row.image),
        is_log=shown["is_log"],
    )


@register.simple_tag(takes_context=True)
def triage_line(context: Context, shown: TriageLine) -> SafeString:
    """A line in triage."""
    line, proposed = shown.line, shown.state == "proposed"
    reasons = ", ".join(shown.reasons)
    also = len(shown.proposed.also) if shown.proposed and proposed else 0
    return repeated(
        context,
        "timeline/_line.html",
        number=line.number,
        state=shown.state,
        at=when(line.at, "seconds"),
        whence=line_whence(shown),
        moment=shown.moment,
        said=line.said,
        word=shown.word,
        reasons=format_html(' title="{}"', reasons) if reasons else "",
        strong=" line--strong" if shown.strong else "",
        monospaced=" line__text--log" if shown.monospaced else "",
        like=_like(also) if also else "",
        oob=bool(context.get("oob")),
        taken=shown.taken,
        left_out=shown.left_out,
        proposed=proposed,
        more=shown.more,
        alike=also > 0,
    )


def _like(also: int) -> str:
    words = ngettext(
        "accept with the line that says the same", "accept with the %(also)s lines that say the same", also
    )
    return words % {"also": also}


@register.simple_tag
def accepted_moment(moment: dict[str, Any], timeline_at: str) -> SafeString:
    """A moment so far, leading to its place in the timeline."""
    row = '<li class="accepted__moment{}" data-moment="{}"><span class="num">{}{}</span> <a href="{}#m-{}">{}</a></li>'
    id_, kind = moment["pk"], " accepted__moment--pivot" if moment["pivot"] else ""
    about = "~" if moment["when"] == "about" else ""
    return format_html(row, kind, id_, about, when(moment["at"], "time"), timeline_at, id_, moment["said"])


@register.simple_tag(takes_context=True)
def document_row(context: Context, shown: ShownRow) -> SafeString:
    """A moment as the written review tells it."""
    row = shown.row
    said = _("It was different for somebody who took part:")
    differing = format_html_join(
        "",
        '<p class="document__differs"><span class="soft">{}</span> {}</p>',
        ((said, linebreaksbr(words)) for words in row.differing),
    )
    return repeated(
        context,
        "writing/_moment.html",
        at=row.at,
        clock=clock(shown.at),
        until=clock(shown.until) if shown.until else "",
        lane=row.lane,
        what=shown.what,
        differing=differing,
        information=linebreaksbr(row.information),
        decision=linebreaksbr(row.decision),
        pivot=bool(row.pivot),
        open=row.when != "exact",
        about=row.when == "about",
        lasting=shown.until is not None,
        laned=bool(row.lane),
        informed=bool(row.information),
        decided=bool(row.decision),
    )


@register.simple_tag
def line_whence(shown: TriageLine) -> SafeString:
    """The sort of a line of evidence, whose it is, and where it stood."""
    line = shown.line
    author = format_html("<strong>{}</strong>", line.author) if line.author else ""
    # "Alertmanager · checkout" from Alertmanager: its name is not said twice
    place = line.place.removeprefix(f"{line.author} · ")
    places = format_html_join("", "<span>{}</span>", ((each,) for each in (place, shown.service) if each))
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
