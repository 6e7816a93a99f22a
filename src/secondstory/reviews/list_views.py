"""The list of reviews."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from secondstory.reviews.frame import service_names
from secondstory.reviews.models import Review, Service, Severity

ON_A_PAGE = 25
LAST_PAGE = 1000


class FilterForm(forms.Form):
    """What to look for. No field offers a person."""

    q = forms.CharField(label=_("In title and summary"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Review.Kind.choices])
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All")), *Review.Stage.choices])
    severity: Any = forms.ModelChoiceField(label=_("Severity"), required=False, queryset=None, empty_label=_("All"))
    service: Any = forms.ModelChoiceField(label=_("Service"), required=False, queryset=None, empty_label=_("All"))
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["severity"].queryset = Severity.objects.visible_to(viewer)
        fields["service"].queryset = Service.objects.visible_to(viewer)

    def chosen(self) -> dict[str, Any]:
        """What was given and makes sense; the rest is shown as wrong and left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@login_required
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every review this person may see, the newest first."""
    form = FilterForm(request.GET, viewer=request.user)
    chosen = form.chosen()
    page = chosen.pop("page", 1)
    start = (page - 1) * ON_A_PAGE
    # One more than shown says whether there is another page; counting all of them would cost more than the page.
    found: list[Any] = list(listed(request.user, chosen)[start : start + ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    services = service_names(shown)
    context = {
        "form": form,
        "filtered": bool(chosen),
        "rows": [(review, shown_title(review), services.get(review.pk, [])) for review in shown],
        "newer": _address(request, page - 1) if page > 1 else "",
        "older": _address(request, page + 1) if len(found) > ON_A_PAGE else "",
    }
    return render(request, "reviews/list.html", context)


def listed(viewer: Any, chosen: dict[str, Any]) -> Any:
    """The reviews a person may see, narrowed to what they chose."""
    rows = Review.objects.visible_to(viewer).as_listed_for(viewer).select_related("severity")
    if chosen.get("q"):
        rows = rows.with_words(chosen["q"])
    if chosen.get("stage"):
        rows = rows.at_stage(chosen["stage"])
    if chosen.get("service"):
        tagged = Review.services.through.objects.filter(service=chosen["service"])
        rows = rows.filter(pk__in=tagged.values("review_id"))
    return rows.filter(**{name: chosen[name] for name in ("kind", "severity") if chosen.get(name)})


def shown_title(review: Any) -> str:
    """The working title for who takes part, the published one for readers."""
    return str(review.title if review.takes_part else review.published_title)


def _address(request: HttpRequest, page: int) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return "?" + urlencode(kept | {"page": page})
