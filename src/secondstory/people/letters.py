"""What letters about sign-in say: what changed and a link, never where, with what or by whom."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IF_NOT_YOU = _("If this was not you, ask whoever looks after Second Story where you work to help you at once.")

# By the name the sign-in library has for the occasion: subject, words.
LETTERS: dict[str, tuple[Promise, Promise]] = {
    "account/email/password_reset_key": (
        _("A new password for Second Story"),
        _(
            "Somebody, probably you, asked for a new password. This link opens a page where you choose one:"
            "\n\n%(password_reset_url)s\n\nIf it was not you, leave this letter be: nothing changes."
        ),
    ),
    "account/email/unknown_account": (
        _("A new password for Second Story"),
        _(
            "Somebody asked for a new password for this address, but nobody signs in with it. If it was you,"
            " try another address of yours. If it was not, leave this letter be."
        ),
    ),
    "account/email/account_already_exists": (
        _("You sign in to Second Story already"),
        _(
            "Somebody, probably you, wanted to begin with this address again. If you cannot get in:\n\n%(password_reset_url)s"
        ),
    ),
    "account/email/email_confirmation": (
        _("Is this your address?"),
        _("This link opens a page where you confirm that this is your address:\n\n%(activate_url)s"),
    ),
    "account/email/email_confirmation_signup": (
        _("Is this your address?"),
        _("This link opens a page where you confirm that this is your address:\n\n%(activate_url)s"),
    ),
    "account/email/email_confirm": (
        _("Your address is confirmed"),
        _("The address you sign in to Second Story with is confirmed."),
    ),
    "account/email/email_changed": (
        _("You sign in with another address now"),
        _("The address you sign in to Second Story with is no longer this one."),
    ),
    "account/email/email_deleted": (
        _("An address of yours was removed"),
        _("One of your addresses no longer signs in to Second Story."),
    ),
    "account/email/password_changed": (
        _("Your password was changed"),
        _("The password you sign in to Second Story with was changed."),
    ),
    "account/email/password_reset": (
        _("Your password was changed"),
        _("The password you sign in to Second Story with was changed by the link in a letter."),
    ),
    "account/email/password_set": (
        _("You have a password now"),
        _("A password was set; it signs you in to Second Story."),
    ),
    "mfa/email/webauthn_added": (
        _("A passkey was added"),
        _("A new passkey signs you in to Second Story."),
    ),
    "mfa/email/webauthn_removed": (
        _("A passkey was removed"),
        _("One of your passkeys no longer signs you in to Second Story."),
    ),
    "mfa/email/totp_activated": (
        _("A second step was added"),
        _("Signing in to Second Story now also asks for a code from your authenticator app."),
    ),
    "mfa/email/totp_deactivated": (
        _("The second step was removed"),
        _("Signing in to Second Story no longer asks for a code from your authenticator app."),
    ),
    "mfa/email/recovery_codes_generated": (
        _("You have new recovery codes"),
        _("New recovery codes were made; earlier ones no longer work."),
    ),
    "socialaccount/email/account_connected": (
        _("Another way to sign in was added"),
        _("You can now sign in to Second Story through your organisation."),
    ),
    "socialaccount/email/account_disconnected": (
        _("A way to sign in was removed"),
        _("You no longer sign in to Second Story through your organisation."),
    ),
}
# Letters that answer somebody's own request tell by themselves what to do if it was not them.
ANSWERS = {
    "account/email/password_reset_key",
    "account/email/unknown_account",
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
}


def letter(occasion: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and words of the letter for an occasion."""
    subject, words = LETTERS[occasion]
    said = str(words) % context
    return str(subject), f"{said}\n" if occasion in ANSWERS else f"{said}\n\n{IF_NOT_YOU}\n"
