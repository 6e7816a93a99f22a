"""What templates are drawn with says the same to those who see a page and to those who hear it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.safestring import mark_safe

MOMENT = datetime(2026, 3, 4, 14, 5, 30, tzinfo=UTC)


def drawn(source: str, **context: Any) -> str:
    return Template("{% load look %}" + source).render(Context(context))


class Example(forms.Form):
    title = forms.CharField(help_text="In a few words.")
    ended = forms.CharField(required=False)
    agree = forms.BooleanField(required=False, help_text="Can be taken back.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_an_icon_without_words_is_hidden_from_screen_readers_and_one_with_words_speaks() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "clock" %}')
    assert 'role="img" aria-label="Waiting"' in drawn('{% icon "clock" "Waiting" %}')


def test_a_label_that_holds_markup_is_shown_as_text() -> None:
    assert "<b>" not in drawn('{% icon "clock" label %}', label='"><b>')


def test_a_label_that_is_escaped_already_and_one_that_is_not_are_two() -> None:
    assert 'aria-label="A &amp; B"' in drawn('{% icon "clock" label %}', label=mark_safe("A &amp; B"))
    assert 'aria-label="A &amp;amp; B"' in drawn('{% icon "clock" label %}', label="A &amp; B")


def test_a_field_ties_label_help_and_error_to_its_input() -> None:
    form = Example({"title": "", "kind": "a"})
    html = drawn("{% field form.title %}", form=form)
    assert '<label for="id_title">' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    described = html.split('aria-describedby="')[1].split('"')[0].split()
    assert {"id_title_helptext", "id_title_error"} >= set(described)


def test_only_what_may_stay_empty_is_called_optional() -> None:
    form = Example()
    assert "optional" not in drawn("{% field form.title %}", form=form)
    assert "optional" in drawn("{% field form.ended %}", form=form)
    assert "optional" not in drawn("{% field form.ended quiet=True %}", form=form)


def test_a_single_box_is_labelled_by_the_words_beside_it_and_choices_by_a_legend() -> None:
    form = Example()
    assert '<label class="check">' in drawn("{% field form.agree %}", form=form)
    assert "<legend" in drawn("{% field form.kind %}", form=form)


def test_a_time_is_written_in_the_readers_zone_and_keeps_the_original() -> None:
    with timezone.override("Europe/Vienna"):
        html = drawn('{% when at "time" original="14:05 UTC" %}', at=MOMENT)
    assert ">15:05</time>" in html
    assert 'title="14:05 UTC"' in html
    assert 'datetime="2026-03-04T14:05:30+00:00"' in html


def test_an_unknown_time_is_nothing_rather_than_a_guess() -> None:
    assert drawn("{% when at %}", at=None) == ""


@pytest.mark.parametrize(("name", "letters"), [("Ana Maria Ferreira", "AF"), ("Bo", "B"), ("", "·")])
def test_initials_are_two_letters_in_the_same_circle_for_everybody(name: str, letters: str) -> None:
    assert drawn("{% initials name %}", name=name) == f'<span class="avatar" aria-hidden="true">{letters}</span>'


@pytest.mark.parametrize(
    ("cookie", "own", "shown"),
    [("dark", "light", "dark"), ("", "light", "light"), ('"><script>', "light", "system"), ("", "", "system")],
)
def test_the_theme_is_the_devices_choice_then_the_persons_and_never_anything_else(
    cookie: str, own: str, shown: str
) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": cookie} if cookie else {}
    assert drawn("{% theme_now %}", request=request, theme=own) == shown


@pytest.mark.parametrize(("at", "marked"), [("/reviews/", True), ("/reviews/abc/", True), ("/profile", False)])
def test_a_link_to_where_one_is_says_so(at: str, marked: bool) -> None:
    assert ('aria-current="page"' in drawn('{% current "/reviews/" %}', request=RequestFactory().get(at))) is marked


def test_home_is_current_only_on_the_first_page() -> None:
    assert "aria-current" in drawn('{% current "/" %}', request=RequestFactory().get("/"))
    assert "aria-current" not in drawn('{% current "/" %}', request=RequestFactory().get("/reviews/"))
