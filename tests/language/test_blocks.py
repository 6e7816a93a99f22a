from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondstory.language import analyse
from secondstory.language.blocks import Markup, blocks
from secondstory.language.inline import prose, sentences

REVIEW = """---
title: We should have known
---
# Checkout was slow

<!-- we should have
checked this -->
The *deploy* was **rushed**, and we
should have waited.

## Timeline

| time | what |
|------|------|
| 14:02 | The engineer failed to notice it. |

14:05 We rolled back.
14:09 It was back.

```
we should have been code
```

    we should have been code too

> We should have been quoted.

## Action items

1. Remind everyone to look.
   - [ ] Be more careful.
"""


def told(text: str, markup: Markup = "markdown") -> list[tuple[str, str]]:
    return [(finding.rule, text[finding.start : finding.end]) for finding in analyse(text, markup=markup)]


def test_a_finding_stands_where_its_words_stand() -> None:
    assert told(REVIEW) == [
        ("SS401", "rushed"),
        ("SS201", "should have waited"),
        ("SS102", "failed to notice"),
        ("SS901", "Remind"),
        ("SS901", "careful"),
    ]


def test_a_finding_knows_its_line_and_section() -> None:
    found = analyse(REVIEW)
    assert [(finding.line, finding.column, finding.role) for finding in found] == [
        (8, 20, "prose"),
        (9, 1, "prose"),
        (15, 24, "timeline"),
        (30, 4, "actions"),
        (31, 18, "actions"),
    ]


def test_a_block_covers_as_much_as_its_source() -> None:
    for block in blocks(REVIEW):
        source = REVIEW[block.start : block.start + len(block.text)]
        assert all(ours in {theirs, " "} for ours, theirs in zip(block.text, source, strict=True))


def test_headings_cells_and_items_are_blocks() -> None:
    kinds = [(block.kind, " ".join(block.text.split())) for block in blocks(REVIEW)]
    assert ("heading", "Checkout was slow") in kinds
    assert ("cell", "The engineer failed to notice it.") in kinds
    assert ("item", "Be more careful.") in kinds
    assert ("paragraph", "14:09 It was back.") in kinds


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Timeline", "timeline"),
        ("14:02", "timeline"),
        ("Impact on customers", "impact"),
        ("Contributing factors", "causes"),
        ("Action items", "actions"),
        ("What went wrong", "lessons"),
        ("Interview with the release lead", "interview"),
        ("How to use this template", "template"),
        ("Summary", "prose"),
    ],
)
def test_a_heading_gives_its_section_a_role(heading: str, role: str) -> None:
    assert [block.role for block in blocks(f"# {heading}\n\nWords.")] == [role, role]


def test_a_deeper_heading_that_says_nothing_keeps_the_role_above() -> None:
    assert [block.role for block in blocks("# Timeline\n## Morning\nWords.\n# Thanks\nWords.")][2:] == [
        "timeline",
        "prose",
        "prose",
    ]


def test_restructured_text_is_read_by_headings_and_lists() -> None:
    text = "Action items\n============\n\n* Be more careful.\n\n.. code-block:: sh\n\n   be more careful\n\n.. note::\n"
    assert told(text, "rst") == [("SS901", "careful")]
    assert [block.role for block in blocks(text, "rst")] == ["actions", "actions"]


def test_plain_text_is_read_by_headings_of_its_own() -> None:
    text = "== Actionables ==\nWords stand here.\n\nWhat we learned:\nBe more careful.\n"
    assert next((block.kind, block.role) for block in blocks(text, "text")) == ("heading", "actions")
    assert told(text, "text") == [("SS901", "careful")]


@pytest.mark.parametrize(
    "text",
    [
        "We ran `should have known` there.",
        "The page said “we should have known”.",
        "See https://example.org/we-should-have-known now.",
        "![we should have known](picture.png)",
        "<!-- we should have known -->",
        "{{ we should have known }}",
        "[describe what should have been known]",
    ],
)
def test_what_is_not_the_writers_own_prose_is_not_read(text: str) -> None:
    assert told(text) == []


def test_the_words_of_a_link_and_stressed_words_are_read() -> None:
    assert told("We [should have](https://x.example) *asked* first.") == [
        ("SS201", "should have](https://x.example) *asked")
    ]
    assert told("We should __have__ asked.") == [("SS201", "should __have__ asked")]


def test_short_forms_and_figures_do_not_end_a_sentence() -> None:
    text = "At 9 a.m. Dr. Young saw 3.5 GB, e.g. The rest. Then it ended."
    assert [text[begin:end].strip() for begin, end in sentences(text)] == [
        "At 9 a.m. Dr. Young saw 3.5 GB, e.g. The rest.",
        "Then it ended.",
    ]


@given(st.text(alphabet=st.sampled_from("aW e.`*_[](){}<>|#-=~>\"'“”«»!?:;\n\t\r\\0é😀\u200b\u202e"), max_size=200))
def test_any_text_is_read_without_a_stumble_and_masks_keep_its_length(text: str) -> None:
    for markup in ("markdown", "rst", "text"):
        for block in blocks(text, markup):  # type: ignore[arg-type]
            assert block.start + len(block.text) <= len(text)
            assert len(prose(block.text)) == len(block.text)
            assert "".join(block.text[begin:end] for begin, end in sentences(block.text)) == block.text
    for finding in analyse(text + " We should have asked."):
        assert 0 <= finding.start < finding.end <= len(text) + 22
