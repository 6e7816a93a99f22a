from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "secondstory.evidence"
    default_auto_field = "django.db.models.BigAutoField"
