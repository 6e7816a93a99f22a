from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WritingConfig(AppConfig):
    name = "secondstory.writing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.evidence.signals import evidence_struck
        from secondstory.live.offers import offer as offer_room
        from secondstory.reviews.models import Review
        from secondstory.reviews.offers import Page, offer_clearing, offer_missing, offer_need, offer_page
        from secondstory.reviews.signals import kind_chosen
        from secondstory.stories.offers_left import offer_left_with_quotes
        from secondstory.texts.offers import Holder
        from secondstory.texts.offers import offer as offer_texts
        from secondstory.timeline.signals import quote_taken_back
        from secondstory.work.offers import Sweep
        from secondstory.work.offers import offer as offer_sweep
        from secondstory.writing.changes import KIND, tell_saved
        from secondstory.writing.departing import left_with
        from secondstory.writing.models import Section
        from secondstory.writing.needs import missing_of, needs_of
        from secondstory.writing.pictures import forget_pictures
        from secondstory.writing.publishing_changes import publish_due

        def texts_of(person: object) -> object:
            return Section.objects.visible_to(person).values("text_id")

        offer_texts(Holder(KIND, readable=texts_of, writable=texts_of, saved=tell_saved))
        offer_room(
            "draft", lambda person, id_: Review.objects.visible_to(person).with_part_of(person).filter(pk=id_).exists()
        )
        # Whoever may read the review may hear that a quote in it was taken back.
        offer_room("quotes", lambda person, id_: Review.objects.visible_to(person).filter(pk=id_).exists())
        offer_page(Page("write", _("Write-up"), "write", 40, "pencil"))
        offer_page(Page("publish", _("Publish"), "publish", 50, "upload"))
        offer_page(Page("read", _("Read"), "read", 60, "book"))
        offer_missing(missing_of)
        offer_need(needs_of)
        offer_clearing(forget_pictures)
        offer_left_with_quotes(left_with)
        quote_taken_back.connect(_taken_back)
        evidence_struck.connect(_struck)
        kind_chosen.connect(_kind_chosen)
        offer_sweep(Sweep("writing: publish what nobody objected to", 30, publish_due))


def _kind_chosen(review_id: str, **_: object) -> None:
    from secondstory.writing.changes import lay_out_anew

    lay_out_anew(review_id)


def _taken_back(review_id: str, quote: str, **_: object) -> None:
    from secondstory.writing.striking_changes import let_go

    let_go(review_id, quote)


def _struck(review_id: str, evidence_ids: list[int], *, quotes: bool, **_: object) -> None:
    from django.db import transaction

    from secondstory.writing.pictures import forget_struck

    if quotes:
        transaction.on_commit(lambda: forget_struck(review_id, evidence_ids))
