"""What is typed about a review: its facts, its times, its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from secondstory.people.models import Person
from secondstory.reviews.models import KeyTime, Participation, Review, Service, Severity
from secondstory.reviews.people_changes import Joining
from secondstory.reviews.rules import GUEST_DAYS, KEY_TIMES, MOST_GUEST_DAYS, is_likely, zones

BETWEEN = " · "
KEY_TIMES_MEAN = {
    "started": gettext_lazy("When it began, as far as is known today."),
    "detected": gettext_lazy("When somebody or something noticed."),
    "mitigated": gettext_lazy("When the worst was over, even if not all was repaired."),
    "resolved": gettext_lazy("When everything was as it should be."),
}


class TimeField(forms.DateTimeField):
    """A time typed in the viewer's zone. Of an hour that a clock shows twice, the first is meant."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        typed = _parsed(str(value))
        at = typed if typed.tzinfo else typed.replace(tzinfo=timezone.get_current_timezone())
        if not is_likely(at, timezone.now()):
            raise forms.ValidationError(_("The year %(year)s cannot be meant."), params={"year": at.year})
        there_and_back = at.astimezone(timezone.get_fixed_timezone(0)).astimezone(at.tzinfo)
        if there_and_back.replace(tzinfo=None) != at.replace(tzinfo=None):
            raise forms.ValidationError(_("There was no such time: the clocks were put forward."))
        return at

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial).strftime("%Y-%m-%dT%H:%M") if initial else ""
        return before != str(data or "")[:16]


def _parsed(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed.strip())
    except ValueError:
        message = _("“%(typed)s” is no date and time, such as 2026-03-04 14:05.")
        raise forms.ValidationError(message, params={"typed": typed[:40]}) from None


class PersonField(forms.CharField):
    """A member of the organisation, by name or address; `options` fills the list to choose from."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 400} | kwargs))
        self.members: list[Person] = []
        self.widget.attrs |= {"list": "members", "autocomplete": "off"}

    def options(self) -> list[str]:
        """Names; two people of one name are told apart by their address."""
        names = Counter(member.name for member in self.members)
        return [f"{each.name}{BETWEEN}{each.email}" if names[each.name] > 1 else each.name for each in self.members]

    def clean(self, value: Any) -> Any:
        typed = " ".join(str(super().clean(value)).split())
        if not typed:
            return None
        address = typed.rpartition(BETWEEN)[2].casefold()
        found = [each for each in self.members if each.email == address]
        found = found or [each for each in self.members if each.name.casefold() == typed.casefold()]
        if len(found) != 1:
            said = _("Nobody here is called that. Choose a name from the list, or invite them as a guest later.")
            many = _("More than one person is called that. Type the address instead.")
            raise forms.ValidationError(many if found else said)
        return found[0]


KIND_HINTS = {
    "incident": gettext_lazy("Something broke, slowed down or was lost."),
    "near_miss": gettext_lazy("It nearly went wrong, and something held."),
    "delivery": gettext_lazy("A promise, its date, and how it went."),
    "success": gettext_lazy("It went well, and that was not a matter of course."),
}


class FactsForm(forms.Form):
    """What a review is about."""

    kind = forms.ChoiceField(label=gettext_lazy("What kind of event?"), choices=Review.Kind, widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    happened_at = TimeField(label=gettext_lazy("When it happened"))
    zone = forms.CharField(
        label=gettext_lazy("Time zone of the event"),
        help_text=gettext_lazy("Where it happened. Readers see times in their own zone."),
        widget=forms.TextInput({"list": "zones"}),
    )
    severity: Any = forms.ModelChoiceField(
        label=gettext_lazy("Severity"), queryset=None, required=False, empty_label=gettext_lazy("Not set")
    )
    services: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        _choices(self, "severity").queryset = Severity.objects.visible_to(viewer)
        _choices(self, "services").queryset = Service.objects.visible_to(viewer)

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in zones():
            raise forms.ValidationError(_("“%(zone)s” is no time zone, such as Europe/Berlin."), params={"zone": zone})
        return zone

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FactsForm.base_fields}

    def kinds(self) -> list[dict[str, Any]]:
        """The kinds as cards to choose from."""
        chosen = self["kind"].value() or Review.Kind.INCIDENT
        return [
            {"value": value, "label": label, "hint": KIND_HINTS[value], "checked": value == chosen}
            for value, label in Review.Kind.choices
        ]

    @staticmethod
    def of(review: Review) -> dict[str, Any]:
        services = Review.services.through.objects.filter(review_id=review.pk).values_list("service_id", flat=True)
        return {
            "kind": review.kind,
            "title": review.title,
            "happened_at": review.happened_at,
            "zone": review.zone,
            "severity": review.severity_id,
            "services": list(services),
        }


class NewReviewForm(FactsForm):
    """A review's facts, and what its creator does in it."""

    facilitator = PersonField(
        label=gettext_lazy("Ask somebody else to facilitate"),
        help_text=gettext_lazy("Leave it empty to facilitate yourself. Until they accept, you decide."),
        required=False,
    )
    role_label = forms.CharField(
        label=gettext_lazy("Your role label"),
        help_text=gettext_lazy("What you are called in everything published."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"list": "labels"}),
    )
    involved = forms.BooleanField(label=gettext_lazy("I was involved in the event"), required=False)


