from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from secondstory.evidence.importers.edits import SOME_TIME, last_edit

EDIT = datetime(2026, 3, 9, 14, 9, tzinfo=UTC)
SECONDS = EDIT.timestamp()


@pytest.mark.parametrize(
    ("format_", "original", "edit"),
    [
        ("slack", {"text": "x"}, None),
        ("slack", {"text": "x", "edited": {"user": "U", "ts": f"{SECONDS}"}}, EDIT),
        ("slack", {"text": "x", "edited": {"user": "U"}}, SOME_TIME),
        ("slack", {"text": "x", "edited": {"ts": "soon"}}, SOME_TIME),
        ("slack", {"text": 'they said "edited": {}'}, None),
        # The record of the edit came with the edit: nothing was worded otherwise in it.
        ("slack", {"subtype": "message_changed", "message": {"edited": {"ts": f"{SECONDS}"}}}, None),
        ("mattermost", {"type": "post", "post": {"message": "x", "edit_at": 0}}, None),
        ("mattermost", {"type": "post", "post": {"message": "x", "edit_at": int(SECONDS * 1000)}}, EDIT),
        ("mattermost", {"message": "a reply", "edit_at": int(SECONDS * 1000)}, EDIT),
        ("mattermost", {"type": "post", "post": {"edit_at": 0, "replies": [{"edit_at": 5}]}}, None),
        ("github", {"edited": True}, None),
    ],
)
def test_the_last_edit_is_read_from_what_the_export_says(
    format_: str, original: dict[str, object], edit: datetime | None
) -> None:
    assert last_edit(format_, json.dumps(original)) == edit


def test_what_can_no_longer_be_read_but_speaks_of_an_edit_counts_as_edited_at_some_time() -> None:
    assert last_edit("slack", '{"text": "cut off, "edited": {"ts"') == SOME_TIME
    assert last_edit("slack", '{"text": "cut off') is None


@pytest.mark.parametrize(
    ("pasted", "edit"),
    [
        ("Ana  14:05\nit is slow", None),
        ("Ana  14:05\nit is slow (edited)", SOME_TIME),
        ("Ana\n14:05\nEdited\nit is slow", SOME_TIME),
        ("Ana  14:05\nI edited (edited) the file", None),
    ],
)
def test_a_pasted_message_says_that_it_was_edited_and_not_when(pasted: str, edit: datetime | None) -> None:
    assert last_edit("pasted", pasted) == edit
