"""Looking into an upload before anything of it is stored: what it is, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Refused
from secondstory.evidence.importers.registry import Found, walk
from secondstory.evidence.rules import PLACES_KEPT, PROBLEMS_KEPT, short

PARTS_KEPT = 100


def look_into(path: Path, scratch: Path, choices: Choices) -> dict[str, Any]:
    """Formats, places with their numbers and times, and what cannot be read; Refused when nothing can."""
    places: dict[tuple[str, str], Place] = {}
    seen: dict[str, Any] = {"formats": {}, "parts": [], "problems": []}
    refusal: Refused | None = None
    for found in walk([path], scratch):
        try:
            _look_at(found, choices, seen, places)
        except Refused as refused:
            refusal = refusal or refused
            _note(seen, found.name if isinstance(found, Found) else found.where, refused)
    if not seen["formats"]:
        raise refusal or Refused(f"{path.name} holds nothing that can be read")
    listed = sorted(places.values(), key=lambda place: (_ORDER[place.reach], place.name))
    return seen | {
        "formats": list(seen["formats"]),
        "places": [_written(place) for place in listed[:PLACES_KEPT]],
        "more_places": max(0, len(listed) - PLACES_KEPT),
    }


_ORDER = {Reach.PUBLIC: 0, Reach.PRIVATE: 1, Reach.DIRECT: 2}


def _look_at(
    found: Found | Problem, choices: Choices, seen: dict[str, Any], places: dict[tuple[str, str], Place]
) -> None:
    if isinstance(found, Problem):
        raise Refused(found.what, found.do)
    for place in _places(found, choices):
        key = (place.name, place.reach)
        places[key] = _joined(places.get(key), place)
    seen["formats"][short(found.importer.title)] = None
    if found.importer.name == "csv" and "columns" not in seen:
        seen["columns"] = _columns_of(found.path)
    if len(seen["parts"]) < PARTS_KEPT:
        seen["parts"].append({"name": found.name, "title": found.importer.title})


def _places(found: Found, choices: Choices) -> Iterator[Place]:
    yield from found.importer.places(found.path, choices)


def _joined(one: Place | None, other: Place) -> Place:
    if one is None:
        return other
    counted = one.records is not None and other.records is not None
    return Place(
        other.name,
        other.reach,
        (one.records or 0) + (other.records or 0) if counted else None,
        min(filter(None, (one.first, other.first)), default=None),
        max(filter(None, (one.last, other.last)), default=None),
    )


def _columns_of(path: Path) -> dict[str, Any]:
    from secondstory.evidence.importers.csv_columns import guess

    told = guess(path)
    rows = [list(row) for row in told.rows]
    return {"columns": dict(told.columns), "headers": list(told.headers), "rows": rows, "asks_order": told.asks_order}


def _note(seen: dict[str, Any], where: str, refused: Refused) -> None:
    if len(seen["problems"]) < PROBLEMS_KEPT:
        seen["problems"].append({"where": where, "what": refused.what, "do": refused.do})


def _written(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "reach": place.reach.value,
        "records": place.records,
        "first": place.first.isoformat() if place.first else None,
        "last": place.last.isoformat() if place.last else None,
    }
