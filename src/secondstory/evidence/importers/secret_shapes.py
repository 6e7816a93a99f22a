"""What a secret looks like: rules as data, each with the words that must be present before it is tried."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_START = r"(?<![A-Za-z0-9_])"


class Shape(NamedTuple):
    """A secret that tells itself by its own form. What it masks is the group `s`, or else all of it."""

    name: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(name: str, words: str, pattern: str, flags: int = 0) -> Shape:
    return Shape(name, tuple(words.split()), re.compile(pattern, flags))


SHAPES: tuple[Shape, ...] = (
    _shape("AWS key", "AKIA ASIA ABIA ACCA", _START + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    _shape("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", _START + r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    _shape("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{22,255}"),
    _shape(
        "GitLab token",
        "glpat- glptt- gldt- glrt- glcbt- glft- glsoat- glimt- glagent- glrtr-",
        _START + r"gl(?:pat|ptt|dt|rt|cbt|ft|soat|imt|agent|rtr)-[A-Za-z0-9_.=-]{16,300}",
    ),
    _shape(
        "Slack token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxe",
        r"xox[abcdeprs](?:\.xox[bp])?-[A-Za-z0-9%/+=-]{10,500}",
    ),
    _shape("Slack token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,300}"),
    _shape(
        "Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<s>[A-Za-z0-9_/-]{20,})",
    ),
    _shape("Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/(?P<s>[A-Za-z0-9_-]{30,})"),
    _shape("Teams webhook", "webhook.office.com", r"webhook\.office\.com/(?P<s>[A-Za-z0-9@_/-]{40,})"),
    _shape("Stripe key", "_live_ _test_", _START + r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}"),
    _shape("Stripe key", "whsec_", _START + r"whsec_[A-Za-z0-9+/=]{24,100}"),
    _shape("Google key", "AIza", _START + r"AIza[A-Za-z0-9_-]{35}"),
    _shape("Google token", "ya29. GOCSPX-", _START + r"(?:ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})"),
    _shape(
        "OpenAI key",
        "sk-",
        _START + r"sk-(?:proj-|svcacct-|admin-|ant-[a-z0-9]+-)?(?=[A-Za-z_-]{0,99}\d)[A-Za-z0-9_-]{32,300}",
    ),
    _shape("Hugging Face token", "hf_", _START + r"hf_[A-Za-z]{30,40}(?![A-Za-z0-9])"),
    _shape(
        "package registry token",
        "npm_ pypi- rubygems_",
        _START + r"(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|rubygems_[0-9a-f]{48})",
    ),
    _shape("SendGrid key", "SG.", _START + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),
    _shape("Vault token", "hvs. hvb.", _START + r"hv[sb]\.[A-Za-z0-9_-]{20,}"),
    _shape("Docker token", "dckr_", _START + r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _shape("DigitalOcean token", "_v1_", _START + r"do[opr]_v1_[a-f0-9]{64}"),
    _shape("Shopify token", "shpat_ shpca_ shppa_ shpss_", _START + r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _shape("Grafana token", "glsa_ glc_", _START + r"(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,})"),
    _shape("Atlassian token", "ATATT3 ATCTT3", _START + r"AT[AC]TT3[A-Za-z0-9_=-]{40,}"),
    _shape(
        "Azure key", "AccountKey= SharedAccessKey=", r"(?:AccountKey|SharedAccessKey)=(?P<s>[A-Za-z0-9+/]{40,}={0,2})"
    ),
    _shape(
        "signed link",
        "ignature= sig= ecurity-Token=",
        r"[?&;](?:[Xx]-[A-Za-z]+-)?(?:[Ss]ignature|sig|Security-Token)=(?P<s>[A-Za-z0-9%+/=_-]{20,})",
    ),
    _shape("JSON web token", "eyJ", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    _shape("age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{40,}"),
    _shape(
        "private key",
        "PRIVATE",
        r"-----BEGIN (?P<k>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END (?P=k)-----|\Z)",
        re.DOTALL,
    ),
)

# A name and a value with = or : between them, quoted or not. What a password is for may follow its name.
PASSWORD_NAME = (
    r"(?:(?:passw(?:or)?d|passphrase|passcode|pwd)"  # noqa: S105 - what passwords are called
    r"(?:[_-][A-Za-z0-9_-]{0,24}|(?-i:[A-Z])[A-Za-z0-9]{0,24}|[0-9]{1,3})?"
    r"|(?<![A-Za-z])pass)"
)
SECRET_NAME = (
    r"(?:secret|token|credentials?"  # noqa: S105 - the same
    r"|(?:api|access|auth|account|private|signing|encryption|shared|master|service|app|deploy|license)[_ -]?key)"
    r"(?:[_-][A-Za-z0-9_-]{0,24})?"
)
_BETWEEN = r"""(?:\\?["'`])?\s{0,4}(?::=|=>|==|=|:)\s{0,4}(?:\\?["'`])?"""
_VALUE = r"""(?:[^\s"'`\\,;&<>()]|&(?![A-Za-z0-9_.-]{1,40}=))"""

PASSWORD = re.compile(
    rf"(?i)(?:{PASSWORD_NAME}(?P<between>{_BETWEEN}|\s(?:is|was|to)\s:?\s?[\"'`]?)|--[a-z-]{{0,24}}password\s)(?P<s>{_VALUE}{{4,256}})"
)
SECRET = re.compile(rf"(?i){SECRET_NAME}(?:{_BETWEEN}|\s(?:is|was)\s[\"'`]?)(?P<s>{_VALUE}{{8,2048}})")
BEARER = re.compile(
    r"(?i)\b(?:bearer|basic|authorization:\s{0,4}(?:token|apikey|key))\s{1,4}(?P<s>[A-Za-z0-9._~+/=-]{12,4096})"
)
IN_URL = re.compile(r"""://[^\s/@:"'<>]{0,128}:(?P<s>[^\s/@"'<>]{1,256})@""")

PASSWORD_KEY = re.compile(rf"(?i)(?:^|[^a-z]|[a-z](?=[A-Z])){PASSWORD_NAME}$|^{PASSWORD_NAME}")
SECRET_KEY = re.compile(rf"(?i){SECRET_NAME}$")

# What must be there for any of the above to match, also through the escapes of JSON. The regex engine of pydantic-core
# looks for all of it at once: a payload is passed over in some 2 µs. Its classes are its own, so they are written out.
_SPACE = r"[\s\x1c-\x1f]"
_GAP = r"[^A-Za-z0-9_]{0,12}"
_ASSIGNED = rf"[a-z0-9_-]{{0,28}}(?:{_GAP}(?:[:=]|(?:is|was){_SPACE})|\\?\")"
_REST = r"[A-Za-z0-9_.-]{0,40}"
HINTS = "|".join(
    (
        r"xox|xapp-|sk-|pypi-|whsec_|dckr_|eyJ|PRIVATE|AIza|GOCSPX-|TT3|sig=|nature=|github_pat_|glc_|k_live_|k_test_",
        r"_[A-Za-z0-9]{20}|\.[A-Za-z0-9_-]{16}|A[KSBC][IC]A[A-Z2-7]{16}|gl[a-z]{2,5}-[A-Za-z0-9_.=-]{16}",
        r"(?i:passw(?:or)?d|passphrase|passcode)",
        rf"(?i:pass(?:{_GAP}[:=]|{_SPACE}|{_REST}\\?\")|pwd{_REST}(?:{_GAP}[:=]|{_SPACE}|\\?\"))",
        rf"(?i:(?:secret|token|credential|[a-z][_ -]?key){_ASSIGNED}|secret-key)",
        rf"(?i:hooks?(?:\.|\\?/)|(?:bearer|basic){_SPACE}{{1,4}}\S{{12}}|authorization)",
        r"""\\u00[2-7]|:(?:\\?/){2}[^\s/@"'<>]*@""",
    )
)

_PLACEHOLDER = re.compile(
    r"""(?ix) ^(?: [*•x.\-_\#?]+ | \[.* | <.* | \$.* | %.* | \{.* | (?:null|none|nil|true|false|undefined|empty|unset|redacted
    |masked|hidden|changed|required|expired|invalid|incorrect|wrong|reset|missing|secret|password|yes|no) [.!?)]? )$""",
)
_ODD = re.compile(r"[\d!@#$%^&*+~]")
_PART = re.compile(r"[-_.:/+=~%]+")
_SHORTEST_RANDOM = 8
_SURELY_RANDOM = 16
_UUID = re.compile(r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def is_password(value: str, between: str) -> bool:
    """Whether what stands after "password:" is one, rather than prose or a placeholder."""
    if _PLACEHOLDER.match(value) or "://" in value:
        return False
    said = between.strip(" :\"'`").lower()
    if said in {"is", "was", "to"}:
        return _ODD.search(value) is not None
    in_prose = between.strip() == ":" and between[-1:].isspace()
    return not (in_prose and value.rstrip(".!?").isalpha() and value.rstrip(".!?")[1:].islower())


def is_secret(value: str) -> bool:
    """Whether what stands after "token:" is random, rather than a name, a number or a path."""
    if _PLACEHOLDER.match(value):
        return False
    if _UUID.match(value):
        return True
    return any(_is_random(part) for part in _PART.split(value))


def _is_random(part: str) -> bool:
    if len(part) < _SHORTEST_RANDOM:
        return False
    digits = sum(c.isdigit() for c in part)
    if digits == len(part):
        return digits >= _SURELY_RANDOM
    turns = sum(a.islower() and b.isupper() for a, b in pairwise(part))
    return digits > 1 or (len(part) >= _SURELY_RANDOM and turns > 2)  # noqa: PLR2004 - names in camel case turn twice
