"""What pages are drawn with: icons, fields, times, initials. `docs/look.md` shows each with the HTML around it."""

from __future__ import annotations

import html
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

THEMES = ("light", "dark", "system")
FORMATS = {"": "j M Y, H:i", "date": "j M Y", "time": "H:i", "seconds": "H:i:s", "day": "l j F Y"}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A picture from the sprite; without a label it is decoration."""
    # A safe and a plain string that read the same are equal: kept unescaped, one would be shown as the other.
    return _icon(name, conditional_escape(label), size)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, size: str) -> SafeString:
    address = f"{static('secondstory/icons.svg')}#{name}"
    kind = "icon icon--l" if size == "l" else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', kind, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', kind, address)


@register.simple_tag
def script_words() -> SafeString:
    """What scripts may have to say: the same on every page of a language."""
    return _script_words(get_language())


@lru_cache(maxsize=64)
def _script_words(_language: str | None) -> SafeString:
    return SafeString(get_template("_words.html").render())


@register.simple_tag(takes_context=True)
def theme_now(context: Context) -> str:
    """What was chosen on this device, else what the person chose for all of theirs."""
    request = context.get("request")
    here = request.COOKIES.get("theme") if request is not None else None
    chosen = here or str(context.get("theme", "system"))
    return chosen if chosen in THEMES else "system"


@register.simple_tag(takes_context=True)
def current(context: Context, *starts: str) -> SafeString | str:
    """` aria-current` for a link whose address, or the addresses below it, the page has."""
    path = context["request"].path if "request" in context else ""
    here = any(path == start if start == "/" else path.startswith(start) for start in starts if start)
    return SafeString(' aria-current="page"') if here else ""


@register.simple_tag
def when(moment: datetime | None, show: str = "", original: str = "") -> SafeString | str:
    """A time in the viewer's zone; what the source itself said stays at hand."""
    if moment is None:
        return ""
    return _time(moment.isoformat(), show, original, timezone.get_current_timezone_name(), get_language())


@lru_cache(maxsize=4096)
def _time(machine: str, show: str, original: str, _zone: str, _language: str | None) -> SafeString:
    """As text the time says its own zone: times of one instant in two zones are equal, and one would pass for the other."""
    moment = datetime.fromisoformat(machine)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    title = original or f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or ''}".strip()
    row = '<time datetime="{}" data-show="{}" title="{}">{}</time>'
    return format_html(row, machine, show or "both", title, formats.date_format(local, FORMATS[show]))


@register.simple_tag(takes_context=True)
def repeated(context: Context, fragment: str, **given: Any) -> SafeString:
    """A fragment that a long list repeats: drawn once, then filled in for every row.

    A template looks each of its words up again in each row, which is most of what a long page takes. Here True and
    False choose between drawings, kept with the request; every other value is put, escaped, where the fragment names
    it. The fragment cannot look into those: it holds a place for each.
    """
    flags = {name: value for name, value in given.items() if isinstance(value, bool)}
    drawings = context["request"].__dict__.setdefault("_drawn", {})
    key = (fragment, *sorted(flags.items()))
    if key not in drawings:
        places = {name: SafeString(f"\0{name}\0") for name in given if name not in flags}
        around: dict[str, Any] = context.flatten()  # type: ignore[assignment]
        drawn = get_template(fragment).render(around | flags | places, context["request"])
        drawings[key] = drawn.split("\0")
    parts, words = drawings[key], {name: _escaped(given[name]) for name in given if name not in flags}
    return SafeString("".join([words[part] if number % 2 else part for number, part in enumerate(parts)]))


def _escaped(value: object) -> str:
    """What `conditional_escape` makes of it, without asking first whether it is a promise: here it never is."""
    return value if isinstance(value, SafeString) else html.escape(str(value))


@register.filter
def paragraphs(text: str) -> SafeString:
    """What `linebreaks` makes of it; one line needs less."""
    if "\n" in text or "\r" in text:
        return SafeString(linebreaks(text, autoescape=True))
    return format_html("<p>{}</p>", text)


@register.filter
def clock(moment: datetime) -> str:
    """Hours and minutes in the viewer's zone: `date` would say the same, and a page may show hundreds."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def day_and_clock(moment: datetime) -> str:
    """As in "21 Nov, 14:05", in the viewer's zone and language."""
    return _day_and_clock(timezone.localtime(moment).replace(second=0, microsecond=0, tzinfo=None), get_language())


@lru_cache(maxsize=4096)
def _day_and_clock(local: datetime, _language: str | None) -> str:
    return formats.date_format(local, "j M, H:i")


@register.filter
def local_day(moment: datetime | None) -> date | None:
    """The viewer's own day, to begin a new one in a list."""
    return timezone.localtime(moment).date() if moment else None


@register.simple_tag
def initials(name: object, size: str = "") -> SafeString:
    """Two letters in a neutral circle: the same for everybody, beside a name that is always written out."""
    words = str(name).split() or ["·"]
    letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    kind = f"avatar avatar--{size}" if size else "avatar"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', kind, letters.upper())


@register.inclusion_tag("_field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A form field with its label, help and errors tied together for whoever does not see them."""
    widget = bound.field.widget
    many = isinstance(widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget)) or widget.use_fieldset
    return {"field": bound, "single_check": isinstance(widget, CheckboxInput), "many": many, **options}
