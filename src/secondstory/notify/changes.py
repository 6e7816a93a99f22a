"""Putting letters into the outbox, and sending them."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from secondstory.notify.models import Letter
from secondstory.sealing.seal import opened, sealed

MOST_ATTEMPTS = 8
BATCH = 20


def write_letter(*, once: str, address: str, subject: str, words: str) -> None:
    """Puts a letter into the outbox, exactly once per `once` (the recipient and the event).

    Subject and words must say no more than that a review needs somebody, a time and a link (rule 8).
    """
    letter = Letter(once=once)
    letter.sealed_address = sealed(address, f"letter:{letter.pk}:address")
    letter.sealed_subject = sealed(subject, f"letter:{letter.pk}:subject")
    letter.sealed_words = sealed(words, f"letter:{letter.pk}:words")
    with transaction.atomic():
        if not Letter.objects.for_system("exactly once").filter(once=once).exists():
            letter.save(force_insert=True)


def send_due() -> bool:
    """Sends what is due. Each letter is claimed before it is sent and its words go as soon as it is."""
    due = list(Letter.objects.for_system("sending the outbox").due()[:BATCH])
    for letter in due:
        _claim_and_send(letter)
    return len(due) == BATCH


def _claim_and_send(letter: Letter) -> None:
    later = timezone.now() + timedelta(minutes=2**letter.attempts)
    claimed = (
        Letter.objects.for_system("claiming a letter")
        .filter(pk=letter.pk, attempts=letter.attempts, done_at=None)
        .update(attempts=letter.attempts + 1, next_at=later)
    )
    if not claimed:
        return
    try:
        _message(letter).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the letter stays for the next attempt
        _note_failure(letter, type(error).__name__)
    else:
        _note_sent(letter)


def _message(letter: Letter) -> EmailMessage:
    return EmailMessage(
        opened(letter.sealed_subject, f"letter:{letter.pk}:subject"),
        opened(letter.sealed_words, f"letter:{letter.pk}:words"),
        to=[str(opened(letter.sealed_address, f"letter:{letter.pk}:address"))],
    )


def _note_failure(letter: Letter, kind: str) -> None:
    fields: dict[str, object] = {"failed": kind}
    if letter.attempts + 1 >= MOST_ATTEMPTS:
        fields |= {"done_at": timezone.now(), "sealed_words": "", "sealed_subject": "", "sealed_address": ""}
    Letter.objects.for_system("noting a failed sending").filter(pk=letter.pk).update(**fields)


def _note_sent(letter: Letter) -> None:
    Letter.objects.for_system("noting a sending").filter(pk=letter.pk).update(
        done_at=timezone.now(), failed="", sealed_words="", sealed_subject="", sealed_address=""
    )
