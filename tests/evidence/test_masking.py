"""Secrets are masked, ordinary identifiers are not, JSON stays JSON. All material is made up."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from secondstory.evidence.importers.masking import mask, mask_payload, mask_record
from secondstory.evidence.importers.record import Kind, Record

# Put together at run time, so that no scanner takes this file for a leak.
RANDOM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
AWS = "AKIA" + "Q3EGRIE2LTX4PZ7N"
GITHUB = "ghp_" + RANDOM
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiJpbnZlbnRlZCJ9" + "." + RANDOM

SECRETS = {
    "an AWS key": (f"key {AWS} leaked", AWS),
    "an AWS secret": ("aws_secret_access_key = " + "wJalrX/tnFEMI" + "K7MDENGbPxRf", "MDENG"),
    "a GitHub token": (f"use {GITHUB} please", RANDOM),
    "a fine grained GitHub token": ("github_pat_" + RANDOM, RANDOM),
    "a GitLab token": ("glpat-" + "x4Yz-q8_wVu2tSr1pQo9", "q8_wVu2"),
    "a Slack token": ("xoxb-" + "123456789012-" + RANDOM, RANDOM),
    "a Slack webhook": ("https://hooks.slack.com/services/" + "T0AAA/B0BBB/" + RANDOM, RANDOM),
    "a Stripe key": ("sk_live_" + RANDOM, RANDOM),
    "a Google key": ("AIza" + "SyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v", "fG4hI5"),
    "a JSON web token": (f"cookie {JWT};", "zdWIi"),
    "a bearer header": (f"Authorization: Bearer {HEX}", HEX),
    "a basic header": ("authorization: Basic " + "YW5hOm5vdGhpbmcgdG8gc2VlIGhlcmU=", "YW5hO"),
    "a private key": ("-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    "a private key cut off": ("-----BEGIN " + "PRIVATE KEY-----\nMIIEow", "MIIEow"),
    "a password after =": ("password=hunter2 was in the log", "hunter2"),
    "a password after :": ("the password: hunter2", "hunter2"),
    "a password said": ("password is Tr0ub4dor&3 for now", "Tr0ub4dor&3"),
    "a short pass": ("pass: hunter22", "hunter22"),
    "a password on a command line": ("psqlx --password hunter2 -h db", "hunter2"),
    "a password in an environment": ("DB_PASSWORD=letmein ./run", "letmein"),
    "a password in an address": ("postgres://app:s3cret@db:5432/orders", "s3cret"),
    "a password in a connection string": ("Server=db;Password=letmein;Timeout=3", "letmein"),
    "a token in a query": (f"https://example.org/x?access_token={HEX}&page=2", HEX),
    "a signed link": ("https://example.org/f?X-Amz-Signature=" + HEX, HEX),
    "a secret in quotes": (f"api_key: '{HEX}'", HEX),
    "a client secret": (f"client-secret: {RANDOM}", RANDOM),
}
ORDINARY = [
    f"deployed {HEX}",
    "message 54ee98bd-56ea-4210-b3e8-8351d759d3ab was lost",
    "container 3f4e8b1c2d9a0f17 restarted, image sha256:" + HEX + HEX[:24],
    "the password: please ask bo",
    "password: ********",
    "put the user_pass to app.conf and restart",
    "the password is wrong. Again.",
    "password=${DB_PASSWORD} comes from the vault",
    "password=[masked: password]",
    "password reset: https://example.org/reset",
    "the token: expired",
    "token bucket is empty, tokens_used: 5120",
    "secret: db-credentials-2 is mounted",
    "cache key: orders-page-17",
    "basic understanding of things",
    "http://localhost:8080/a@b",
    "ask ana@example.org, see https://example.org/tasks-and-risks",
    "disk-pressure-on-a-very-long-node-name-in-zone-b",
    "https://example.org/archives/C01FBFSDLUA/p1636992374000200",
    "all checks passed: 12 of 12",
    "<script>alert('x')</script> & <b>bold</b>",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_masked_and_named(text: str, secret: str) -> None:
    masked, names = mask(text)
    assert secret not in masked
    assert names
    assert f"[masked: {names[0]}]" in masked
    assert mask(masked)[0] == masked


def test_a_log_line_that_is_one_line_of_a_key_is_masked() -> None:
    line = "MIIEowIBAAKCAQEA7bq0dZ3uZy1xWvUtSrQp" + "OnMlKjIhGfEdCbA9876543210+/x"
    assert mask(line) == ("[masked: key material]", ("key material",))


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert mask(text) == (text, ())


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_inside_json_is_masked_and_the_json_stays_valid(text: str, secret: str) -> None:
    for dump in (
        json.dumps,
        lambda value: json.dumps(value).replace("/", "\\/"),
        lambda value: json.dumps(value, indent=2),
    ):
        masked, names = mask_payload(dump({"ts": 1.5, "nested": [{"text": text}]}).encode())
        assert names
        kept = json.loads(masked)
        assert kept["ts"] == 1.5
        assert secret not in kept["nested"][0]["text"]


@pytest.mark.parametrize("text", ORDINARY)
def test_json_without_a_secret_keeps_every_byte(text: str) -> None:
    payload = json.dumps({"text": text, "id": HEX}, indent=4).encode()
    assert mask_payload(payload) == (payload, ())


def test_a_value_is_masked_by_the_name_it_has_in_json() -> None:
    payload = {"user": "ana", "dbPassword": "letmein", "env": [{"name": "API_TOKEN", "value": HEX}], "n": None}
    masked, names = mask_payload(json.dumps(payload).encode())
    assert json.loads(masked) == {
        "user": "ana",
        "dbPassword": "[masked: password]",
        "env": [{"name": "API_TOKEN", "value": "[masked: secret]"}],
        "n": None,
    }
    assert names == ("password", "secret")


def test_a_secret_written_in_escapes_is_found() -> None:
    masked, names = mask_payload(b'{"text":"\\u0070assword=hunter2"}')
    assert json.loads(masked) == {"text": "password=[masked: password]"}
    assert names == ("password",)


def test_a_secret_among_bytes_that_are_no_text_is_found() -> None:
    assert mask_payload(b"caf\xe9 password=hunter2 \xff") == (
        b"caf\xe9 password=[masked: password] \xff",
        ("password",),
    )


def test_a_record_is_masked_in_text_and_original() -> None:
    original = json.dumps({"text": f"token={HEX}"}).encode()
    record = Record(datetime(2031, 5, 6, tzinfo=UTC), "ana", f"token={HEX}", "general", Kind.MESSAGE, original)
    text, payload, names = mask_record(record)
    assert HEX not in text
    assert HEX.encode() not in payload
    assert names == ("secret",)


def test_a_megabyte_of_text_is_masked_in_no_time_worth_noting() -> None:
    text = "eyJ" * 100_000 + " gl-" * 100_000 + "://" * 100_000 + " password=hunter2"
    assert mask(text)[1] == ("password",)
