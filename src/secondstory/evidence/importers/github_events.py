"""What each GitHub event is about: recognised by shape when no header names it, its kind, times, words and link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from secondstory.evidence.importers.deliveries import Payload, part, said, titled
from secondstory.evidence.importers.record import Kind

# Which of the subject's times is the event's, by action; the rest change the subject and so its `updated_at`.
_TIME_OF_ACTION: dict[str, tuple[str, ...]] = {
    "deleted": (),
    "transferred": (),
    "dismiss": ("dismissed_at",),
    "opened": ("created_at",),
    "created": ("created_at", "started_at"),
    "submitted": ("submitted_at",),
    "closed": ("merged_at", "closed_at"),
    "completed": ("completed_at", "updated_at"),
    "in_progress": ("started_at", "run_started_at"),
    "published": ("published_at",),
    "released": ("published_at",),
    "prereleased": ("published_at",),
    "fixed": ("fixed_at",),
    "requested": ("created_at",),
    "queued": ("created_at",),
}
_NEAR = ("timestamp", "updated_at", "completed_at", "submitted_at", "published_at", "created_at", "pushed_at")


def _titled_subject(noun: str) -> Callable[[Payload, Payload], str]:
    def text(payload: Payload, subject: Payload) -> str:
        action = _action(payload)
        body = subject.get("body") if action in {"opened", "edited", "created", "published", "released"} else ""
        return titled(f"{noun} {_label(subject)} {_with_detail(action, payload)}".strip(), body)

    return text


def _label(subject: Payload) -> str:
    number = said(subject.get("number"))
    title = said(subject.get("title") or subject.get("name") or subject.get("tag_name") or subject.get("summary"))
    return f"#{number} “{title}”" if number else f"“{title}”" if title else ""


def _action(payload: Payload) -> str:
    if payload.get("action") == "closed" and part(payload, "pull_request").get("merged"):
        return "merged"
    return said(payload.get("action")).replace("_", " ")


def _with_detail(action: str, payload: Payload) -> str:
    """The action with the label, assignee, reviewer or milestone it is about."""
    reviewer = part(payload, "requested_reviewer") or part(payload, "requested_team")
    details = {
        "labeled": part(payload, "label").get("name"),
        "unlabeled": part(payload, "label").get("name"),
        "assigned": part(payload, "assignee").get("login"),
        "unassigned": part(payload, "assignee").get("login"),
        "milestoned": part(payload, "milestone").get("title"),
        "demilestoned": part(payload, "milestone").get("title"),
        "review requested": reviewer.get("login") or reviewer.get("name"),
        "review request removed": reviewer.get("login") or reviewer.get("name"),
    }
    detail = said(details.get(action))
    return f"{action}: {detail}" if detail else action


def _comment(payload: Payload, subject: Payload) -> str:
    about = part(payload, "issue") or part(payload, "pull_request") or part(payload, "discussion")
    noun = "pull request" if "pull_request" in about or "pull_request" in payload else "issue"
    if "discussion" in payload:
        noun = "discussion"
    where = f"{noun} {_label(about)}" if about else f"commit {said(subject.get('commit_id'))[:7]}"
    return titled(f"Comment {_action(payload)} on {where}", subject.get("body"))


def _review(payload: Payload, subject: Payload) -> str:
    state = said(subject.get("state")).replace("_", " ")
    return titled(
        f"Review {_action(payload)} ({state}) on pull request {_label(part(payload, 'pull_request'))}",
        subject.get("body"),
    )


def _deployment(_payload: Payload, subject: Payload) -> str:
    ref, sha = said(subject.get("ref")), said(subject.get("sha"))[:7]
    what = ref if ref.startswith(sha) and sha else f"{ref} ({sha})"
    return titled(f"Deployment of {what} to {said(subject.get('environment'))} asked for", subject.get("description"))


def _deployment_status(payload: Payload, subject: Payload) -> str:
    deployment = part(payload, "deployment")
    environment = said(subject.get("environment") or deployment.get("environment"))
    what = f"{said(deployment.get('ref'))} ({said(deployment.get('sha'))[:7]})"
    return titled(
        f"Deployment of {what} to {environment}: {said(subject.get('state')).replace('_', ' ')}",
        subject.get("description"),
    )


def _deployment_review(payload: Payload, subject: Payload) -> str:
    return f"Deployment to {said(payload.get('environment'))} {_action(payload)}: {said(subject.get('name'))}"


def _run(noun: str) -> Callable[[Payload, Payload], str]:
    def text(payload: Payload, subject: Payload) -> str:
        name = said(subject.get("name")) or said(part(subject, "app").get("name"))
        branch = said(subject.get("head_branch") or part(subject, "check_suite").get("head_branch"))
        outcome = said(subject.get("conclusion") or subject.get("status") or payload.get("action")).replace("_", " ")
        of = " ".join(
            filter(None, (branch, f"({said(subject.get('head_sha'))[:7]})" if subject.get("head_sha") else ""))
        )
        output = part(subject, "output")
        return titled(f"{noun} “{name}” on {of}: {outcome}", output.get("summary") or output.get("title"))

    return text


def _status(payload: Payload, _subject: Payload) -> str:
    told = f"{said(payload.get('context'))} on {said(payload.get('sha'))[:7]}: {said(payload.get('state'))}"
    return titled(f"Status {told}", payload.get("description"))


def _ref(payload: Payload, _subject: Payload) -> str:
    done = "Created" if "master_branch" in payload else "Deleted"
    return f"{done} {said(payload.get('ref_type'))} {said(payload.get('ref'))}".rstrip()


def _page_build(_payload: Payload, subject: Payload) -> str:
    return titled(f"Pages build: {said(subject.get('status'))}", part(subject, "error").get("message"))


def _alert(noun: str) -> Callable[[Payload, Payload], str]:
    def text(payload: Payload, subject: Payload) -> str:
        rule = part(subject, "rule") or part(subject, "security_advisory")
        about = said(rule.get("description") or rule.get("summary") or subject.get("secret_type"))
        about = about or said(subject.get("summary") or subject.get("affected_package_name"))
        return titled(f"{noun} {_action(payload)}: {about}", subject.get("description"))

    return text


def _dispatch(payload: Payload, _subject: Payload) -> str:
    what = said(payload.get("workflow")) or said(payload.get("action"))
    return f"Started by hand: {what} on {said(payload.get('ref') or payload.get('branch'))}"


def _wiki(payload: Payload, _subject: Payload) -> str:
    pages = [page for page in payload.get("pages") or () if isinstance(page, dict)]
    return "Wiki: " + ", ".join(f"{said(page.get('title'))} {said(page.get('action'))}" for page in pages)


def _anything(payload: Payload, subject: Payload) -> str:
    noun = next((key for key in payload if isinstance(payload[key], dict) and key not in _AROUND), "repository")
    name = said(subject.get("name") or subject.get("login") or subject.get("title") or subject.get("full_name"))
    told = " ".join(filter(None, (noun.replace("_", " ").capitalize(), name, _action(payload))))
    return titled(told, payload.get("zen"))


def _star(payload: Payload, _subject: Payload) -> str:
    return "Star given" if payload.get("starred_at") else "Star taken back"


_AROUND = frozenset({"repository", "sender", "organization", "installation", "enterprise", "changes"})


@dataclass(slots=True, frozen=True)
class Event:
    """One GitHub event: `key` is the object it is about, `needs` are the keys that give it away."""

    name: str
    kind: Kind
    key: str
    say: Callable[[Payload, Payload], str]
    needs: frozenset[str] = field(default_factory=frozenset)

    def subject(self, payload: Payload) -> Payload:
        """The object the event is about; for the rest whatever object comes first."""
        if self.key:
            return part(payload, self.key)
        others = (part(payload, key) for key in payload if key not in _AROUND)
        return next((other for other in others if other), part(payload, "repository"))

    def times(self, payload: Payload, subject: Payload) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The times that are the event's own, and those that only come near."""
        if self.name in _PUSHED:
            return (part(payload, "repository").get("pushed_at"),), ()
        holder = subject if self.key else {**part(subject, "head_commit"), **subject, **payload}
        action = said(payload.get("action"))
        if self.name == "release" and action not in {"deleted", "edited"}:
            # The `created_at` of a release is that of its commit.
            return (holder.get("published_at"),), (holder.get("created_at"),)
        keys = _TIME_OF_ACTION.get(action, ("updated_at",) if action else ("created_at",))
        return tuple(holder.get(key) for key in ("starred_at", *keys)), tuple(holder.get(key) for key in _NEAR)

    def text(self, payload: Payload, subject: Payload) -> str:
        """The event in one line, with the author's own words below it."""
        return self.say(payload, subject)

    def thread(self, payload: Payload) -> str:
        """What else belongs to it: the issue, pull request, deployment or commit."""
        for key in ("issue", "pull_request", "discussion"):
            if number := said(part(payload, key).get("number")):
                return f"#{number}"
        return said(part(payload, "deployment").get("sha") or payload.get("sha"))

    def link(self, payload: Payload, subject: Payload) -> str:
        """A page for people, never an API address."""
        told = next((said(subject.get(key)) for key in _LINKS if subject.get(key)), "")
        return told or said(payload.get("target_url") or part(payload, "repository").get("html_url"))


