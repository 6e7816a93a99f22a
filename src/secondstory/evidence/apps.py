from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "secondstory.evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from secondstory.evidence import changes, import_changes, jobs, offers
        from secondstory.evidence.hook_changes import sealed_secrets
        from secondstory.live.offers import offer as offer_room
        from secondstory.reviews.offers import Page, offer_clearing, offer_known, offer_missing, offer_need, offer_page
        from secondstory.sealing.ledger import offer_replay
        from secondstory.sealing.offers import offer_resealing
        from secondstory.work.offers import Sweep
        from secondstory.work.offers import offer as offer_sweep

        offer_page(Page("evidence", _("Evidence"), "evidence", 10, "evidence"))
        offer_known("has_evidence", offers.HasEvidence)
        offer_missing(offers.missing)
        offer_need(offers.needs)
        offer_clearing(changes.forget_files)
        offer_resealing(sealed_secrets())
        offer_replay(changes.STRUCK, changes.strike_again)
        offer_room("import", offers.may_hear)
        offer_sweep(Sweep("evidence: look into uploads", 1, jobs.look_into_next))
        offer_sweep(Sweep("evidence: import", 1, jobs.run_next))
        offer_sweep(Sweep("evidence: forget what nobody chose", 600, import_changes.forget_unchosen))
        offer_sweep(Sweep("evidence: erase what was struck", 60, changes.erase_struck))
        offer_sweep(Sweep("evidence: strike after retention", 3600, changes.strike_after_retention))
