"""When those who could see a place could first see a line, where the source says that it was later."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import HAPPENED
from tests.evidence.making import lines_of

from secondstory.evidence import import_changes
from secondstory.evidence.importers.record import Kind, Record
from secondstory.evidence.importing import row_of
from secondstory.reviews.models import Review


def commit(text: str, seen_from: datetime | None = None) -> Record:
    return Record(HAPPENED, "ana", text, "kestrel/shop", Kind.COMMIT, text.encode(), seen_from=seen_from)


def test_it_is_stored_beside_the_lines_own_time(review: Review) -> None:
    pushed = HAPPENED + timedelta(minutes=7, microseconds=5)
    rows = [row_of(commit("made and pushed", pushed), "github"), row_of(commit("only made"), "git_log")]
    import_changes.add(review.pk, None, rows)
    assert [(line.text, line.at, line.seen_from) for line in lines_of(review)] == [
        ("made and pushed", HAPPENED, pushed),
        ("only made", HAPPENED, None),
    ]
