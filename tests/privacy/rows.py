"""Every table, and who may see each of its rows: the same table of rights as `histories`, said for rows.

A new table with a `review` is for those who take part in it. Any other must be told of here, or the walk fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from tests.privacy.histories import MEMBERS
from tests.privacy.world import AUDIENCES, World

from secondstory.actions.models import Passage
from secondstory.stories.models import Grant, InterviewNote, Otherwise, Part, Perspective, Quote
from secondstory.texts.models import LetStand, Text
from secondstory.timeline.models import MarginNote
from secondstory.writing.models import Section

Who = Callable[[World, Any], set[str]]


def tables() -> list[type[models.Model]]:
    """Ours, each reached through eyes."""
    return [model for model in apps.get_models() if model.__module__.startswith("secondstory.")]


def system(model: Any) -> Any:
    """Every row, for the test itself."""
    manager = model._default_manager
    return manager.for_system("a test's question") if hasattr(manager, "for_system") else manager.all()


def words_in(row: Any) -> str:
    """What a reader of this row can read: its own fields, and what is sealed in it, opened as the product does."""
    plain = " ".join(str(value) for value in row.__dict__.values())
    return f"{plain} {_opened(row)}"


def _opened(row: Any) -> str:
    if isinstance(row, Part):
        return str(row.words(standing(row)))
    if isinstance(row, Perspective):
        return str(row.read_at(row.place(standing(row.part))))
    if isinstance(row, Otherwise):
        return str(row.read_at(row.place(standing(row.perspective.part))))
    if isinstance(row, Quote | Passage):
        return str(row.read_at(row.place))
    if isinstance(row, Text | LetStand):
        return str(row.body if isinstance(row, Text) else row.reasons)
    return str(row.text.body) if isinstance(row, InterviewNote | MarginNote | Section) else ""


def standing(part: Part) -> list[Grant]:
    """The people a part's words are bound to."""
    return list(system(Grant).standing().filter(part=part))


def may_see(world: World, model: type[models.Model], row: Any) -> set[str]:
    """The people who may see this row."""
    rule = WHO.get(model.__name__)
    if rule is None and hasattr(row, "review_id"):
        rule = _taking
    if rule is None:
        message = f"rows.py must say who may see {model._meta.label}"
        raise LookupError(message)
    return rule(world, row)


def _taking(world: World, row: Any) -> set[str]:
    return world.taking()[row.review_id]


def _nobody(_world: World, _row: Any) -> set[str]:
    return set()


def _members(_world: World, _row: Any) -> set[str]:
    return MEMBERS


def _administrators(_world: World, _row: Any) -> set[str]:
    return {"eve"}


def _person(field: str) -> Who:
    return lambda world, row: {name for name, who in world.people().items() if who.pk == getattr(row, field)}


def _by_word(_world: World, row: Any) -> set[str]:
    """A row with one word: who may be told it."""
    told = _opened(row)
    return next(who for word, who in AUDIENCES.items() if word in told)


def _people(world: World, row: Any) -> set[str]:
    return _person("pk")(world, row) | (set() if row.is_guest else MEMBERS)


def _review(world: World, row: Any) -> set[str]:
    return world.taking()[row.pk] | (MEMBERS if row.published_audience else set())


def _version(world: World, row: Any) -> set[str]:
    return world.taking()[row.review_id] | MEMBERS


def _delivery(world: World, row: Any) -> set[str]:
    return world.taking()[row.review_id] & MEMBERS if row.review_id else MEMBERS


def _history_of(world: World, review_id: str) -> Any:
    return next(each.history for each in world.told if each.review.pk == review_id)


def _author(world: World, row: Any) -> set[str]:
    history = _history_of(world, row.review_id)
    return set() if history.name == "deleted" else {history.author}


def _grant(world: World, row: Any) -> set[str]:
    """The log of who had access is read by the author, as far as the author may read the part."""
    return _author(world, row.part) & _by_word(world, row.part)


def _departure(world: World, row: Any) -> set[str]:
    """What left the building is told to the author of the quoted part, as far as the author may read it."""
    return _author(world, row.quote.part) & _by_word(world, row.quote.part)


def _interview(world: World, row: Any) -> set[str]:
    return set(_history_of(world, row.review_id).interview)


def _contrast(world: World, row: Any) -> set[str]:
    return _by_word(world, row.a) & _by_word(world, row.b)


def _text(world: World, row: Any) -> set[str]:
    """Only the author reads the text of a story; others are shown the part."""
    if row.kind == "margin":
        return {"bo"}
    if row.kind == "story":
        part = system(Part).get(text=row)
        return _by_word(world, part) & _author(world, part)
    if row.kind == "interview":
        return _interview(world, system(InterviewNote).get(text=row))
    return _taking(world, system(Section).get(text=row))


def _let_stand(world: World, row: Any) -> set[str]:
    """Of a sealed text its writer's alone; of a shared text everybody's who writes there; of a form whose it was."""
    writers = _text(world, row.text) if row.text else set(world.people())
    return writers if row.person_id is None else writers & _person("person_id")(world, row)


WHO: dict[str, Who] = {
    **dict.fromkeys(("Team", "RoleLabel", "Severity", "Service", "Template"), _members),
    **dict.fromkeys(("Hook", "Invitation"), _administrators),
    **dict.fromkeys(("SetupCode", "Letter", "Change"), _nobody),
    # A guest knows nobody by name: what came in is told them line by line, roles in place of handles.
    "Import": lambda world, row: _taking(world, row) & MEMBERS,
    "ApiToken": _person("owner_id"),
    "SignInChange": _person("person_id"),
    "Person": _people,
    "Review": _review,
    "Version": _version,
    "Delivery": _delivery,
    "MarginNote": lambda _world, _row: {"bo"},
    "Text": _text,
    "Snapshot": lambda world, row: _text(world, row.text),
    "LetStand": _let_stand,
    "Story": _author,
    "Grant": _grant,
    "Interview": _interview,
    "InterviewNote": _interview,
    "Contrast": _contrast,
    "Departure": _departure,
    **dict.fromkeys(("Part", "Perspective", "Otherwise", "Quote", "Passage"), _by_word),
}
# Tables whose rows hold more than whoever sees the row is shown: pages choose from them.
MORE_THAN_SHOWN = {"Review", "Hook", "Invitation", "Evidence"}
