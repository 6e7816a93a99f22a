"""PDF by WeasyPrint, which may be missing: then the page says how to get it."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import Any

from secondstory.writing.document import Document
from secondstory.writing.exporters.html_file import Edition, Picture, html

# It comments on every rule that is for screens only.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class NotInstalled(Exception):
    """WeasyPrint or the libraries it draws with are not there."""


def is_installed() -> bool:
    """Whether PDF can be made here."""
    return find_spec("weasyprint") is not None


def pdf(document: Document, picture: Picture, edition: Edition | None = None) -> bytes:
    """The document as PDF. Pictures are inside the HTML already, so that nothing at all is fetched."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise NotInstalled from error
    # Tagged, so that a screen reader finds its headings and tables.
    written = HTML(string=html(document, picture, edition), url_fetcher=_only_what_is_inside).write_pdf(pdf_tags=True)
    return bytes(written)


def _only_what_is_inside(url: str, *args: Any, **kwargs: Any) -> Any:
    if not url.startswith("data:"):
        raise ValueError("nothing is fetched for a PDF")
    from weasyprint import default_url_fetcher

    return default_url_fetcher(url, *args, **kwargs)
