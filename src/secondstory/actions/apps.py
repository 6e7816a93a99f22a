from typing import Any

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "secondstory.actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.actions.models import Passage
        from secondstory.actions.reading import HasActions, exported, left_of, shown
        from secondstory.sealing.offers import Sealed, offer_resealing, sealed_to
        from secondstory.stories.offers_left import offer_left
        from secondstory.writing.offers import Kept, offer

        def passages() -> Any:
            return Passage.objects.for_system("keys are being changed or checked")

        again = sealed_to("stored", lambda row: str(row.place))
        offer_resealing(Sealed("passages that ideas came from", passages, "stored", again))
        offer_left(left_of)
        offer(Kept("actions", has_rows=HasActions, exported=exported, shown=shown))
