from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "secondstory.reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.live.offers import offer as offer_room
        from secondstory.reviews.models import Review
        from secondstory.reviews.offers import Page, offer_page

        # Only those who take part hear of changes: a reader would learn when somebody works on it.
        offer_room(
            "review", lambda person, id_: Review.objects.visible_to(person).with_part_of(person).filter(pk=id_).exists()
        )
        offer_page(Page("overview", _("Overview"), "review", 0, "page"))
