"""Secrets are masked before anything is stored. Fast when there is nothing to mask, which is nearly always."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from pydantic_core import SchemaValidator, core_schema

from secondstory.evidence.importers.record import Record, storable
from secondstory.evidence.importers.secret_shapes import (
    BEARER,
    HINTS,
    IN_URL,
    PASSWORD,
    PASSWORD_KEY,
    SECRET,
    SECRET_KEY,
    SHAPES,
    is_password,
    is_secret,
)

# Text with half surrogates is none to this engine: it is given what `storable` makes of it.
_hinted = SchemaValidator(core_schema.str_schema(pattern=HINTS)).isinstance_python
_BARE_KEY_LINE = re.compile(r"^[A-Za-z0-9+/]{60,76}={0,2}$")
LEFT_OUT = "as received: left out"


class _Secret(NamedTuple):
    """What was masked: its sort, and its words as they stood."""

    sort: str
    words: str


def _sorts(found: list[_Secret]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(secret.sort for secret in found))


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with every secret replaced by "[masked: …]", and what sorts of secret these were."""
    if not _suspicious(text):
        return text, ()
    masked, found = _mask_text(text)
    return masked, _sorts(found)


def mask_payload(original: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same for the original bytes of a record. JSON stays valid JSON; without a secret not a byte changes."""
    text = original.decode("utf-8", "surrogateescape")
    return _mask_payload(text, original) if _suspicious(text) else (original, ())


def mask_record(record: Record) -> tuple[str, bytes, tuple[str, ...]]:
    """Text and original of a record, masked, and the sorts of secret in them.

    Mail encodes its words, calendars fold them, chat escapes them: a secret that the text tells may stand in the
    original where no rule finds it. Such an original is not kept, and `LEFT_OUT` says so.
    """
    source = record.original.decode("utf-8", "surrogateescape")
    if not _suspicious(source) and "\0" not in source and not _suspicious(record.text):
        return record.text, record.original, ()
    text, found = _mask_text(record.text)
    original, also = _mask_payload(source, record.original)
    sorts = tuple(dict.fromkeys(_sorts(found) + also))
    if source and not all(_is_gone(secret, source, original) for secret in found):
        return text, b"", (LEFT_OUT, *sorts)
    return text, original, sorts


def _is_gone(secret: _Secret, source: str, masked: bytes) -> bool:
    """Whether the words stood in the source as one piece, and stand there no more."""
    left = masked.decode("utf-8", "surrogateescape")
    ways = (secret.words, json.dumps(secret.words)[1:-1], json.dumps(secret.words, ensure_ascii=False)[1:-1])
    return any(way in source for way in ways) and not any(way in left for way in ways)


def _suspicious(text: str) -> bool:
    return _hinted(storable(text)) or _is_key_line(text)


def _mask_text(text: str) -> tuple[str, list[_Secret]]:
    if _is_key_line(text):
        return "[masked: key material]", [_Secret("key material", text)]
    found: list[_Secret] = []
    for shape in SHAPES:
        if any(word in text for word in shape.words):
            text = _replace(shape.pattern, text, shape.name, found)
    text = _replace(IN_URL, text, "password in an address", found)
    text = _mask_passwords(text, found)
    text = _mask_where(SECRET, text, "secret", found)
    return _mask_where(BEARER, text, "authorization", found), found


def _mask_payload(text: str, original: bytes) -> tuple[bytes, tuple[str, ...]]:
    if text[:1] in ("{", "["):
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            pass
        else:
            names: list[str] = []
            value = _mask_value(value, "", names)
            return (json.dumps(value).encode(), tuple(dict.fromkeys(names))) if names else (original, ())
    if "\0" in text:
        text = text.replace("\0", "")
    masked, found = _mask_text(text)
    return (masked.encode("utf-8", "surrogateescape") if found else original), _sorts(found)


def _mask_value(value: Any, key: str, found: list[str]) -> Any:
    if isinstance(value, str):
        return _mask_string(value, key, found)
    if isinstance(value, list):
        return [_mask_value(item, key, found) for item in value]
    if isinstance(value, dict):
        # {"name": "DB_PASSWORD", "value": "…"} names its value beside it.
        named = value.get("name") or value.get("key")
        beside = named if isinstance(named, str) else ""
        return {k: _mask_value(v, beside if k == "value" else k, found) for k, v in value.items()}
    return value


def _mask_string(value: str, key: str, found: list[str]) -> str:
    if key and value and not value.startswith("[masked"):
        if PASSWORD_KEY.search(key) and " " not in value and is_password(value, "="):
            found.append("password")
            return "[masked: password]"
        if SECRET_KEY.search(key) and " " not in value and is_secret(value):
            found.append("secret")
            return "[masked: secret]"
    masked, names = mask(value)
    found.extend(names)
    return masked


def _mask_passwords(text: str, found: list[_Secret]) -> str:
    def put(match: re.Match[str]) -> str:
        if not is_password(match["s"], match["between"] or ""):
            return match[0]
        return _masked(match, "password", found)

    return PASSWORD.sub(put, text)


def _mask_where(pattern: re.Pattern[str], text: str, name: str, found: list[_Secret]) -> str:
    def put(match: re.Match[str]) -> str:
        if not is_secret(match["s"]):
            return match[0]
        return _masked(match, name, found)

    return pattern.sub(put, text)


def _replace(pattern: re.Pattern[str], text: str, name: str, found: list[_Secret]) -> str:
    def put(match: re.Match[str]) -> str:
        if "[masked" in match[0]:
            return match[0]
        return _masked(match, name, found)

    return pattern.sub(put, text)


def _masked(match: re.Match[str], name: str, found: list[_Secret]) -> str:
    start, end = match.span("s") if "s" in match.re.groupindex else match.span()
    found.append(_Secret(name, match.string[start:end]))
    whole, begin = match[0], match.start()
    return whole[: start - begin] + f"[masked: {name}]" + whole[end - begin :]


def _is_key_line(text: str) -> bool:
    if " " in text[:61] or not _BARE_KEY_LINE.match(text):
        return False
    return any(c.isupper() for c in text) and any(c.islower() for c in text) and any(c.isdigit() for c in text)
