from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.reading import ALL, read, sorted_out, written

from secondstory.evidence.importers.gitlab import GITLAB
from secondstory.evidence.importers.record import Choices, Kind, Reach, Refused

SHOP = {"id": 9, "path_with_namespace": "kestrel/shop", "web_url": "https://gitlab.example/kestrel/shop"}
ANA = {"id": 7, "name": "Ana Roe", "username": "ana"}
AT = "2026-03-04 14:02:11 UTC"
WHEN = datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC)


def hook(kind: str, attributes: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    told = {"object_kind": kind, "project": SHOP, "user": ANA, **fields}
    return told if attributes is None else {**told, "object_attributes": attributes}


def push(*commits: dict[str, Any], **fields: Any) -> dict[str, Any]:
    told = {
        "object_kind": "push",
        "event_name": "push",
        "before": "1" * 40,
        "after": "2" * 40,
        "ref": "refs/heads/main",
        "user_name": "Ana Roe",
        "user_username": "ana",
        "project_id": 9,
        "project": SHOP,
        "commits": list(commits),
        "total_commits_count": len(commits),
    }
    return told | fields


def commit(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:040x}",
        "message": f"Change {number}\n",
        "timestamp": f"2026-03-04T15:0{number}:00+01:00",
        "url": f"https://gitlab.example/kestrel/shop/-/commit/{number:040x}",
        "author": {"name": "Ana Roe", "email": "ana@kestrel.example"},
        "added": [],
        "modified": ["b.py"],
        "removed": ["c.py"],
    }


def test_a_push_is_one_record_and_each_commit_another(tmp_path: Path) -> None:
    path = written(tmp_path, "push.json", push(commit(1), commit(2)))
    (pushed, first, second), problems = read(path)
    assert problems == []
    assert (pushed.kind, pushed.author, pushed.place) == (Kind.CHANGE, "ana", "kestrel/shop")
    assert pushed.text == "Pushed 2 commits to main (11111111…22222222)"
    assert pushed.at == second.at == datetime(2026, 3, 4, 14, 2, tzinfo=UTC)
    assert (first.kind, first.files) == (Kind.COMMIT, ("b.py", "c.py"))
    assert second.original in path.read_bytes()


def test_commits_left_out_of_a_long_push_are_counted_in_its_text(tmp_path: Path) -> None:
    (pushed, _), _ = read(written(tmp_path, "push.json", push(commit(1), total_commits_count=40)))
    assert pushed.text.startswith("Pushed 40 commits, 1 of them listed to main")


def test_a_push_that_arrives_by_webhook_has_the_time_of_its_arrival() -> None:
    arrived = datetime(2026, 3, 4, 15, tzinfo=UTC)
    (pushed, made), _ = sorted_out(GITLAB.received(json.dumps(push(commit(1))).encode(), ALL, arrived))
    assert (pushed.at, made.at) == (arrived, datetime(2026, 3, 4, 14, 1, tzinfo=UTC))
    assert (pushed.seen_from, made.seen_from) == (None, arrived)


def test_a_deleted_branch_without_any_time_needs_a_day(tmp_path: Path) -> None:
    path = written(tmp_path, "push.json", push(after="0" * 40))
    (record,), _ = read(path, Choices(anchor=date(2026, 3, 4)))
    assert record.text == "Deleted branch main"
    with pytest.raises(Refused, match="no time in it, and no date was given"):
        read(path)


