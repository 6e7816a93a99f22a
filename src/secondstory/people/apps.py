from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "secondstory.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.people import closing, offers, sign_in_news
        from secondstory.sealing.ledger import offer_replay
        from secondstory.sealing.offers import offer_resealing

        sign_in_news.listen()
        offer_replay(closing.CLOSED, offers.close_again)
        offer_replay(closing.OPENED, offers.open_again)
        for column in offers.sealed_here():
            offer_resealing(column)
