from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReplayConfig(AppConfig):
    name = "secondstory.replay"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.replay.offers import standing_there
        from secondstory.reviews.offers import Page, offer_page
        from secondstory.timeline.offers import offer_beside

        offer_page(Page("replay", _("Replay"), "replay", 25, "again"))
        offer_beside(standing_there)
