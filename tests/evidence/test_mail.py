from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.evidence.reading import ALL, importer_of, read, written

from secondstory.evidence.importers.mail import MAIL
from secondstory.evidence.importers.record import Choices, Kind, Reach, Refused

PRIVATE = Choices(places=frozenset({"E-mail"}))


def letter(subject: str = "Orders wait", body: str = "Since noon.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    told = {
        "From": "Ana Roe <ana@kestrel.example>",
        "To": "on-call@kestrel.example",
        "Subject": subject,
        "Date": "Wed, 04 Mar 2026 15:02:11 +0100",
        "Message-ID": f"<{abs(hash(subject))}@kestrel.example>",
    }
    for name, value in (told | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    message.set_content(body)
    return message


def mailbox(*messages: EmailMessage) -> bytes:
    begun = b"From ana@kestrel.example Wed Mar  4 14:02:11 2026\n"
    return b"".join(begun + bytes(message).replace(b"\nFrom ", b"\n>From ") + b"\n" for message in messages)


def test_a_letter_is_a_private_record(tmp_path: Path) -> None:
    path = written(tmp_path, "it.eml", bytes(letter()))
    assert importer_of(path).name == "mail"
    (record,), problems = read(path, PRIVATE)
    assert problems == []
    assert (record.at, record.kind) == (datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC), Kind.MESSAGE)
    assert (record.author, record.text) == ("Ana Roe", "Orders wait\n\nSince noon.")
    assert (record.reach, record.original) == (Reach.PRIVATE, path.read_bytes())


def test_private_mail_is_taken_only_when_named_and_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "it.eml", bytes(letter()))
    records, (problem,) = read(path)
    assert records == []
    assert "private" in problem.what
    assert [place.name for place in MAIL.places(path, ALL)] == ["E-mail"]


def test_mail_to_a_list_stands_under_the_list(tmp_path: Path) -> None:
    listed = letter(List_Id="Incidents <incidents.kestrel.example>")
    (record,), _ = read(written(tmp_path, "it.eml", bytes(listed)))
    assert (record.place, record.reach) == ("incidents.kestrel.example", Reach.PUBLIC)


def test_a_mailbox_gives_every_message_and_its_own_words_back(tmp_path: Path) -> None:
    messages = [
        letter("One", "From here on\n\nFrom there"),
        letter("Two"),
        letter("Three", References="<root@kestrel.example>"),
    ]
    records, problems = read(written(tmp_path, "box.mbox", mailbox(*messages)), PRIVATE)
    assert problems == []
    assert [record.text.partition("\n")[0] for record in records] == ["One", "Two", "Three"]
    assert records[0].text == "One\n\nFrom here on\n\nFrom there"
    assert records[2].thread == "root@kestrel.example"


def test_a_page_is_read_without_its_markup_and_script(tmp_path: Path) -> None:
    message = letter()
    message.set_content(
        "<style>p{}</style><p>Since <b>noon</b></p><script>steal()</script><p>or so</p>", subtype="html"
    )
    (record,), _ = read(written(tmp_path, "it.eml", bytes(message)), PRIVATE)
    assert record.text == "Orders wait\n\nSince noon\nor so"


def test_attachments_are_named_not_kept(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"\x00" * 900_000, maintype="image", subtype="png", filename="graph.png")
    (record,), _ = read(written(tmp_path, "it.eml", bytes(message)), PRIVATE)
    assert record.files == ("graph.png",)
    assert len(record.original) == 200_000


def test_what_goes_wrong_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    odd = letter("Old", Date="Thu, 01 Jan 1970 00:00:00 +0000")
    undated = letter("Undated", Date="")
    records, problems = read(written(tmp_path, "box.mbox", mailbox(odd, undated, letter("Good"))), PRIVATE)
    assert [record.text.partition("\n")[0] for record in records] == ["Good"]
    assert ["1970" in problem.what for problem in problems] == [True, False]


def test_without_any_date_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no date was given"):
        read(written(tmp_path, "it.eml", bytes(letter(Date="", Message_ID="<x@y>"))), PRIVATE)


@pytest.mark.parametrize(
    "content", ["From here it went down.\nTo: whom it may concern\n", "Note: hello\nDate: today\n"]
)
def test_prose_that_looks_like_headers_is_not_mail(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refused):
        importer_of(written(tmp_path, "it.txt", content))
