"""Plain widgets are drawn as Django's own templates draw them."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from secondstory.site.plain_widgets import DRAWN, PlainWidgets


class Everything(forms.Form):
    words = forms.CharField(initial='<b> & "it"', widget=forms.TextInput(attrs={"autofocus": True, "readonly": False}))
    long = forms.CharField(initial="\nfirst\n<script>", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    empty = forms.CharField(required=False, widget=forms.Textarea)
    mail = forms.EmailField(initial="ana@lantern.example")
    at = forms.DateTimeField(initial="2026-03-04 14:05", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    number = forms.IntegerField(initial=0, min_value=0, max_value=9)
    yes = forms.BooleanField(initial=True)
    no = forms.BooleanField(required=False)
    password = forms.CharField(initial="never shown", widget=forms.PasswordInput)
    hidden = forms.CharField(initial="7", widget=forms.HiddenInput)
    one = forms.ChoiceField(
        initial="b", choices=[("", "Any <one>"), ("Group & more", [("a", "A"), ("b", "B")]), (3, "Three")]
    )
    several = forms.MultipleChoiceField(initial=["a", "b"], choices=[("a", "A"), ("b", "B"), ("c", "C")])
    radio = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])


def _told(html: str) -> list[tuple[str, list[str], str]]:
    """Tags with their attributes in any order, and what stands between."""
    parts = re.findall(r"<(/?\w+)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*>([^<]*)", html)
    return [
        (tag, sorted(re.findall(r"[\w-]+(?:=\"[^\"]*\")?", attrs)), text if tag == "textarea" else text.strip())
        for tag, attrs, text in parts
    ]


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_plain_widget_reads_as_the_template_draws_it(name: str):
    ours, theirs = (str(Everything(renderer=renderer)[name]) for renderer in (PlainWidgets(), DjangoTemplates()))
    assert _told(ours)
    assert _told(ours) == _told(theirs)


def test_what_is_drawn_has_a_template_it_stands_for():
    for template in DRAWN:
        DjangoTemplates().get_template(template)
