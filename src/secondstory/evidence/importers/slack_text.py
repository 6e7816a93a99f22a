"""Slack's own markup as plain text: mentions by handle, links with their label, entities undone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARKED = re.compile(r"<([^<>\n]*)>")
# What a block or attachment says, by the names its parts have, in the order they are shown.
_SAYING = (
    "pretext",
    "author_name",
    "title",
    "text",
    "fields",
    "elements",
    "blocks",
    "accessory",
    "rows",
    "columns",
    "footer",
)
_DEEPEST = 12


def plain(text: str, handles: Mapping[str, str]) -> str:
    """The text as its readers saw it."""
    if "<" in text:
        text = _MARKED.sub(lambda match: _unmark(match[1], handles), text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text


def _unmark(inside: str, handles: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    sign = target[:1]
    if sign == "@":
        return "@" + (handles.get(target[1:]) or label or target[1:])
    if sign == "#":
        return "#" + (label or handles.get(target[1:]) or target[1:])
    if sign == "!":
        return _special(target[1:], label)
    if ":" not in target and "." not in target:
        return f"<{inside}>"
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in {target, bare} or target.split("://")[-1].rstrip("/") == label:
        return bare
    return f"{label} ({bare})"


def _special(target: str, label: str) -> str:
    if label:
        return label if target.startswith("date^") or label.startswith("@") else "@" + label
    return "@" + target.partition("^")[0]


def told(part: Any, handles: Mapping[str, str], depth: int = 0) -> Iterator[str]:
    """Every line that an attachment or block shows, outermost first."""
    if depth > _DEEPEST:
        return
    if isinstance(part, str):
        if part.strip():
            yield plain(part, handles)
    elif isinstance(part, list):
        for item in part:
            yield from told(item, handles, depth + 1)
    elif isinstance(part, dict):
        yield from _told_of(part, handles, depth)


def _told_of(part: dict[str, Any], handles: Mapping[str, str], depth: int) -> Iterator[str]:
    kind = part.get("type")
    if kind in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        yield "".join(_run(e, handles) for e in _dicts(part.get("elements")))
        return
    if kind == "image" and part.get("alt_text"):
        yield str(part["alt_text"])
    if "value" in part and "title" in part and "id" not in part:
        yield ": ".join(filter(None, (_line(part["title"], handles), _line(part["value"], handles))))
        return
    shown = False
    for name in _SAYING:
        for line in told(part.get(name), handles, depth + 1):
            shown = True
            yield line
    if not shown and isinstance(part.get("fallback"), str):
        yield plain(part["fallback"], handles)


def _line(value: Any, handles: Mapping[str, str]) -> str:
    return plain(value.strip(), handles) if isinstance(value, str) else ""


def _run(element: dict[str, Any], handles: Mapping[str, str]) -> str:
    kind = element.get("type")
    if kind == "user":
        user = str(element.get("user_id", ""))
        return "@" + handles.get(user, user)
    if kind == "channel":
        channel = str(element.get("channel_id", ""))
        return "#" + handles.get(channel, channel)
    if kind == "broadcast":
        return "@" + str(element.get("range", ""))
    if kind == "emoji":
        return f":{element.get('name', '')}:"
    if kind == "link":
        url, label = str(element.get("url", "")), element.get("text")
        return f"{label} ({url})" if label and label != url else url
    return str(element.get("text", ""))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