_LINKS = ("html_url", "target_url", "log_url", "environment_url")
_PUSHED = frozenset({"create", "delete"})


def _event(name: str, kind: Kind, key: str, say: Callable[[Payload, Payload], str], *needs: str) -> Event:
    return Event(name, kind, key, say, frozenset(needs or (key,)))


# Tried in this order: what mentions more comes first.
_IN_ORDER = (
    _event("push", Kind.CHANGE, "", _anything, "ref", "before", "after", "pusher"),
    _event("deployment_status", Kind.DEPLOY, "deployment_status", _deployment_status),
    _event(
        "deployment_review", Kind.DEPLOY, "workflow_run", _deployment_review, "workflow_run", "environment", "reviewers"
    ),
    _event("workflow_job", Kind.PIPELINE, "workflow_job", _run("Job")),
    _event("deployment", Kind.DEPLOY, "deployment", _deployment),
    _event("pull_request_review_comment", Kind.MESSAGE, "comment", _comment, "comment", "pull_request"),
    _event("pull_request_review", Kind.MESSAGE, "review", _review, "review", "pull_request"),
    _event("pull_request", Kind.CHANGE, "pull_request", _titled_subject("Pull request")),
    _event("issue_comment", Kind.MESSAGE, "comment", _comment, "comment", "issue"),
    _event("issues", Kind.ISSUE, "issue", _titled_subject("Issue")),
    _event("discussion_comment", Kind.MESSAGE, "comment", _comment, "comment", "discussion"),
    _event("discussion", Kind.MESSAGE, "discussion", _titled_subject("Discussion")),
    _event("commit_comment", Kind.MESSAGE, "comment", _comment),
    _event("release", Kind.RELEASE, "release", _titled_subject("Release")),
    _event("check_run", Kind.PIPELINE, "check_run", _run("Check")),
    _event("check_suite", Kind.PIPELINE, "check_suite", _run("Checks")),
    _event("workflow_run", Kind.PIPELINE, "workflow_run", _run("Workflow")),
    _event("status", Kind.PIPELINE, "", _status, "sha", "state", "context"),
    _event("page_build", Kind.PIPELINE, "build", _page_build),
    _event("create", Kind.CHANGE, "", _ref, "ref", "ref_type", "master_branch"),
    _event("delete", Kind.CHANGE, "", _ref, "ref", "ref_type"),
    _event("code_scanning_alert", Kind.ISSUE, "alert", _alert("Code scanning alert"), "alert", "commit_oid"),
    _event("dependabot_alert", Kind.ISSUE, "alert", _alert("Security alert")),
    _event("security_advisory", Kind.ISSUE, "security_advisory", _alert("Security advisory")),
    _event("workflow_dispatch", Kind.PIPELINE, "", _dispatch, "workflow", "inputs"),
    _event("repository_dispatch", Kind.CHANGE, "", _dispatch, "branch", "client_payload"),
    _event("star", Kind.CHANGE, "", _star, "starred_at"),
    _event("gollum", Kind.CHANGE, "", _wiki, "pages"),
    _event("fork", Kind.CHANGE, "forkee", _anything),
)
_OTHER = Event("other", Kind.CHANGE, "", _anything)
EVENTS = {event.name: event for event in _IN_ORDER}


def event_of(payload: Payload) -> Event:
    """The event a payload without a header must be; the general one when its shape is known for nothing."""
    return next((event for event in _IN_ORDER if event.needs <= payload.keys()), _OTHER)
