from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "secondstory.notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.notify.changes import sealed_here, send_due
        from secondstory.sealing.offers import offer_resealing
        from secondstory.work.offers import Sweep, offer

        offer(Sweep("notify: send letters", 2, send_due))
        for column in sealed_here():
            offer_resealing(column)