EVENTS: list[tuple[str, dict[str, Any], Kind, str]] = [
    (
        "issue",
        hook(
            "issue",
            {"iid": 11, "title": "Orders wait", "action": "open", "created_at": AT, "description": "Since noon."},
        ),
        Kind.ISSUE,
        "Issue #11 “Orders wait” opened\n\nSince noon.",
    ),
    (
        "closed issue",
        hook(
            "issue", {"iid": 11, "title": "Orders wait", "action": "close", "closed_at": AT, "updated_at": "2026-03-05"}
        ),
        Kind.ISSUE,
        "Issue #11 “Orders wait” closed",
    ),
    (
        "merge request",
        hook("merge_request", {"iid": 12, "title": "Raise the limit", "action": "merge", "updated_at": AT}),
        Kind.CHANGE,
        "Merge request #12 “Raise the limit” merged",
    ),
    (
        "note",
        hook(
            "note",
            {"note": "Rolling back.", "noteable_type": "Issue", "created_at": AT},
            issue={"iid": 11, "title": "Orders wait"},
        ),
        Kind.MESSAGE,
        "Comment on issue #11 “Orders wait”\n\nRolling back.",
    ),
    (
        "pipeline",
        hook(
            "pipeline",
            {
                "id": 31,
                "ref": "main",
                "sha": "2" * 40,
                "status": "failed",
                "created_at": "2026-03-04 13:00:00 UTC",
                "finished_at": AT,
                "duration": 63,
            },
            commit={"message": "Raise the limit\n\nmore", "timestamp": "2026-03-04T12:00:00Z"},
        ),
        Kind.PIPELINE,
        "Pipeline #31 on main (22222222): failed after 63 s\n\nRaise the limit",
    ),
    (
        "job",
        hook(
            "build",
            build_id=5,
            build_name="deploy",
            build_stage="deploy",
            build_status="failed",
            build_failure_reason="script_failure",
            build_started_at="2026-03-04 14:00:00 UTC",
            build_finished_at=AT,
            ref="main",
            sha="2" * 40,
        ),
        Kind.PIPELINE,
        "Job “deploy” (deploy) on main (22222222): failed\n\nscript failure",
    ),
    (
        "deployment",
        hook(
            "deployment",
            status="success",
            status_changed_at="2026-03-04 16:02:11 +0200",
            environment="production",
            short_sha="22222222",
            ref="main",
            commit_title="Raise the limit",
        ),
        Kind.DEPLOY,
        "Deployment of main (22222222) to production: success\n\nRaise the limit",
    ),
    (
        "release",
        hook("release", action="create", name="Two", tag="v2", released_at=AT, description="Bigger queue."),
        Kind.RELEASE,
        "Release “Two” (v2) created\n\nBigger queue.",
    ),
    (
        "system hook",
        {
            "event_name": "project_create",
            "name": "Shop",
            "owner_name": "Ana Roe",
            "path_with_namespace": "kestrel/shop",
            "project_id": 9,
            "updated_at": "2026-03-04T14:02:11Z",
        },
        Kind.CHANGE,
        "Project create: Shop",
    ),
]


@pytest.mark.parametrize(("payload", "kind", "text"), [one[1:] for one in EVENTS], ids=[one[0] for one in EVENTS])
def test_each_event_has_its_time_kind_and_words(tmp_path: Path, payload: dict[str, Any], kind: Kind, text: str) -> None:
    (record,), problems = read(written(tmp_path, "hook.json", payload))
    assert problems == []
    assert (record.at, record.kind, record.text) == (WHEN, kind, text)
    assert record.place == "kestrel/shop"


def test_a_confidential_issue_is_taken_only_when_named(tmp_path: Path) -> None:
    attributes = {"iid": 3, "title": "A leak", "action": "open", "created_at": AT, "confidential": True}
    path = written(tmp_path, "issue.json", hook("issue", attributes, event_type="confidential_issue"))
    records, _ = read(path)
    assert records == []
    (record,), _ = read(path, Choices(places=frozenset({"kestrel/shop · confidential"})))
    assert record.reach is Reach.PRIVATE


def test_a_confidential_issue_does_not_come_in_by_webhook_unasked() -> None:
    attributes = {"iid": 3, "title": "A leak", "action": "open", "created_at": AT, "confidential": True}
    raw = json.dumps(hook("issue", attributes, event_type="confidential_issue")).encode()
    records, problems = sorted_out(GITLAB.received(raw, ALL, WHEN))
    assert records == []
    assert "A leak" not in str(problems)


@pytest.mark.parametrize("payload", [{"object_kind": "thing"}, {"event_name": "user_signed_up"}, {"project": SHOP}])
def test_what_is_not_gitlabs_is_refused(tmp_path: Path, payload: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="not this product"):
        read(written(tmp_path, "hook.json", payload))


@pytest.mark.parametrize("name", ["user_add_to_team", "user_create"])
def test_the_text_of_an_account_event_names_no_person(tmp_path: Path, name: str) -> None:
    event = {"event_name": name, "created_at": AT, "updated_at": AT, "user_username": "ana", "name": "Ana"}
    event |= {"username": "ana", "project_name": "shop", "project_id": 1}
    (record,), _ = read(written(tmp_path, "hook.json", event))
    assert (record.author, record.text.endswith(": shop")) == ("ana", True)
    assert "ana" not in record.text.casefold()
