"""Settings: everything one may set is an environment variable named here and described in docs/operate."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SECONDSTORY_DATA", "data")).resolve()
PORT = int(os.environ.get("PORT", "8000"))
ORIGIN = os.environ.get("SECONDSTORY_ORIGIN", f"http://localhost:{PORT}").rstrip("/")
DEMO = os.environ.get("SECONDSTORY_DEMO") == "1"
KEY_FILE = Path(os.environ.get("SECONDSTORY_KEY_FILE", DATA / "keys"))
KEYS_ARE_LOST = os.environ.get("SECONDSTORY_KEYS_ARE_LOST") == "1"
LEDGER_FILE = Path(os.environ.get("SECONDSTORY_LEDGER_FILE", f"{KEY_FILE}.ledger"))


def _secret_key(path: Path) -> str:
    if given := os.environ.get("SECONDSTORY_SECRET_KEY"):
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _database(address: str) -> dict[str, Any]:
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "secondstory.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "secondstory.site.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # docs/operate/postgresql.md says why
        "OPTIONS": {"options": "-c jit=off"},
    }


(DATA / "static").mkdir(parents=True, exist_ok=True)
SECRET_KEY = _secret_key(DATA / "secret")
DEBUG = False
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")

_origin = urlsplit(ORIGIN)
SECURE = _origin.scheme == "https"
ALLOWED_HOSTS = [_origin.hostname or "localhost", *filter(None, os.environ.get("SECONDSTORY_HOSTS", "").split(","))]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "secondstory.site",
    "secondstory.home",
    "secondstory.replay",
    "secondstory.actions",
    "secondstory.writing",
    "secondstory.stories",
    "secondstory.timeline",
    "secondstory.evidence",
    "secondstory.reviews",
    "secondstory.people",
    "secondstory.texts",
    "secondstory.notify",
    "secondstory.live",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "channels",
    "csp",
    "django_htmx",
    "django_vite",
    "template_partials",
    "anymail",
]
if DEMO:
    INSTALLED_APPS.insert(0, "secondstory.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "secondstory.site.middleware.CsrfWithoutReferrer",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "secondstory.site.middleware.in_their_own_time_and_language",
    "secondstory.site.middleware.guests_have_no_account",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "secondstory.site.middleware.WordsThatDoNotOpen",
    "secondstory.site.middleware.without_nul",
    "secondstory.site.middleware.with_etags_for_the_api",
]
ROOT_URLCONF = "secondstory.site.urls"
ASGI_APPLICATION = "secondstory.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "csp.context_processors.nonce",
                "secondstory.site.context.everywhere",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    },
]
FORM_RENDERER = "secondstory.site.plain_widgets.PlainWidgets"

if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("secondstory.demo.context.people_to_be")  # type: ignore[index]

# Sign-in.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
ACCOUNT_ADAPTER = "secondstory.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "secondstory.people.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"setup": "10/m/ip,30/h/ip", "guest_code": "10/m/ip", "login": "30/m/ip"}
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True


def providers(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Identity providers: one JSON object per protocol, as docs/operate/sign-in.md shows."""
    return {
        name: {"APPS": [json.loads(given)], "OAUTH_PKCE_ENABLED": True}
        for name, variable in (("openid_connect", "SECONDSTORY_OIDC"), ("saml", "SECONDSTORY_SAML"))
        if (given := environment.get(variable))
    }


SOCIALACCOUNT_PROVIDERS = providers(os.environ)
MFA_ADAPTER = "secondstory.people.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up alone: an address stands because somebody invited it or typed the printed code.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Second Story"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or os.environ.get("SECONDSTORY_TEST") == "1"
ACCOUNT_FORMS = {
    "add_email": "secondstory.people.entrance_forms.AddEmail",
    "change_password": "secondstory.people.entrance_forms.ChangePassword",
    "login": "secondstory.people.entrance_forms.Login",
    "reauthenticate": "secondstory.people.entrance_forms.Reauthenticate",
    "reset_password": "secondstory.people.entrance_forms.ResetPassword",
    "reset_password_from_key": "secondstory.people.entrance_forms.ResetPasswordKey",
    "set_password": "secondstory.people.entrance_forms.SetPassword",
}
MFA_FORMS = {
    "activate_totp": "secondstory.people.entrance_forms.ActivateApp",
    "authenticate": "secondstory.people.entrance_forms.Authenticate",
    "reauthenticate": "secondstory.people.entrance_forms.ReauthenticateByCode",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# Cookies, headers, content policy: nothing inline, nothing from elsewhere, no address leaks.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Language and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static" / "built"] if (HERE / "static" / "built").exists() else []
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = DATA / "files"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": HERE / "static" / "built" / "manifest.json",
        "static_url_prefix": "",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
IMPORT_LIMIT = int(os.environ.get("SECONDSTORY_IMPORT_LIMIT", "2000000000"))
STRIKE_EVIDENCE_AFTER_MONTHS = int(os.environ.get("SECONDSTORY_STRIKE_EVIDENCE_AFTER_MONTHS", "0"))

# Mail.
EMAIL_BACKEND = os.environ.get("SECONDSTORY_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("SECONDSTORY_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("SECONDSTORY_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SECONDSTORY_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SECONDSTORY_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SECONDSTORY_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SECONDSTORY_FROM", f"Second Story <secondstory@{_origin.hostname}>")
ADMINS: list[tuple[str, str]] = []

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "secondstory.site.logs.Discreet"}},
    "formatters": {
        "line": {"()": "secondstory.site.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
