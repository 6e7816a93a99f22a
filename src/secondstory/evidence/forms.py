"""What is asked before evidence comes in, and what the list of evidence is filtered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from secondstory.evidence.importers.csv_columns import DAY_FIRST, MONTH_FIRST, ROLES
from secondstory.evidence.importers.record import Choices, Kind, Reach
from secondstory.evidence.models import Hook, Import
from secondstory.reviews.models import Review, Service

MINUTE = "%Y-%m-%dT%H:%M"
LONGEST_PASTE = 4_000_000
COLUMNS = (*ROLES, "date_order")
ROLE_TITLES = {
    "time": _("Time"),
    "date": _("Date"),
    "author": _("Who"),
    "text": _("What happened"),
    "place": _("Channel or place"),
    "kind": _("Kind"),
    "service": _("Service"),
    "link": _("Link"),
}


def local_input() -> forms.DateTimeInput:
    """A field for date and time that browsers know."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)


class PasteForm(forms.Form):
    """Text out of a chat window or a terminal, and the day and zone its bare times belong to."""

    text = forms.CharField(
        label=_("Paste a conversation or a log"),
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Slack, Teams, IRC, “16.07 ana: …”, a server log. Names and times are recognised."),
    )
    day = forms.DateField(
        label=_("Day of the first line"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Used where a line has a time and no date."),
    )
    zone = forms.CharField(
        label=_("Time zone of the times"), max_length=64, widget=forms.TextInput(attrs={"list": "zones"})
    )

    def clean_zone(self) -> str:
        return a_zone(self.cleaned_data["zone"])

    def choices(self) -> Choices:
        return Choices(anchor=self.cleaned_data["day"], zone=ZoneInfo(self.cleaned_data["zone"]))


def a_zone(name: str) -> str:
    """The name of a time zone, or an error that says what one looks like."""
    if name not in available_timezones():
        raise forms.ValidationError(
            _now("“%(name)s” is no time zone. Write one such as Europe/Lisbon.") % {"name": name}
        )
    return name


class WindowForm(forms.Form):
    """From when to when, and how to read times that do not say where or which day they are."""

    any_time = forms.BooleanField(label=_("Whatever time it is from"), required=False)
    since = forms.DateTimeField(label=_("From"), required=False, widget=local_input())
    until = forms.DateTimeField(label=_("Until"), required=False, widget=local_input())
    zone = forms.CharField(
        label=_("Time zone of times that name none"), max_length=64, widget=forms.TextInput(attrs={"list": "zones"})
    )
    day = forms.DateField(
        label=_("Day of times that name none"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_zone(self) -> str:
        return a_zone(self.cleaned_data["zone"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since and not given.get("any_time"):
            self.add_error("until", _("The end lies before the start. Swap them, or choose a later end."))
        return given

    def window(self) -> tuple[datetime | None, datetime | None]:
        given = self.cleaned_data
        if given["any_time"]:
            return None, None
        return tuple(at.astimezone(UTC) if at else None for at in (given["since"], given["until"]))  # type: ignore[return-value]


class UploadForm(forms.Form):
    """What of one upload comes in: its public places, unless somebody says otherwise."""

    take = forms.BooleanField(label=_("Import this"), required=False, initial=True)

    def __init__(self, row: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": row.pk})
        self.row = row
        self.places: list[dict[str, Any]] = [place | _times(place) for place in row.found.get("places", [])]
        names = [(place["name"], place["name"]) for place in self.places]
        public = [place["name"] for place in self.places if place["reach"] == Reach.PUBLIC]
        self.fields["places"] = forms.MultipleChoiceField(choices=names, required=False, initial=public)
        self.table = row.found.get("columns")
        for role, field in self._columns():
            self.fields[f"column_{role}"] = field

    def _columns(self) -> Iterator[tuple[str, forms.ChoiceField]]:
        if not self.table:
            return
        headers = [("", _now("none of them")), *((header, header) for header in self.table["headers"])]
        for role in ROLES:
            guessed = self.table["columns"].get(role, "")
            yield role, forms.ChoiceField(label=ROLE_TITLES[role], choices=headers, required=False, initial=guessed)
        if self.table.get("asks_order"):
            orders = [(DAY_FIRST, _now("4 March")), (MONTH_FIRST, _now("3 April"))]
            yield "date_order", forms.ChoiceField(label=_now("04/03/2026 is"), choices=orders, required=False)

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The places by who could see them; those that are off by themselves come last."""
        chosen = set(self["places"].value() or [])
        titles = {
            Reach.PUBLIC: _now("Public: everyone could read along"),
            Reach.PRIVATE: _now("Private: off unless you name them one by one"),
            Reach.DIRECT: _now("Direct messages: off unless you name them one by one"),
        }
        groups = []
        for reach, title in titles.items():
            places = [place | {"chosen": place["name"] in chosen} for place in self.places if place["reach"] == reach]
            if places:
                groups.append({"reach": reach.value, "title": title, "places": places})
        return groups

    def choices(self, window: WindowForm) -> Choices:
        since, until = window.window()
        given = self.cleaned_data
        # Too many places to list: then every public one, as when nothing is said.
        named = None if self.row.found.get("more_places") else frozenset(given["places"])
        return Choices(
            places=named,
            since=since,
            until=until,
            anchor=window.cleaned_data["day"],
            zone=ZoneInfo(window.cleaned_data["zone"]),
            columns={role: given[f"column_{role}"] for role in COLUMNS if given.get(f"column_{role}")},
        )


def _times(place: Mapping[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(place[name]) if place.get(name) else None for name in ("first", "last")}


class FilterForm(forms.Form):
    """Which lines of a review's evidence are shown."""

    q = forms.CharField(
        label=_("Word"), required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )
    place = forms.ChoiceField(label=_("Place"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.DateTimeField(label=_("From"), required=False, widget=local_input())
    until = forms.DateTimeField(label=_("Until"), required=False, widget=local_input())

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _now("Every place")), *((name, name) for name in places)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _now("Every kind")), *KINDS]  # type: ignore[attr-defined]


KIND_TITLES = {
    Kind.MESSAGE: _("Message"),
    Kind.ALERT: _("Alert"),
    Kind.RECOVERY: _("Recovery"),
    Kind.DEPLOY: _("Deployment"),
    Kind.COMMIT: _("Commit"),
    Kind.PIPELINE: _("Pipeline"),
    Kind.ISSUE: _("Issue"),
    Kind.CHANGE: _("Change"),
    Kind.RELEASE: _("Release"),
    Kind.STATUS: _("Status"),
    Kind.MEETING: _("Meeting"),
    Kind.LOG: _("Log line"),
    Kind.IMAGE: _("Image"),
}
KINDS = [(kind.value, title) for kind, title in KIND_TITLES.items()]


class StrikeForm(forms.Form):
    """Why a line goes."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Everyone who takes part will read it. Do not repeat what was struck."),
    )


class HookForm(forms.Form):
    """An address for one product to deliver to."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As your team calls it: “PagerDuty, production”.")
    )
    product = forms.ChoiceField(label=_("Product"), choices=Hook.Product.choices)
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        min_length=16,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Only where the product makes the secret itself, as PagerDuty does. Otherwise one is made here."),
    )
    services: Any = forms.ModelMultipleChoiceField(
        label=_("Always about"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Services that everything from here is about, whatever the delivery itself says."),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = Service.objects.visible_to(person)  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """The review a delivery belongs to."""

    review: Any = forms.ModelChoiceField(label=_("Review"), queryset=None)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review"].queryset = Review.objects.visible_to(person).with_part_of(person)  # type: ignore[attr-defined]
