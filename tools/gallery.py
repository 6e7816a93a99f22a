"""Draws every part of the look on one page, without a server: `python tools/gallery.py FOLDER`."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path

TOP = Path(__file__).resolve().parent.parent
STATIC = TOP / "src/secondstory/site/static"
# The names of addresses that the page's head asks for.
PAGES = ("home", "reviews", "go", "profile", "account_logout", "text_questions", "text_standing")
urlpatterns = [path(f"{name}/", str, name=name) for name in PAGES]


def set_up() -> None:
    """Only what templates need."""
    settings.configure(
        INSTALLED_APPS=["secondstory.site", "django.contrib.staticfiles", "django_vite"],
        STATIC_URL="./",
        ROOT_URLCONF=__name__,
        DJANGO_VITE={"default": {"dev_mode": False, "manifest_path": STATIC / "built/manifest.json"}},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [TOP / "frontend"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
    )
    django.setup()


class Example(forms.Form):
    """A field of each sort, one of them filled in wrongly."""

    title = forms.CharField(help_text="What happened, in words a colleague elsewhere would understand.")
    ended = forms.CharField(label="Resolved", required=False)
    severity = forms.ChoiceField(choices=[("", "Not known yet"), ("major", "Major")], required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    private = forms.BooleanField(label="Private channels", help_text="Off unless named one by one.", required=False)

    def clean_ended(self) -> str:
        raise forms.ValidationError("This is before it started (14:05).")


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A time on the day of the told example."""
    return datetime(2026, 3, 4, hour, minute, second, tzinfo=UTC)


def context() -> dict[str, object]:
    """An invented review."""
    stages = [
        {"name": "Gathering", "url": "#", "state": "done", "needs": []},
        {"name": "Debrief", "url": "#", "state": "done", "needs": [{"text": "no note-taker named", "url": "#"}]},
        {
            "name": "Writing",
            "url": "#",
            "state": "now",
            "needs": [{"text": "Impact is empty", "url": "#"}, {"text": "2 actions have no owner", "url": "#"}],
        },
        {"name": "Published", "state": "later", "needs": []},
        {"name": "Following up", "state": "later", "needs": []},
        {"name": "Closed", "state": "later", "needs": []},
    ]
    links = [("overview", "home", ""), ("Evidence", "evidence", "412"), ("Timeline", "timeline", "18")]
    links += [("Write-up", "page", ""), ("Actions", "action", "5"), ("People", "people", "6")]
    group = {
        "label": "In this review",
        "links": [{"text": t, "icon": i, "note": n, "url": f"#{i}"} for t, i, n in links],
    }
    return {
        "rail": {
            "title": "Checkout answered slowly for forty minutes",
            "url": "#",
            "stages": stages,
            "groups": [group],
        },
        "user": {"is_authenticated": True, "name": "Ana Brandt", "email": "ana@example.org", "time_zone": "UTC"},
        "form": Example({"title": "Checkout answered slowly", "ended": "13:50"}),
        "icons": sorted(re.findall(r"symbol id=\"(\w+)\"", (STATIC / "secondstory/icons.svg").read_text())),
        "t1": at(13, 58, 12),
        "t2": at(14, 5, 3),
        "t3": at(14, 11, 40),
        "t4": at(14, 31),
    }


def main(folder: Path) -> None:
    """Writes the page and what it links to."""
    set_up()
    shutil.copytree(STATIC / "built", folder, dirs_exist_ok=True)
    shutil.copytree(STATIC / "secondstory", folder / "secondstory", dirs_exist_ok=True)
    (folder / "index.html").write_text(render_to_string("gallery.html", context(), RequestFactory().get("/reviews/")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
