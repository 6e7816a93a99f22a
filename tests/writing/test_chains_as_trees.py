"""A chain as a tree: typed in lines, moved line by line, kept without gaps. No database."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from secondstory.writing.chains import (
    KINDS,
    STEPS,
    Link,
    branches_of,
    ends_in_a_person,
    links_of,
    rows_of,
    stepped,
    tidied,
)

LINKS = st.lists(
    st.builds(Link, st.just(""), st.text(max_size=8), st.integers(-1, 14), st.sampled_from([*KINDS, "blame"])),
    max_size=12,
)


def tree(*lines: str) -> list[Link]:
    """As "  a" for an `a` that hangs one deep; a line ending in "!" is a person."""
    found = []
    for line in lines:
        words = line.strip()
        kind = "person" if words.endswith("!") else "open"
        found.append(Link(words, words, (len(line) - len(line.lstrip())) // 2, kind))
    return found


def drawn(links: list[Link]) -> list[str]:
    return ["  " * link.depth + link.words for link in links]


SMALL = tree("a", "  b", "    c", "  d", "e")


def test_a_line_goes_in_below_its_sister_with_all_that_hangs_on_it() -> None:
    assert drawn(stepped(SMALL, "d", "in")) == ["a", "  b", "    c", "    d", "e"]
    assert drawn(stepped(SMALL, "e", "in")) == ["a", "  b", "    c", "  d", "  e"]


def test_the_first_of_its_sisters_has_nothing_to_hang_on() -> None:
    assert stepped(SMALL, "a", "in") == SMALL
    assert stepped(SMALL, "b", "in") == SMALL


def test_a_line_goes_out_behind_what_it_hung_on() -> None:
    assert drawn(stepped(SMALL, "b", "out")) == ["a", "  d", "b", "  c", "e"]
    assert stepped(SMALL, "a", "out") == SMALL


def test_a_line_goes_up_and_down_among_its_sisters_only() -> None:
    assert drawn(stepped(SMALL, "d", "up")) == ["a", "  d", "  b", "    c", "e"]
    assert drawn(stepped(SMALL, "a", "down")) == ["e", "a", "  b", "    c", "  d"]
    assert stepped(SMALL, "c", "up") == stepped(SMALL, "c", "down") == SMALL


def test_removing_takes_all_that_hangs_on_a_line() -> None:
    assert drawn(stepped(SMALL, "b", "remove")) == ["a", "  d", "e"]


def test_a_branch_ends_in_a_person_only_where_nothing_stands_behind() -> None:
    assert ends_in_a_person(tree("a", "  b!"))
    assert ends_in_a_person(tree("a!", "b"))
    assert not ends_in_a_person(tree("a!", "  b"))
    assert not ends_in_a_person([])


@settings(max_examples=100, deadline=None)
@given(LINKS)
def test_what_is_stored_is_a_tree_and_stays_what_it_is(links: list[Link]) -> None:
    once = tidied(links)
    assert [replace(each, id="") for each in tidied(once)] == [replace(each, id="") for each in once]
    assert len({each.id for each in once}) == len(once)
    deep = -1
    for each in once:
        assert each.depth <= deep + 1
        deep = each.depth
    assert all(each.words for each in once if not any(b.link.id == each.id and b.branches for b in walk(once)))


def walk(links: list[Link]) -> list[object]:
    def down(branches: tuple[object, ...]) -> list[object]:
        return [each for branch in branches for each in (branch, *down(branch.branches))]

    return down(branches_of(links))


@settings(max_examples=100, deadline=None)
@given(LINKS, st.integers(0, 11), st.sampled_from(STEPS))
def test_no_step_but_removing_loses_a_line(links: list[Link], at: int, step: str) -> None:
    before = tidied(replace(each, words=f"x{each.words}") for each in links)
    if at < len(before):
        after = stepped(before, before[at].id, step)
        if step != "remove":
            assert sorted(each.id for each in after) == sorted(each.id for each in before)
        assert [each.depth for each in tidied(after)] == [each.depth for each in after]


@settings(max_examples=60, deadline=None)
@given(LINKS)
def test_rows_of_a_document_are_the_same_tree(links: list[Link]) -> None:
    before = tidied(links)
    after = links_of(rows_of(before))
    assert [(each.words, each.depth, each.kind) for each in after] == [
        (each.words, each.depth, each.kind) for each in before
    ]
