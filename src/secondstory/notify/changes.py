"""Putting letters into the outbox, and sending them."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from secondstory.notify.models import Letter, LetterRows
from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.sealing.seal import opened, sealed

MOST_ATTEMPTS = 8
WITHOUT_KEY_WAIT = timedelta(minutes=10)
BATCH = 20


def write_letter(*, once: str, address: str, subject: str, words: str) -> None:
    """Puts a letter into the outbox, exactly once per `once` (the recipient and the event).

    Subject and words must say no more than that a review needs somebody, a time and a link (rule 8).
    """
    letter = Letter(once=once)
    letter.sealed_address = sealed(address, _place(letter, "address"))
    letter.sealed_subject = sealed(subject, _place(letter, "subject"))
    letter.sealed_words = sealed(words, _place(letter, "words"))
    with transaction.atomic():
        if not Letter.objects.for_system("exactly once").filter(once=once).exists():
            letter.save(force_insert=True)


def _place(letter: Letter, part: str) -> str:
    return f"letter:{letter.pk}:{part}"


def sealed_here() -> list[Sealed]:
    """The letters that wait, for changing and checking keys."""

    def rows() -> LetterRows:
        return Letter.objects.for_system("keys are being changed or checked")

    def column(part: str) -> Sealed:
        name = f"sealed_{part}"
        return Sealed(f"letters: {part}", rows, name, sealed_to(name, lambda letter: _place(letter, part)))

    return [column(part) for part in ("address", "subject", "words")]


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
    except KeyMissing:
        # Not the mail server's fault and not for ever: the letter keeps its words until the key is back.
        _put_back(letter)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the letter stays for the next attempt
        _note_failure(letter, type(error).__name__)
    else:
        _note_sent(letter)


def _message(letter: Letter) -> EmailMessage:
    return EmailMessage(
        opened(letter.sealed_subject, _place(letter, "subject")),
        opened(letter.sealed_words, _place(letter, "words")),
        to=[str(opened(letter.sealed_address, _place(letter, "address")))],
    )


def _put_back(letter: Letter) -> None:
    again = timezone.now() + WITHOUT_KEY_WAIT
    Letter.objects.for_system("its key is not here").filter(pk=letter.pk).update(
        attempts=letter.attempts, next_at=again, failed="KeyMissing"
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
