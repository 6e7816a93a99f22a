from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "secondstory.texts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.sealing.offers import Sealed, offer_resealing, sealed_to
        from secondstory.texts.models import LetStand

        offer_resealing(
            Sealed(
                "wording that was let stand",
                lambda: LetStand.objects.for_system("keys are being changed or checked"),
                "stored",
                sealed_to("stored", lambda row: str(row.place)),
            )
        )
