from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from secondstory.notify.changes import MOST_ATTEMPTS, send_due, write_letter
from secondstory.notify.models import Letter

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def write(once: str = "bo:review-1") -> None:
    write_letter(once=once, address="bo@lantern.example", subject="A review needs you", words="http://localhost/x")


def letter() -> Letter:
    return Letter.objects.for_system("a test's question").get()


def test_the_same_news_is_written_to_the_same_address_once() -> None:
    write()
    write()
    send_due()
    send_due()
    assert [each.to for each in mail.outbox] == [["bo@lantern.example"]]


def test_a_waiting_letter_holds_no_readable_word_and_a_sent_one_none_at_all() -> None:
    write()
    waiting = letter()
    assert "bo@" not in waiting.sealed_address + waiting.sealed_words
    send_due()
    sent = letter()
    assert (sent.sealed_address, sent.sealed_subject, sent.sealed_words) == ("", "", "")
    assert sent.done_at is not None


def test_a_letter_waits_while_the_mail_server_takes_nothing_and_goes_when_it_does(settings: Any) -> None:
    write()
    settings.EMAIL_BACKEND = "tests.notify.test_outbox.Refusing"
    send_due()
    assert (letter().attempts, letter().failed, letter().done_at) == (1, "ConnectionRefusedError", None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due()
    assert mail.outbox == []
    Letter.objects.for_system("time passes").update(next_at=timezone.now())
    send_due()
    assert len(mail.outbox) == 1


def test_a_letter_nobody_takes_is_given_up_and_forgets_its_words(settings: Any) -> None:
    write()
    settings.EMAIL_BACKEND = "tests.notify.test_outbox.Refusing"
    for _ in range(MOST_ATTEMPTS):
        Letter.objects.for_system("time passes").update(next_at=timezone.now())
        send_due()
    assert letter().done_at is not None
    assert (letter().sealed_words, letter().sealed_address) == ("", "")
