"""What has left the building: quotes that were published, or taken along in a file. Never by whom."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.reviews.models import Audience, Review
from secondstory.stories.models import Part, Quote


class DepartureRows(Rows["Departure"]):
    """Read by the author of the quoted words, before they decide."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(quote__part__in=Part.objects.visible_to(person).own_of(person))


class Departure(models.Model):
    """A quote in a version, or in files of one format: the first time and the last."""

    class What(models.TextChoices):
        VERSION = "version", _("a published version")
        MARKDOWN = "markdown", _("Markdown")
        HTML = "html", _("one HTML file")
        PDF = "pdf", _("PDF")
        JSON = "json", _("JSON")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    # Of a version: its number and who may read it.
    number = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=12, choices=Audience.choices, blank=True)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[DepartureRows]] = guarded(DepartureRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["first_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["quote", "what", "number"], name="one_departure_of_a_kind"),
        ]
