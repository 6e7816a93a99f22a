from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "secondstory.live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.live.changes import forget_old
        from secondstory.work.offers import Sweep, offer

        offer(Sweep("live: forget heard changes", 60, forget_old))
