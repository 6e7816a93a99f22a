from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.reading import ALL, read, sorted_out, written

from secondstory.evidence.importers.github import GITHUB
from secondstory.evidence.importers.record import Choices, Kind, Refused

ANA = {
    "login": "ana-roe",
    "id": 7,
    "type": "User",
    "events_url": "https://api.github.com/users/ana-roe/events{/privacy}",
}
SHOP = {
    "id": 9,
    "full_name": "kestrel/shop",
    "html_url": "https://github.com/kestrel/shop",
    "archive_url": "https://api.github.com/repos/kestrel/shop/{archive_format}{/ref}",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2026-03-01T00:00:00Z",
    "pushed_at": "2026-03-04T14:00:05Z",
}
AT = "2026-03-04T14:02:11Z"
WHEN = datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC)
PULL = {"number": 12, "title": "Raise the limit", "html_url": "https://github.com/kestrel/shop/pull/12", "user": ANA}
ISSUE = {"number": 11, "title": "Orders wait", "html_url": "https://github.com/kestrel/shop/issues/11", "user": ANA}


def delivery(**fields: Any) -> dict[str, Any]:
    return {**fields, "repository": SHOP, "sender": ANA}


def commit(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:040x}",
        "message": f"Change {number}\n\nIt was due.",
        "timestamp": f"2026-03-04T15:0{number}:00+02:00",
        "url": f"https://github.com/kestrel/shop/commit/{number:040x}",
        "author": {"name": "Ana Roe", "email": "ana@kestrel.example", "username": "ana-roe"},
        "added": ["a.py"],
        "removed": [],
        "modified": ["b.py"],
    }


def push(*commits: dict[str, Any], **fields: Any) -> dict[str, Any]:
    told = {
        "ref": "refs/heads/main",
        "before": "1" * 40,
        "after": "2" * 40,
        "created": False,
        "deleted": False,
        "forced": False,
        "compare": "https://github.com/kestrel/shop/compare/1...2",
        "commits": list(commits),
        "head_commit": commits[-1] if commits else None,
        "pusher": {"name": "ana-roe"},
    }
    return delivery(**told | fields) | {"repository": {**SHOP, "pushed_at": int(WHEN.timestamp())}}


def test_a_push_is_one_record_and_each_commit_another(tmp_path: Path) -> None:
    path = written(tmp_path, "push.json", push(commit(1), commit(2)))
    (pushed, first, second), problems = read(path)
    assert problems == []
    assert (pushed.kind, pushed.at, pushed.author) == (Kind.CHANGE, WHEN, "ana-roe")
    assert pushed.text == "Pushed 2 commits to main (1111111…2222222)"
    assert pushed.link == "https://github.com/kestrel/shop/compare/1...2"
    assert (first.kind, first.text) == (Kind.COMMIT, "Change 1\n\nIt was due.")
    assert (first.files, first.service) == (("a.py", "b.py"), "kestrel/shop")
    assert (second.at, second.seen_from) == (datetime(2026, 3, 4, 13, 2, tzinfo=UTC), WHEN)
    assert pushed.seen_from is None
    assert json.loads(second.original) == commit(2)
    assert second.original in path.read_bytes()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"forced": True}, "Force-pushed 0 commits to main (1111111…2222222)"),
        ({"created": True, "before": "0" * 40, "ref": "refs/tags/v2"}, "Created tag v2 at 2222222"),
        ({"deleted": True, "after": "0" * 40, "ref": "refs/heads/fix"}, "Deleted branch fix"),
    ],
)
def test_pushes_without_commits_say_what_they_did(tmp_path: Path, fields: dict[str, Any], text: str) -> None:
    (record,), _ = read(written(tmp_path, "push.json", push(**fields)))
    assert record.text == text


EVENTS: list[tuple[str, dict[str, Any], Kind, str]] = [
    (
        "deployment",
        {
            "action": "created",
            "deployment": {
                "ref": "main",
                "sha": "2" * 40,
                "environment": "production",
                "created_at": AT,
                "creator": ANA,
            },
        },
        Kind.DEPLOY,
        "Deployment of main (2222222) to production asked for",
    ),
    (
        "deployment_status",
        {
            "action": "created",
            "deployment_status": {"state": "in_progress", "environment": "production", "created_at": AT},
            "deployment": {"ref": "main", "sha": "2" * 40, "environment": "production"},
        },
        Kind.DEPLOY,
        "Deployment of main (2222222) to production: in progress",
    ),
    (
        "release",
        {
            "action": "published",
            "release": {"tag_name": "v2", "name": None, "published_at": AT, "body": "Bigger queue."},
        },
        Kind.RELEASE,
        "Release “v2” published\n\nBigger queue.",
    ),
    (
        "workflow_run",
        {
            "action": "completed",
            "workflow": {"name": "deploy"},
            "workflow_run": {
                "name": "deploy",
                "head_branch": "main",
                "head_sha": "2" * 40,
                "conclusion": "failure",
                "created_at": "2026-03-04T13:00:00Z",
                "updated_at": AT,
            },
        },
        Kind.PIPELINE,
        "Workflow “deploy” on main (2222222): failure",
    ),
    (
        "check_run",
        {
            "action": "completed",
            "check_run": {
                "name": "tests",
                "head_sha": "2" * 40,
                "conclusion": "success",
                "completed_at": AT,
                "check_suite": {"head_branch": "main"},
            },
        },
        Kind.PIPELINE,
        "Check “tests” on main (2222222): success",
    ),
    (
        "issues",
        {"action": "opened", "issue": {**ISSUE, "created_at": AT, "body": "Since noon."}},
        Kind.ISSUE,
        "Issue #11 “Orders wait” opened\n\nSince noon.",
    ),
    (
        "issues",
        {"action": "labeled", "issue": {**ISSUE, "updated_at": AT}, "label": {"name": "urgent"}},
        Kind.ISSUE,
        "Issue #11 “Orders wait” labeled: urgent",
    ),
    (
        "issue_comment",
        {"action": "created", "issue": ISSUE, "comment": {"body": "Rolling back.", "created_at": AT, "user": ANA}},
        Kind.MESSAGE,
        "Comment created on issue #11 “Orders wait”\n\nRolling back.",
    ),
    (
        "pull_request",
        {"action": "closed", "number": 12, "pull_request": {**PULL, "merged": True, "merged_at": AT, "closed_at": AT}},
        Kind.CHANGE,
        "Pull request #12 “Raise the limit” merged",
    ),
    (
        "pull_request_review",
        {
            "action": "submitted",
            "review": {"state": "changes_requested", "submitted_at": AT, "body": "Too high?", "user": ANA},
            "pull_request": PULL,
        },
        Kind.MESSAGE,
        "Review submitted (changes requested) on pull request #12 “Raise the limit”\n\nToo high?",
    ),
    (
        "status",
        {"sha": "2" * 40, "state": "failure", "context": "ci/build", "description": "2 failed", "created_at": AT},
        Kind.PIPELINE,
        "Status ci/build on 2222222: failure\n\n2 failed",
    ),
    ("star", {"action": "created", "starred_at": AT}, Kind.CHANGE, "Star given"),
]


