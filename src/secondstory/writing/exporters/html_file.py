"""One HTML file that stands by itself: no script, no picture or style from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.html import escape

from secondstory.writing.document import Document
from secondstory.writing.shown import shown

STYLE = Path(__file__).parent / "document.css"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
Picture = Callable[[int], tuple[bytes, str] | None]


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version a file holds; a file without one is a draft, and says so."""

    number: int
    published_at: datetime


def html(document: Document, picture: Picture, edition: Edition | None = None) -> str:
    """The document with its pictures inside it. `picture` answers only with what this reader may see."""
    context = {"document": shown(document, picture_address(picture)), "alone": True}
    body = render_to_string("writing/_document.html", context | (asdict(edition) if edition else {}))
    return PAGE.format(title=escape(document.title), style=STYLE.read_text(), body=body)


def picture_address(picture: Picture) -> Callable[[int], str]:
    """Pictures as data inside the file; one that is not there stays away."""

    def address(number: int) -> str:
        found = picture(number)
        return f"data:{found[1]};base64,{base64.b64encode(found[0]).decode()}" if found else "data:,"

    return address
