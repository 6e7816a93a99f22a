from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "secondstory.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.people import offers, sign_in_news
        from secondstory.sealing.offers import offer_resealing

        sign_in_news.listen()
        for column in offers.sealed_here():
            offer_resealing(column)
