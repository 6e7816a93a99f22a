from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    name = "secondstory.timeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.reviews.offers import Page, offer_known, offer_missing, offer_need, offer_page
        from secondstory.texts.offers import Holder
        from secondstory.texts.offers import offer as offer_texts
        from secondstory.timeline import margin_changes, offers, ranking_changes
        from secondstory.work.offers import Sweep
        from secondstory.work.offers import offer as offer_sweep

        offer_page(Page("timeline", _("Timeline"), "timeline", 20, "timeline"))
        offer_page(Page("agreement", _("Agreement"), "agreement", 22, "check"))
        offer_page(Page("triage", _("Triage"), "triage", 15, "evidence"))
        offer_known("pivot_marked", offers.PivotMarked)
        offer_missing(offers.missing)
        offer_need(offers.needs)
        offer_texts(Holder("margin", offers.margin_texts, offers.margin_texts, keeps_history=False))
        offer_sweep(Sweep("timeline: rank evidence", 2, ranking_changes.rank_due))
        offer_sweep(Sweep("timeline: forget margins", 60, margin_changes.forget_notes_of_closed_reviews))
        self._hear_news()

    def _hear_news(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from secondstory.evidence.signals import evidence_added, evidence_struck
        from secondstory.reviews.models import KeyTime
        from secondstory.reviews.signals import person_left, review_closed

        review_closed.connect(_closed)
        person_left.connect(_left)
        evidence_added.connect(_more_evidence)
        evidence_struck.connect(_struck)
        post_save.connect(_times_changed, sender=KeyTime)
        post_delete.connect(_times_changed, sender=KeyTime)


def _closed(review_id: str, **_: Any) -> None:
    from secondstory.timeline.margin_changes import forget_notes

    forget_notes(review_id)


def _left(review_id: str, person_id: str, **_: Any) -> None:
    from secondstory.timeline.margin_changes import forget_notes_by

    forget_notes_by(review_id, person_id)


def _more_evidence(review_id: str, **_: Any) -> None:
    from secondstory.timeline.ranking_changes import due

    due(review_id)


def _struck(review_id: str, evidence_ids: list[int], *, quotes: bool, **_: Any) -> None:
    from secondstory.timeline.striking_changes import let_go

    let_go(review_id, evidence_ids, quotes=quotes)


def _times_changed(instance: Any, **_: Any) -> None:
    from secondstory.timeline.ranking_changes import due

    due(instance.review_id)
