from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "secondstory.writing"
    default_auto_field = "django.db.models.BigAutoField"
