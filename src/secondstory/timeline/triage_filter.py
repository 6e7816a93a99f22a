"""Which lines of evidence triage shows, and where a page of them begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.evidence.models import Evidence
from secondstory.timeline import wording
from secondstory.timeline.models import Citation, Dismissal, Proposed, Ranking

IN_TIME, BEST, EVERYTHING = "proposals", "best", "all"
PAGE = 20


def _clock(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, required=False)


class TriageFilter(forms.Form):
    """What one may look for. A handle is looked for by typing it: persons are never listed or counted."""

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[(IN_TIME, _("Proposals in time")), (BEST, _("Likeliest first")), (EVERYTHING, _("All evidence"))],
    )
    q = forms.CharField(label=_("Word"), required=False, max_length=100)
    place = forms.ChoiceField(label=_("Place"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    author = forms.CharField(label=_("Handle"), required=False, max_length=100)
    since = _clock(_("From"))
    until = _clock(_("To"))
    undone = forms.BooleanField(label=_("Only what is left to do"), required=False)

    def __init__(self, *args: Any, ranking: Ranking, for_guest: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["place"]
        kinds: Any = self.fields["kind"]
        places.choices = [("", _("Every place"))] + [(place, place) for place in ranking.places]
        kinds.choices = [("", _("Every sort"))] + [(kind, wording.KINDS.get(kind, kind)) for kind in ranking.kinds]
        if for_guest:
            # Handles are nothing a guest is told, and direct messages stand under them.
            del self.fields["author"], self.fields["place"]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for, without what cannot be understood."""
        self.is_valid()
        return self.cleaned_data

    @property
    def how(self) -> str:
        return self.chosen.get("show") or IN_TIME

    def query(self, **more: Any) -> str:
        """The rest of an address that asks for the same, with some of it otherwise."""
        given = {name: value for name, value in self.data.items() if name in self.fields and value}
        told = {name: value for name, value in (given | more).items() if value}
        return urlencode(told)

    @property
    def in_time(self) -> bool:
        """Whether lines follow one another in time."""
        return self.how != BEST

    def zoomed(self) -> bool:
        """Whether a stretch of time is asked for."""
        return bool(self.chosen.get("since") or self.chosen.get("until"))

    def narrowed_beside_word(self) -> bool:
        """Whether what is folded away is in use."""
        return any(self.chosen.get(name) for name in ("place", "kind", "author", "since", "until", "undone"))

    def narrowed(self) -> bool:
        """Whether more is asked for than the usual."""
        return any(value for name, value in self.chosen.items() if name != "show")


def matching(lines: QuerySet[Evidence], review_id: str, form: TriageFilter) -> QuerySet[Evidence]:
    """The lines that are asked for."""
    chosen = form.chosen
    where = Q()
    for name, lookup in (("q", "text__icontains"), ("author", "author__icontains"), ("place", "place")):
        where &= Q(**{lookup: chosen[name]}) if chosen.get(name) else Q()
    for name, lookup in (("kind", "kind"), ("since", "at__gte"), ("until", "at__lt")):
        where &= Q(**{lookup: chosen[name]}) if chosen.get(name) else Q()
    lines = lines.filter(where)
    if chosen.get("undone"):
        lines = lines.filter(~Exists(_taken()), ~Exists(_left_out()))
    if form.how == EVERYTHING:
        return lines
    proposed = Proposed.objects.for_system("joined to lines whose reader is known")
    # Few lines are proposed, so they are where the database should begin.
    lines = lines.filter(pk__in=proposed.filter(review_id=review_id).values("evidence_id"))
    return lines.annotate(rank=Subquery(proposed.filter(evidence=OuterRef("pk")).values("rank")[:1]))


def with_state(lines: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Which moment a line was made into, and whether it was left out."""
    return lines.annotate(moment_id=Subquery(_taken().values("moment_id")[:1]), left_out=Exists(_left_out()))


def _taken() -> QuerySet[Citation]:
    cited = Citation.objects.for_system("joined to lines whose reader is known")
    return cited.filter(evidence=OuterRef("pk"), moment__removed_at=None)


def _left_out() -> QuerySet[Dismissal]:
    return Dismissal.objects.for_system("joined to lines whose reader is known").filter(evidence=OuterRef("pk"))


def page_of(lines: QuerySet[Evidence], how: str, after: str, before: str) -> tuple[list[Any], str, str]:
    """A page of lines with the marks that the next and the previous page begin at."""
    ordered = _best(lines, after) if how == BEST else _in_time(lines, after, before)
    found: list[Any] = list(ordered[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if before and how != BEST:
        found.reverse()
        return found, _mark(found[-1]) if found else "", _mark(found[0]) if more else ""
    mark = (str(found[-1].rank) if how == BEST else _mark(found[-1])) if more else ""
    return found, mark, _mark(found[0]) if after and found and how != BEST else ""


def _best(lines: Any, after: str) -> Any:
    return (lines.filter(rank__gt=int(after)) if after.isdigit() else lines).order_by("rank")


def _in_time(lines: QuerySet[Evidence], after: str, before: str) -> QuerySet[Evidence]:
    if place := _placed(before):
        at, number = place
        return lines.filter(at__lte=at).exclude(at=at, number__gte=number).order_by("-at", "-number")
    if place := _placed(after):
        at, number = place
        lines = lines.filter(at__gte=at).exclude(at=at, number__lte=number)
    return lines.order_by("at", "number")


def _mark(line: Evidence) -> str:
    return f"{line.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{line.number}"


def _placed(mark: str) -> tuple[datetime, int] | None:
    at, _, number = mark.partition("_")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        return None


def typed(at: datetime) -> str:
    """A time as the filter's fields take it: in the viewer's zone."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def an_hour_around(at: datetime) -> tuple[datetime, datetime]:
    """Half an hour either side."""
    return at - timedelta(minutes=30), at + timedelta(minutes=30)