class PersonForm(forms.Form):
    """Somebody who is to take part."""

    person = PersonField(label=gettext_lazy("Person"), required=False)
    role_label = forms.CharField(
        label=gettext_lazy("Role label"), max_length=60, required=False, widget=forms.TextInput({"list": "labels"})
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("Duty"), choices=Participation.Duty, required=False, initial=Participation.Duty.PARTICIPANT
    )
    involved = forms.BooleanField(label=gettext_lazy("Was involved in the event"), required=False, initial=True)

    def clean(self) -> None:
        if self.cleaned_data.get("role_label") and "person" in self.cleaned_data and not self.cleaned_data["person"]:
            self.add_error("person", _("Whom?"))

    def joining(self) -> Joining:
        given = self.cleaned_data
        return Joining(given["person"], given["role_label"], given.get("duty") or "participant", given["involved"])


class PartForm(forms.Form):
    """What somebody takes part as."""

    role_label = forms.CharField(
        label=gettext_lazy("Role label"), max_length=60, required=False, widget=forms.TextInput({"list": "labels"})
    )
    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=Participation.Duty)
    involved = forms.BooleanField(label=gettext_lazy("Was involved in the event"), required=False)


class TimesForm(forms.Form):
    """A review's key times; an empty one is unknown."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in KEY_TIMES[kind]:
            label, help_ = KeyTime.Name(name).label, KEY_TIMES_MEAN.get(name, "")
            self.fields[name] = TimeField(label=label, help_text=help_, required=False)

    def given(self) -> dict[str, datetime | None]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class GuestForm(forms.Form):
    """Whom to let in by a link, as what, for how long."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role_label = forms.CharField(
        label=gettext_lazy("Role label"), max_length=60, widget=forms.TextInput({"list": "labels"})
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days"), initial=GUEST_DAYS, min_value=1, max_value=MOST_GUEST_DAYS
    )


class CodeForm(forms.Form):
    """The code that came by letter."""

    code = forms.RegexField(
        r"^\s*(\d\s*){8}$",
        label=gettext_lazy("The eight digits from the letter"),
        error_messages={"invalid": gettext_lazy("The code has eight digits.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class SeverityForm(forms.Form):
    """One step of the scale."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    meaning = forms.CharField(
        label=gettext_lazy("What it means"), max_length=200, required=False, widget=forms.Textarea({"rows": 2})
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        help_text=gettext_lazy("The worst has the smallest number and stands first."),
        min_value=0,
        max_value=999,
        initial=0,
    )

    def clean_meaning(self) -> str:
        return " ".join(str(self.cleaned_data["meaning"]).split())


class ServiceForm(forms.Form):
    """Something the organisation runs, and what it is called elsewhere."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    patterns = forms.CharField(
        label=gettext_lazy("Also known as"),
        help_text=gettext_lazy(
            "Names in alerts, repositories and channels, one on each line. *\u00a0stands for anything."
        ),
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )

    def clean_patterns(self) -> list[str]:
        lines = [line.strip()[:120] for line in str(self.cleaned_data["patterns"]).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


def with_members(forms_: Iterable[forms.BaseForm], members: list[Person]) -> list[str]:
    """Lets every person field of these forms find these members; answers what to choose from."""
    options: list[str] = []
    for form in forms_:
        for field in form.fields.values():
            if isinstance(field, PersonField):
                field.members = members
                options = options or field.options()
    return options


def _choices(form: forms.Form, name: str) -> Any:
    return form.fields[name]
