from typing import Any

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "secondstory.stories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.stories import offers
        from secondstory.texts.offers import Holder
        from secondstory.texts.offers import offer as offer_texts

        for kind, own, place in (
            ("story", offers.own_texts, offers.place_of_part),
            ("interview", offers.interview_texts, offers.place_of_note),
        ):
            offer_texts(Holder(kind, own, own, place=place, keeps_history=False))
        self._hear_news()

    def _hear_news(self) -> None:
        from django.db.models.signals import post_delete

        from secondstory.stories.models import InterviewNote, Part

        post_delete.connect(_forget_words, sender=Part)
        post_delete.connect(_forget_words, sender=InterviewNote)


def _forget_words(instance: Any, **_: Any) -> None:
    from secondstory.stories.changes import forget_words

    forget_words(instance.text_id)
