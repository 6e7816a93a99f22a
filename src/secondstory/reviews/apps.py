from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "secondstory.reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.live.offers import offer as offer_room
        from secondstory.reviews.deletion_changes import DELETED, delete_again, delete_due
        from secondstory.reviews.frame import names_in
        from secondstory.reviews.guest_stamps import LINK
        from secondstory.reviews.models import GuestLink, Review
        from secondstory.reviews.offers import Page, offer_need, offer_page
        from secondstory.reviews.waiting import asked_to_facilitate, to_be_deleted
        from secondstory.sealing.ledger import offer_replay
        from secondstory.sealing.offers import offer_resealing
        from secondstory.texts.offers import offer_names
        from secondstory.work.offers import Sweep
        from secondstory.work.offers import offer as offer_sweep

        # Only those who take part hear of changes: a reader would learn when somebody works on it.
        offer_room(
            "review", lambda person, id_: Review.objects.visible_to(person).with_part_of(person).filter(pk=id_).exists()
        )
        offer_page(Page("overview", _("Overview"), "review", 0, "page"))
        offer_page(Page("times", _("Key times"), "review_times", 85, "clock"))
        offer_page(Page("people", _("People"), "review_people", 90, "people"))
        offer_page(Page("history", _("History"), "review_history", 95, "history"))
        offer_resealing(
            LINK.resealing("guest links", lambda: GuestLink.objects.for_system("keys are being changed or checked"))
        )
        offer_names(names_in)
        offer_need(asked_to_facilitate)
        offer_need(to_be_deleted)
        offer_replay(DELETED, delete_again)
        offer_sweep(Sweep("reviews: delete what is due", 60, delete_due))
