from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "secondstory.actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.actions.models import Action
        from secondstory.actions.reading import exported, shown
        from secondstory.writing.offers import Kept, offer

        offer(Kept("actions", rows=Action.objects.visible_to, exported=exported, shown=shown))
