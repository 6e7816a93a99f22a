from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "secondstory.texts"
    default_auto_field = "django.db.models.BigAutoField"
