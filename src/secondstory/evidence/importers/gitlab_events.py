"""What each GitLab event tells: its kind, which of its times is the event's, its words, thread and link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from secondstory.evidence.importers.deliveries import Payload, part, said, titled
from secondstory.evidence.importers.record import Kind

Say: TypeAlias = Callable[[Payload, Payload], str]
_DONE = {
    "open": "opened",
    "close": "closed",
    "reopen": "reopened",
    "update": "updated",
    "merge": "merged",
    "approved": "approved",
    "unapproved": "approval withdrawn",
    "create": "created",
    "delete": "deleted",
}
_FINISHED = frozenset({"success", "failed", "canceled", "cancelled", "skipped"})


def _done(subject: Payload) -> str:
    action = said(subject.get("action") or subject.get("state"))
    return _DONE.get(action, action)


def _numbered(noun: str) -> Say:
    def say(_payload: Payload, subject: Payload) -> str:
        body = subject.get("description") if subject.get("action") in {"open", "update"} else ""
        return titled(f"{noun} {_label(subject)} {_done(subject)}".rstrip(), body)

    return say


def _label(subject: Payload) -> str:
    title = said(subject.get("title") or subject.get("name"))
    number = said(subject.get("iid"))
    return " ".join(filter(None, (f"#{number}" if number else "", f"“{title}”" if title else "")))


_NOTED = {"Issue": "issue", "MergeRequest": "merge_request", "Snippet": "snippet", "Commit": "commit"}


def _note(payload: Payload, subject: Payload) -> str:
    sort = said(subject.get("noteable_type"))
    key = _NOTED.get(sort, "")
    about = part(payload, key) if key else {}
    label = said(about.get("id"))[:8] if key == "commit" else _label(about)
    return titled(f"Comment on {key.replace('_', ' ') or sort} {label}".rstrip(), subject.get("note"))


def _pipeline(payload: Payload, subject: Payload) -> str:
    took = f" after {said(subject['duration'])} s" if subject.get("duration") else ""
    status = said(subject.get("detailed_status") or subject.get("status"))
    message = said(part(payload, "commit").get("message")).strip().partition("\n")[0]
    return titled(f"Pipeline {_number(subject)} on {_ref(subject)}: {status}{took}", message)


def _number(subject: Payload) -> str:
    return f"#{said(subject.get('id'))}"


def _ref(holder: Payload) -> str:
    sha = said(holder.get("sha"))[:8]
    return f"{said(holder.get('ref'))} ({sha})" if sha else said(holder.get("ref"))


def _job(payload: Payload, _subject: Payload) -> str:
    name = f"“{said(payload.get('build_name'))}” ({said(payload.get('build_stage'))})"
    reason = said(payload.get("build_failure_reason")) if payload.get("build_status") == "failed" else ""
    return titled(f"Job {name} on {_ref(payload)}: {said(payload.get('build_status'))}", reason.replace("_", " "))


def _deployment(payload: Payload, _subject: Payload) -> str:
    ref, sha = said(payload.get("ref")), said(payload.get("short_sha"))
    what = f"{ref} ({sha})" if ref else sha
    told = f"Deployment of {what} to {said(payload.get('environment'))}: {said(payload.get('status'))}"
    return titled(told, payload.get("commit_title"))


def _release(payload: Payload, _subject: Payload) -> str:
    name, tag = said(payload.get("name")), said(payload.get("tag"))
    told = f"Release “{name or tag}”" + (f" ({tag})" if name and tag != name else "")
    return titled(f"{told} {_done(payload)}", payload.get("description"))


def _flag(_payload: Payload, subject: Payload) -> str:
    state = "on" if subject.get("active") else "off"
    return titled(f"Feature flag “{said(subject.get('name'))}” is {state}", subject.get("description"))


def _wiki(_payload: Payload, subject: Payload) -> str:
    return titled(f"Wiki page “{said(subject.get('title'))}” {_done(subject)}", subject.get("message"))


def _other(payload: Payload, subject: Payload) -> str:
    what = said(payload.get("event_name") or payload.get("object_kind")).replace("_", " ").capitalize()
    # Of an account the name is a person's: it stands in the original alone, the text is read by guests.
    own = () if what.startswith("User ") else (subject.get("title"), subject.get("name"))
    name = next((said(one) for one in (*own, payload.get("project_name"), payload.get("group_name")) if one), "")
    return f"{what}: {name}".rstrip(": ")


@dataclass(slots=True, frozen=True)
class Event:
    """One sort of GitLab event."""

    kind: Kind
    say: Say
    noun: str = ""
    times: tuple[str, ...] = ("updated_at",)

    def exact(self, payload: Payload, subject: Payload) -> tuple[Any, ...]:
        """The times that are the event's own, the best first."""
        action = subject.get("action")
        if action == "delete":
            return ()
        first = {"open": ("created_at",), "close": ("closed_at",)}.get(said(action), ())
        finished = subject.get("status") in _FINISHED or payload.get("build_status") in _FINISHED
        times = tuple(key for key in self.times if finished or "finished" not in key)
        return tuple(subject.get(key) or payload.get(key) for key in (*first, *times))

    def near(self, payload: Payload, subject: Payload) -> tuple[Any, ...]:
        """Times the payload mentions that come close."""
        keys = ("updated_at", "created_at", "build_created_at", "finished_at")
        commit = part(payload, "commit")
        return (*(subject.get(key) for key in keys), commit.get("finished_at"), commit.get("timestamp"))

    def thread(self, payload: Payload, subject: Payload) -> str:
        """What else belongs to it."""
        for key, mark in (("issue", "#"), ("merge_request", "!")):
            if number := said(part(payload, key).get("iid")):
                return mark + number
        if self.noun and subject.get("iid"):
            return f"{self.noun}{said(subject['iid'])}"
        return said(subject.get("sha") or part(payload, "commit").get("id"))

    def link(self, payload: Payload, subject: Payload) -> str:
        """A page for people."""
        project = said(part(payload, "project").get("web_url") or part(payload, "repository").get("homepage"))
        if self.say is _pipeline and project:
            return f"{project}/-/pipelines/{said(subject.get('id'))}"
        if self.say is _job and project:
            return f"{project}/-/jobs/{said(payload.get('build_id'))}"
        told = subject.get("url") or payload.get("deployable_url") or payload.get("url")
        return said(told) or project


ANY_OTHER = Event(Kind.CHANGE, _other)
_JOB = Event(Kind.PIPELINE, _job, times=("build_finished_at", "build_started_at", "build_created_at"))
EVENTS = {
    "issue": Event(Kind.ISSUE, _numbered("Issue"), "#"),
    "work_item": Event(Kind.ISSUE, _numbered("Issue"), "#"),
    "merge_request": Event(Kind.CHANGE, _numbered("Merge request"), "!"),
    "note": Event(Kind.MESSAGE, _note, times=("updated_at", "created_at")),
    "pipeline": Event(Kind.PIPELINE, _pipeline, times=("finished_at", "created_at")),
    "build": _JOB,
    "job": _JOB,
    "deployment": Event(Kind.DEPLOY, _deployment, times=("status_changed_at",)),
    "release": Event(Kind.RELEASE, _release, times=("released_at", "created_at")),
    "feature_flag": Event(Kind.CHANGE, _flag),
    "wiki_page": Event(Kind.CHANGE, _wiki),
    "access_token": Event(Kind.CHANGE, _other, times=()),
}
