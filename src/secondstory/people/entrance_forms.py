"""The sign-in library's forms without what our pages say themselves: placeholders, and links inside help texts."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app


class Plain:
    """Takes placeholders out, and the help that repeats "forgot your password?"."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"password", "oldpassword"}:
                field.help_text = ""


class Login(Plain, account.LoginForm):  # type: ignore[misc]
    """Address and password."""


class ChangePassword(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one."""


class SetPassword(Plain, account.SetPasswordForm):  # type: ignore[misc]
    """A first password."""


class ResetPassword(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    """Where the letter goes."""


class ResetPasswordKey(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password."""


class AddEmail(Plain, account.AddEmailForm):  # type: ignore[misc]
    """Another address."""


class Reauthenticate(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class Authenticate(Plain, second_step.AuthenticateForm):  # type: ignore[misc]
    """The second step."""


class ReauthenticateByCode(Plain, second_step.ReauthenticateForm):  # type: ignore[misc]
    """The second step once more."""


class ActivateApp(Plain, app.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of the app."""