@pytest.mark.parametrize(("event", "fields", "kind", "text"), EVENTS, ids=[f"{one[0]}-{one[2]}" for one in EVENTS])
def test_each_event_is_known_by_its_shape(
    tmp_path: Path, event: str, fields: dict[str, Any], kind: Kind, text: str
) -> None:
    payload = delivery(**fields)
    (record,), problems = read(written(tmp_path, f"{event}.json", payload))
    assert problems == []
    assert (record.at, record.kind, record.text) == (WHEN, kind, text)
    assert (record.place, record.author) == ("kestrel/shop", "ana-roe")
    assert json.loads(record.original) == payload


@pytest.mark.parametrize(
    ("fields", "text"), [({"master_branch": "main"}, "Created branch fix"), ({}, "Deleted branch fix")]
)
def test_created_and_deleted_branches_have_the_time_of_the_push(
    tmp_path: Path, fields: dict[str, Any], text: str
) -> None:
    payload = delivery(ref="fix", ref_type="branch", pusher_type="user", **fields)
    (record,), _ = read(written(tmp_path, "ref.json", payload))
    assert (record.text, record.at) == (text, datetime(2026, 3, 4, 14, 0, 5, tzinfo=UTC))


LABEL = delivery(action="created", label={"name": "urgent"})


def test_without_a_time_the_day_named_is_taken_and_said(tmp_path: Path) -> None:
    (record,), (problem,) = read(written(tmp_path, "label.json", LABEL), Choices(anchor=date(2026, 3, 4)))
    assert record.at == datetime(2026, 3, 4, tzinfo=UTC)
    assert "told no time" in problem.what


def test_without_a_time_and_a_day_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no time in it, and no date was given"):
        read(written(tmp_path, "label.json", LABEL))


def test_one_delivery_without_a_time_does_not_stop_the_rest(tmp_path: Path) -> None:
    records, problems = read(written(tmp_path, "many.json", [LABEL, push(commit(1)), LABEL]))
    assert [record.kind for record in records] == [Kind.CHANGE, Kind.COMMIT]
    assert [problem.where for problem in problems] == ["many.json item 1", "many.json item 3"]


def test_a_webhook_names_its_event_and_its_arrival_stands_in_for_the_time() -> None:
    arrived = datetime(2026, 3, 4, 15, tzinfo=UTC)
    (record,), problems = sorted_out(GITHUB.received(json.dumps(LABEL).encode(), ALL, arrived, "label"))
    assert (record.at, problems) == (arrived, [])


def test_the_delivery_log_is_read_with_its_event_and_time(tmp_path: Path) -> None:
    entry = {"event": "label", "delivered_at": AT, "request": {"headers": {}, "payload": LABEL}, "response": {}}
    (record,), _ = read(written(tmp_path, "log.json", [entry]))
    assert record.at == WHEN


def test_a_payload_longer_than_the_head_is_still_known(tmp_path: Path) -> None:
    payload = delivery(action="opened", number=12, pull_request={**PULL, "created_at": AT, "body": "x" * 100_000})
    (record,), _ = read(written(tmp_path, "pull.json", payload))
    assert len(record.text) > 100_000


def test_a_cut_off_payload_is_refused_as_damaged(tmp_path: Path) -> None:
    whole = json.dumps(push(commit(1), commit(2)))
    with pytest.raises(Refused, match="cut off"):
        read(written(tmp_path, "push.json", "[" + whole[: whole.index('"pusher"')]))


def test_a_field_of_the_wrong_sort_is_a_problem(tmp_path: Path) -> None:
    odd = delivery(pages=7)
    records, problems = read(written(tmp_path, "odd.json", [odd, push()]))
    assert len(records) == 1
    assert ["its fields are not what GitHub sends" in problem.what for problem in problems] == [True]


def test_a_look_alike_is_not_taken(tmp_path: Path) -> None:
    other = {"ref": "refs/heads/main", "repository": {"full_name": "kestrel/shop"}, "actor": {"nickname": "ana"}}
    with pytest.raises(Refused, match="not this product"):
        read(written(tmp_path, "other.json", other))
