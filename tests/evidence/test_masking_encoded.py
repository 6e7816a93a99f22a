"""A secret that a source encodes, folds, escapes or cuts is stored in clear nowhere. All material is made up."""

from __future__ import annotations

import base64
import json
import quopri
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.making import message, slack_zip
from tests.evidence.reading import read, written
from tests.evidence.test_ics import MEETING, calendar

from secondstory.evidence.importers.masking import LEFT_OUT, _mask_text, _suspicious, mask, mask_payload
from secondstory.evidence.importers.record import Record
from secondstory.evidence.importing import row_of

TOKEN = "glpat-" + "x4Yz-q8_wVu2tSr1pQo9"
SAID = f"for tonight the token is {TOKEN} and the password: bell&tram-42"


def mail(body: bytes, encoding: str, subtype: str = "plain") -> bytes:
    head = (
        f"From: ana@lantern.example\nTo: bo@lantern.example\nSubject: tonight\nList-Id: <ops.lantern.example>\nMIME-Version: 1.0\n\
Message-ID: <1@lantern.example>\nDate: Mon, 09 Mar 2026 14:05:00 +0000\n\
Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + body


def only_record(path: Path) -> Record:
    (record,) = read(path)[0]
    return record


CUT_SHORT = quopri.encodestring(SAID.encode()).replace(b"q8_wVu2", b"q8_=\nwVu2")


@pytest.mark.parametrize(
    "letter",
    [
        mail(base64.encodebytes(SAID.encode()), "base64"),
        mail(CUT_SHORT, "quoted-printable"),
        mail(SAID.replace("&", "&amp;").replace("glpat-", "glpat&#45;").encode(), "7bit", "html"),
        mail(b"nothing yet\n" * 20_000 + SAID.encode(), "7bit"),
    ],
    ids=["base64", "quoted-printable", "HTML", "beyond what is kept"],
)
def test_a_secret_in_a_mail_is_stored_in_clear_nowhere(tmp_path: Path, letter: bytes) -> None:
    record = only_record(written(tmp_path, "one.eml", letter))
    assert TOKEN in record.text
    row = row_of(record, "mail")
    assert "[masked: GitLab token]" in row.text
    assert (row.payload, row.masked.split(", ")[0]) == ("", LEFT_OUT)


def test_a_secret_in_a_folded_calendar_line_is_stored_in_clear_nowhere(tmp_path: Path) -> None:
    half = len(TOKEN) // 2
    event = f"{MEETING}\nDESCRIPTION:log in with {TOKEN[:half]}\n {TOKEN[half:]}"
    row = row_of(only_record(written(tmp_path, "c.ics", calendar(event))), "ics")
    assert "[masked: GitLab token]" in row.text
    assert row.payload == ""


def test_a_secret_that_chat_escapes_is_stored_in_clear_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(slack_zip([message(1, "U1", "password: bell&amp;tram-42")]))
    row = row_of(only_record(path), "slack")
    assert row.text == "password: [masked: password]"
    assert "tram" not in row.payload


def test_what_is_masked_in_the_original_itself_is_kept(tmp_path: Path) -> None:
    row = row_of(only_record(written(tmp_path, "one.eml", mail(SAID.encode(), "7bit"))), "mail")
    assert "[masked: GitLab token]" in row.payload
    assert LEFT_OUT not in row.masked


HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
BASIC = "dXNlcjpub3RoaW5nLXRvLXNlZS1oZXJl" + "=="


@pytest.mark.parametrize("name", ["API_KEY", "AUTH_TOKEN", "DB_PWD", "DB_PASSWORD_PROD", "PGPASSWORD"])
def test_a_value_beside_its_name_is_masked(name: str) -> None:
    masked, sorts = mask_payload(json.dumps({"name": name, "value": HEX}).encode())
    assert HEX.encode() not in masked
    assert len(sorts) == 1


@pytest.mark.parametrize("key", ["passwordProd", "DB_PASSWORD_PROD", "pwd2", "passphrase-of-the-vault"])
def test_a_password_whose_key_says_what_it_is_for_is_masked(key: str) -> None:
    masked, _sorts = mask_payload(json.dumps({key: "hunter2"}).encode())
    assert json.loads(masked) == {key: "[masked: password]"}
    assert mask(f"{key}=hunter2 ./run") == (f"{key}=[masked: password] ./run", ("password",))


def test_a_basic_sign_in_is_masked_without_its_header() -> None:
    assert mask(f"sent Basic {BASIC} upstream") == ("sent Basic [masked: authorization] upstream", ("authorization",))


# Pieces that secrets are made of, so that they come together often.
_PIECES = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "pass",
    "DB_PASSWORD_PROD",
    "passwordProd",
    "--db-password",
    "secret",
    "token",
    "credentials",
    "api_key",
    "access-key",
    "AccountKey",
    "service",
    "key",
    "bearer",
    "Basic",
    "authorization:",
    "apikey",
    "github_pat_",
    "ghp_",
    "glpat-",
    "glc_",
    "glsa_",
    "sk_live_",
    "rk_test_",
    "whsec_",
    "xoxb-",
    "xapp-1-",
    "hf_",
    "npm_",
    "SG.",
    "hvs.",
    "dckr_pat_",
    "dop_v1_",
    "shpat_",
    "ATATT3",
    "AIza",
    "ya29.",
    "GOCSPX-",
    "eyJ",
    "AKIA",
    "AGE-SECRET-KEY-1",
    "hooks.slack.com/services/",
    "discord.com/api/webhooks/1/",
    "webhook.office.com/",
    "?sig=",
    "&X-Amz-Signature=",
    "://ana:",
    "@db",
    "_",
    "-",
    ".",
    "/",
    "is",
    "was",
    "to",
    ":",
    "=",
    ":=",
    "=>",
    "==",
    "\"'",
]
_PIECE = st.one_of(
    st.sampled_from([*_PIECES, " ", "\t", "\n", '"', "\\", "-----BEGIN " + "PRIVATE KEY-----"]),
    st.from_regex(re.compile(r"[A-Za-z0-9_]{1,6}|[A-Z2-7]{16}|[a-f0-9]{32}|[A-Za-z0-9+/_-]{8,40}"), fullmatch=True),
)


@given(st.lists(_PIECE, max_size=14).map("".join))
def test_whatever_a_rule_finds_is_suspicious_at_first_sight(text: str) -> None:
    found = _mask_text(text)[1]
    assert not found or _suspicious(text)
