"""Markdown to HTML that is safe to show: no raw HTML, no script, no image from elsewhere."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

OWN_IMAGE = re.compile(r"^/reviews/[0-9a-z]{12}/images/\d+$")
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "s", "del"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "input"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "input": {"type", "checked", "disabled"},
}
SAFE_SCHEMES = {"http", "https", "mailto"}

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
_reader.enable(["table", "strikethrough"]).use(tasklists_plugin)


def rendered(markdown: str) -> str:
    """HTML of a text. An image that is not ours becomes a link: fetching it would tell its owner who reads when."""
    tokens = _reader.parse(markdown)
    for token in tokens:
        if token.children:
            token.children = [_own_or_link(child) for child in token.children]
    html = _reader.renderer.render(tokens, _reader.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SAFE_SCHEMES, link_rel="noreferrer noopener")


def _own_or_link(token: Token) -> Token:
    if token.type != "image" or OWN_IMAGE.match(str(token.attrGet("src") or "")):
        return token
    words = token.content or str(token.attrGet("src"))
    return _link_in_place(words, str(token.attrGet("src")))


def _link_in_place(words: str, address: str) -> Token:
    link = Token("html_inline", "", 0)
    label = nh3.clean_text(words)
    link.content = (
        f'<a href="{nh3.clean_text(address)}">{label}</a>' if address.startswith(("http:", "https:")) else label
    )
    return link
