"""An installation of its own, for tests that need several processes or the bytes of a real database file.

Run as `python -m tests.sealing.house ACTION …`, each action in a process of its own; it answers with JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

PARTS = ("did", "saw", "expected", "assumed", "understood", "goals", "pressures", "known")


def main(action: str, *arguments: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "secondstory.site.settings"
    import django

    django.setup()
    told = {"fill": fill, "letters": letters, "write": write, "read": read, "backup": backup}[action](*arguments)
    print(json.dumps(told))
    sys.stdout.flush()
    # As after a crash: no connection is closed in good order, and what stands in the write-ahead log stays there.
    os._exit(0)


def fill(word: str) -> Any:
    """One story in every audience, quoted, laid beside a moment, changed, and another withdrawn; a letter; a secret."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.core.management import call_command
    from tests.cast import make_cast, make_review

    from secondstory.evidence.hook_changes import make_hook
    from secondstory.notify.changes import write_letter

    call_command("migrate", interactive=False, verbosity=0)
    cast = make_cast()
    review = make_review(cast, title="An openly told title")
    _tell(review, cast.ana, word)
    _tell_and_withdraw(review, cast.cleo, word)
    _interview(review, cast, word)
    write_letter(once="x", address=f"{word}@elsewhere.example", subject=f"{word} subject", words=f"{word} letter")
    make_hook(cast.eve, "alerts", "github", f"{word} secret", [])
    RecoveryCodes.activate(cast.ana)
    return {}


def _tell(review: Any, person: Any, word: str) -> None:
    from tests.cast import HAPPENED

    from secondstory.stories import audience_changes, quote_changes
    from secondstory.stories.audience_changes import Choice
    from secondstory.stories.models import Part, Perspective
    from secondstory.texts import changes as texts
    from secondstory.timeline.models import Lane, Moment

    parts = _parts(review, person)
    for number, name in enumerate(PARTS):
        text = texts.save(parts[name].text_id, f"{word} first {name}", 0, person)
        texts.save(text.pk, f"{word} then {name}", text.version, person)
        audience = Part.Audience.values[number % 4]
        audience_changes.choose_audience(parts[name].pk, by=person, choice=Choice(audience))
    quotable = Part.objects.visible_to(person).get(pk=parts["assumed"].pk)
    quote_changes.place_quote(quotable.pk, by=person, words=f"{word} then")
    lane = Lane(review=review, name="on call", kind="role")
    lane.save()
    moment = Moment(review=review, lane=lane, at=HAPPENED, what="something openly told")
    moment.save()
    beside = Perspective(review=review, moment=moment, part=quotable, kind="did")
    beside.bind(f"{word} beside", beside.place(_grants(quotable)))
    beside.save()


def _grants(part: Any) -> Any:
    from secondstory.stories.holding import grants_of

    return grants_of(part)


def _tell_and_withdraw(review: Any, person: Any, word: str) -> None:
    from secondstory.stories import changes
    from secondstory.texts import changes as texts

    part = _parts(review, person)["saw"]
    texts.save(part.text_id, f"{word} withdrawn", 0, person)
    changes.withdraw(part.story_id, by=person)


def _parts(review: Any, person: Any) -> dict[str, Any]:
    from secondstory.stories import changes
    from secondstory.stories.models import Part

    story = changes.begin(review, by=person)
    return {part.name: part for part in Part.objects.visible_to(person).filter(story=story)}


def _interview(review: Any, cast: Any, word: str) -> None:
    from secondstory.stories.models import Interview, InterviewNote
    from secondstory.texts.models import Text

    interview = Interview(review=review, interviewee=cast.cleo, interviewer=cast.bo)
    interview.save()
    text = Text(kind="interview")
    text.save()
    note = InterviewNote(interview=interview, review=review, name="saw", text=text)
    note.save()
    text.body = f"{word} interview"
    text.save()


def letters(count: str) -> Any:
    """Many sealed rows."""
    from secondstory.notify.changes import write_letter

    for number in range(int(count)):
        write_letter(once=f"many:{number}", address="a@elsewhere.example", subject="s", words=f"letter {number}")
    return {}


def write(stop: str) -> Any:
    """Saves one text after the other, and letters beside them, until the file `stop` is there; answers what was saved."""
    from secondstory.notify.changes import write_letter
    from secondstory.people.models import Person
    from secondstory.stories.models import Part
    from secondstory.texts import changes as texts
    from secondstory.texts.models import Text

    ana = Person.objects.get(email="ana@lantern.example")
    ids = list(Part.objects.visible_to(ana).values_list("text_id", flat=True))
    saved: dict[str, str] = {}
    written: list[str] = []
    number = 0
    Path(stop).with_suffix(".begun").touch()
    while not Path(stop).exists():
        text_id, words = ids[number % len(ids)], f"while rotating {number}"
        version = Text.objects.visible_to(ana).get(pk=text_id).version
        texts.save(text_id, words, version, ana)
        saved[text_id] = words
        write_letter(once=f"beside:{number}", address="a@elsewhere.example", subject="s", words=words)
        written.append(words)
        number += 1
    return {"texts": saved, "letters": written}


def read() -> Any:
    """Everything that is sealed, opened."""
    from secondstory.notify.models import Letter
    from secondstory.sealing.boxes import look_through
    from secondstory.sealing.seal import opened
    from secondstory.texts.models import Text

    rows = Text.objects.for_system("a test's question").filter(kind__in=("story", "interview"))
    waiting = Letter.objects.for_system("a test's question").order_by("pk")
    looked = look_through()
    return {
        "texts": {text.pk: text.body for text in rows},
        "letters": [opened(letter.sealed_words, f"letter:{letter.pk}:words") for letter in waiting],
        "closed": looked.missing.total() + looked.moved,
    }


def backup(path: str) -> Any:
    """A backup archive."""
    from secondstory.cli.backup import write as archive

    return {"rows": archive(Path(path))}


if __name__ == "__main__":
    main(*sys.argv[1:])
