"""What is exported as Markdown comes back as the same document, whatever somebody wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from secondstory.writing.chains import KINDS, one_line
from secondstory.writing.document import ActionRow, ChainRow, Document, FactorRow, LinkRow, Part, Row, Time
from secondstory.writing.exporters.markdown import markdown
from secondstory.writing.importing import Unreadable, document_from

# Explaining a failure costs minutes under a tracer.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
TRAPS = st.sampled_from(
    [
        "## Impact",
        "\\## Impact",
        "### Technical",
        "### How did that come about?",
        "### From the first story to the second",
        "*Condition:* no",
        "\\*Person:* no",
        "| Time | Event |",
        "| Action | x |",
        "*Not applicable:* no",
        "---",
        "- a bullet",
        "  indented",
        "```\n## Summary\n```",
        "a | b",
        "a\\|b",
        "<br>",
        "& &amp; &#77;",
        "",
    ]
)
LINES = st.lists(st.one_of(TRAPS, st.text(max_size=40)), max_size=6).map("\n".join)
WORDS = LINES.filter(lambda words: words.replace("\0", "").strip())
LINE = st.text(max_size=40)
SAID = st.one_of(TRAPS, LINE).filter(one_line)
LINKS = st.recursive(
    st.builds(LinkRow, SAID, st.sampled_from(KINDS)),
    lambda inner: st.builds(LinkRow, SAID, st.sampled_from(KINDS), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
CHAINS = st.lists(st.builds(ChainRow, SAID, st.lists(LINKS, max_size=3).map(tuple)), max_size=2).map(tuple)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001
ROWS = st.builds(
    lambda at, when, minutes, what, known, done, lane, sources, differing: Row(
        at=at.isoformat(),
        when=when,
        until=(at + timedelta(minutes=minutes)).isoformat() if when == "between" else "",
        what=what,
        information=known,
        decision=done,
        lane=lane[:60],
        sources=tuple(sources),
        differing=tuple(differing),
    ),
    TIMES,
    st.sampled_from(["exact", "about", "between"]),
    st.integers(1, 5000),
    WORDS,
    LINES,
    LINES,
    LINE,
    st.lists(st.sampled_from(["from chat, 14:05", "from an alert, 09:00"]), max_size=2),
    st.lists(SAID, max_size=2),
)
PARTS = st.tuples(LINES, LINES, LINES, LINES, st.booleans(), LINE).map(
    lambda given: (
        Part("summary", "Summary", given[0]),
        Part(
            "impact", "Impact", "" if given[4] else given[1], "na" if given[4] else "open", given[5] if given[4] else ""
        ),
        Part("timeline", "Timeline", given[2]),
        Part("factors", "Contributing factors", given[3]),
        Part("actions", "Actions", given[1]),
    )
)
DOCUMENTS = st.builds(
    Document,
    kind=st.just("incident"),
    title=LINE,
    happened_at=st.just("2026-03-09T14:05:00+01:00"),
    zone=st.sampled_from(["UTC", "Europe/Vienna", "America/St_Johns"]),
    severity=LINE,
    services=st.lists(LINE, max_size=2).map(tuple),
    people=st.lists(LINE, max_size=2).map(tuple),
    times=st.just((Time("started", "Started", "2026-03-09T14:05:00+01:00"), Time("detected", "Detected"))),
    parts=PARTS,
    timeline=st.lists(ROWS, max_size=3).map(tuple),
    factors=st.lists(st.builds(FactorRow, st.sampled_from(["technical", "tooling"]), WORDS), max_size=3).map(tuple),
    actions=st.lists(st.builds(ActionRow, WORDS, LINE, st.just("2026-04-01"), st.just("idea"), LINE), max_size=3).map(
        tuple
    ),
    chains=CHAINS,
    second_stories=CHAINS,
)


@settings(max_examples=40, deadline=None, phases=PHASES)
@given(DOCUMENTS)
def test_exported_imported_and_exported_again_is_the_same_file(document: Document) -> None:
    once = markdown(document)
    assert markdown(document_from(once)) == once


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(DOCUMENTS)
def test_nothing_of_the_rows_is_lost(document: Document) -> None:
    back = document_from(markdown(document))
    assert len(back.timeline) == len(document.timeline)
    assert sorted(each.group for each in back.factors) == sorted(each.group for each in document.factors)
    assert [each.state for each in back.actions] == [each.state for each in document.actions]
    assert [len(each.differing) for each in back.timeline] == [len(each.differing) for each in document.timeline]
    assert back.chains == tuple(on_one_line(each) for each in document.chains)
    assert back.second_stories == tuple(on_one_line(each) for each in document.second_stories)
    assert [each.state for each in back.parts] == [each.state for each in document.parts]


def on_one_line(chain: ChainRow) -> ChainRow:
    def link(row: LinkRow) -> LinkRow:
        return LinkRow(one_line(row.words), row.kind, tuple(link(each) for each in row.links))

    return ChainRow(one_line(chain.question), tuple(link(each) for each in chain.links))


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(DOCUMENTS)
def test_a_document_kept_as_json_is_the_same_document(document: Document) -> None:
    assert Document.from_json(json.loads(json.dumps(document.as_json()))) == document


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for given_text in (text, f"---\n{text}\n---\n# Title\n\n## Summary\n{text}"):
        try:
            document_from(given_text)
        except Unreadable as refusal:
            assert str(refusal)  # noqa: PT017


def test_a_file_of_elsewhere_is_read_by_its_headings() -> None:
    found = document_from("# Queue full\n\n## Summary\n\nIt was slow.\n\n## What went well\n\n- the alarm\n")
    assert found.title == "Queue full"
    assert [(each.key, each.body) for each in found.parts] == [
        ("summary", "It was slow."),
        ("what_went_well", "- the alarm"),
    ]


@pytest.mark.parametrize("text", ["---\n{: :\n---\n", "---\nkind: [\n---\n"])
def test_broken_front_matter_is_named(text: str) -> None:
    with pytest.raises(Unreadable, match="front matter"):
        document_from(text)
