from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "secondstory.stories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.reviews.offers import Page, offer_clearing, offer_known, offer_need, offer_page
        from secondstory.stories import offers
        from secondstory.stories.beside_reading import HasPassages, beside_moments, differing_moments
        from secondstory.stories.changes import note_deleted
        from secondstory.stories.invitation_changes import nudge_due
        from secondstory.texts.offers import Holder
        from secondstory.texts.offers import offer as offer_texts
        from secondstory.timeline.offers import offer_beside
        from secondstory.work.offers import Sweep
        from secondstory.work.offers import offer as offer_sweep

        offer_page(Page("story", _("Your account"), "story", 10, "pencil"))
        offer_page(Page("stories", _("Accounts"), "stories", 25, "people"))
        offer_beside(beside_moments, differing_moments)
        offer_known("has_passages", HasPassages)
        offer_clearing(note_deleted)
        offer_need(offers.asked_for_an_account)
        offer_need(offers.asked_about_a_passage)
        offer_need(offers.interview_to_confirm)
        offer_sweep(Sweep("stories: the one nudge", 60, nudge_due))
        for kind, own, place in (
            ("story", offers.own_texts, offers.place_of_part),
            ("interview", offers.interview_texts, offers.place_of_note),
        ):
            offer_texts(Holder(kind, own, own, place=place, keeps_history=False))
        self._offer_to_live_and_sealing()
        self._hear_news()

    def _offer_to_live_and_sealing(self) -> None:
        from secondstory.live.offers import offer as offer_room
        from secondstory.sealing.ledger import offer_replay
        from secondstory.sealing.offers import offer_resealing
        from secondstory.stories import audience_changes, beside_changes, changes, interview_changes, quote_changes
        from secondstory.stories.offers import sealed_columns

        # One room a person: what is told there is told to them alone, and says nothing of who else holds what.
        offer_room("held", lambda person, id_: bool(person.is_active and person.pk == id_))
        offer_replay(changes.WITHDRAWN, changes.withdraw_again)
        offer_replay(audience_changes.NARROWED, audience_changes.narrow_again)
        offer_replay(audience_changes.LEFT, audience_changes.end_again)
        offer_replay(quote_changes.QUOTE, quote_changes.withdraw_again)
        offer_replay(beside_changes.TAKEN_BACK, beside_changes.take_back_again)
        offer_replay(changes.TALK_GONE, interview_changes.withdraw_again)
        for column in sealed_columns():
            offer_resealing(column)

    def _hear_news(self) -> None:
        from django.db.models.signals import post_delete, pre_delete

        from secondstory.reviews.signals import person_left
        from secondstory.stories.models import InterviewNote, Part

        pre_delete.connect(_forget_quotes, sender=Part)
        post_delete.connect(_forget_words, sender=Part)
        post_delete.connect(_forget_words, sender=InterviewNote)
        person_left.connect(_left)


def _forget_quotes(instance: Any, **_more: Any) -> None:
    from secondstory.stories.changes import forget_quotes

    forget_quotes(instance.pk)


def _forget_words(instance: Any, **_more: Any) -> None:
    from secondstory.stories.changes import forget_words

    forget_words(instance.text_id)


def _left(review_id: str, person_id: str, **_more: Any) -> None:
    from secondstory.stories.audience_changes import note_left

    note_left(review_id, person_id)
