"""Draws every part of the look on one page, without a server: `python tools/gallery.py FOLDER`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import django
from django.conf import settings

TOP = Path(__file__).resolve().parent.parent
STATIC = TOP / "src/secondstory/site/static"


def set_up() -> None:
    settings.configure(
        INSTALLED_APPS=["secondstory.site", "django.contrib.staticfiles", "django_vite"],
        STATIC_URL="./",
        USE_TZ=True,
        ROOT_URLCONF="secondstory.site.gallery",
        DJANGO_VITE={"default": {"dev_mode": False, "manifest_path": STATIC / "built/manifest.json"}},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [TOP / "frontend"],
                "APP_DIRS": True,
            }
        ],
    )
    django.setup()
