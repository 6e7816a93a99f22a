"""A document's words as HTML or plain words."""

from __future__ import annotations

import re
from html import unescape

import nh3

from secondstory.texts.markdown import rendered

OWN_IMAGE = re.compile(r'src="/reviews/[0-9a-z]{12}/images/(\d+)"')
HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")
DEEPEST = 6


def html_of(body: str, images: str = "", below: int = 2) -> str:
    """Markdown as safe HTML under a heading of level `below`. `images` is where this reader gets the pictures from."""
    html = HEADING.sub(lambda found: f"{found[1]}{min(DEEPEST, int(found[2]) + below)}", rendered(body))
    return OWN_IMAGE.sub(rf'src="{images}\1"', html) if images else html


def plain_words(body: str) -> str:
    """Markdown without its marks, for lists."""
    return " ".join(unescape(nh3.clean(rendered(body), tags=set())).split())
