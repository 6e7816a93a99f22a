"""Chains and second stories in a review: typed, kept, asked further, published, and never seen by who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from tests.cast import Cast, make_review
from tests.writing.written import publish, write_everything

from secondstory.library.changes import bring_in
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.writing import chain_changes, changes
from secondstory.writing.chains import Link
from secondstory.writing.composing import draft
from secondstory.writing.exporters.markdown import markdown
from secondstory.writing.importing import document_from
from secondstory.writing.models import Chain, ChainSnapshot
from secondstory.writing.needs import missing_of
from secondstory.writing.striking_changes import let_go

HOW = "The queue grew for forty minutes before anybody saw it"
TREE = [
    Link("", "The new board shows rates, not lengths", 0),
    Link("", "It was built for the sales team", 1, "condition"),
    Link("", "Ana looked at the old board", 0, "person"),
    Link("", "The alarm names the old board", 1, "condition"),
]


@pytest.fixture
def chain(cast: Cast, review: Review) -> Chain:
    write_everything(cast, review)
    return chain_changes.add(review, by=cast.ana, kind="how", question=HOW, links=TREE)


@pytest.fixture
def story(cast: Cast, review: Review, chain: Chain) -> Chain:
    return chain_changes.add(review, by=cast.cleo, kind="story", question="Ana was not paying attention")


def again(chain: Chain) -> Chain:
    return Chain.objects.for_system("a test's look").get(pk=chain.pk)


def put(client: Any, chain: Chain, links: list[dict[str, Any]], version: int, question: str = HOW) -> Any:
    body = json.dumps({"body": json.dumps({"question": question, "links": links}), "version": version})
    address = reverse("chain", args=[chain.review_id, chain.pk])
    return client.put(address, body, content_type="application/json")


def form(chain: Chain, **more: str) -> dict[str, Any]:
    lines = again(chain).lines
    columns = {
        "link": [each.id for each in lines],
        "words": [each.words for each in lines],
        "depth": [str(each.depth) for each in lines],
        "kind": [each.kind for each in lines],
    }
    return {"question": chain.question, "version": str(again(chain).version), **columns, **more}


def drawn(chain: Chain) -> list[str]:
    return ["  " * each.depth + each.words for each in again(chain).lines]


def test_without_script_a_line_is_added_moved_and_removed(cast: Cast, chain: Chain, signed_in: Any) -> None:
    client, address = signed_in(cast.cleo), reverse("chain", args=[chain.review_id, chain.pk])
    first = chain.lines[0].id
    answer = client.post(address, form(chain, more="Nobody owns the boards", under=first))
    assert answer["Location"].endswith(f"/write#c-{chain.pk}")
    assert drawn(chain)[:3] == [TREE[0].words, f"  {TREE[1].words}", "  Nobody owns the boards"]
    third = again(chain).lines[2].id
    client.post(address, form(chain, do=f"in:{third}"))
    assert drawn(chain)[2] == "    Nobody owns the boards"
    client.post(address, form(chain, do=f"remove:{first}"))
    assert drawn(chain) == [TREE[2].words, f"  {TREE[3].words}"]
    assert again(chain).version == 4


def test_the_editor_saves_a_chain_as_a_whole_and_two_never_overwrite_each_other(
    cast: Cast, chain: Chain, signed_in: Any
) -> None:
    links = [each.as_json() for each in chain.lines]
    links[0]["words"] = "The new board shows rates only"
    assert put(signed_in(cast.ana), chain, links, 1).json() == {"version": 2}
    conflict = put(signed_in(cast.cleo), chain, links[:1], 1)
    assert conflict.status_code == 409
    assert json.loads(conflict.json()["body"])["links"] == links
    assert drawn(chain)[0] == "The new board shows rates only"
    assert len(again(chain).links) == 4


@pytest.mark.parametrize(
    "links",
    [
        [{"words": "x"}],
        [{"words": "x", "depth": "0", "kind": "open"}],
        ["x"],
        [{"words": "", "depth": 0, "kind": "open"}, {"words": "b", "depth": 1, "kind": "open"}],
        [{"words": "x" * 1_001, "depth": 0, "kind": "open"}],
        [{"words": "x", "depth": 0, "kind": "open"}] * 301,
    ],
)
def test_what_is_no_chain_is_refused_in_words_and_nothing_is_stored(
    cast: Cast, chain: Chain, signed_in: Any, links: list[Any]
) -> None:
    before = again(chain).links
    answer = put(signed_in(cast.ana), chain, links, 1)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert again(chain).links == before


def test_what_was_typed_without_script_is_shown_again_when_it_cannot_be_saved(
    cast: Cast, chain: Chain, signed_in: Any
) -> None:
    client, address = signed_in(cast.ana), reverse("chain", args=[chain.review_id, chain.pk])
    refused = client.post(address, form(chain, question="", more="My own line"))
    assert refused.status_code == 422
    assert "My own line" in refused.content.decode()
    late = form(chain, more="Cleo's line")
    client.post(address, form(chain, more="Ana's line"))
    conflict = client.post(address, late).content.decode()
    assert "Ana&#x27;s line" in conflict
    assert "Cleo&#x27;s line" in conflict
    assert drawn(chain)[-1] == "Ana's line"


def test_while_a_chain_ends_in_a_person_the_section_asks_on(cast: Cast, chain: Chain, signed_in: Any) -> None:
    review = chain.review
    page = signed_in(cast.ana).get(reverse("write", args=[review.pk])).content.decode()
    assert "A chain ends in a person" not in page
    chain_changes.say(chain.pk, by=cast.ana, question=HOW, links=chain.lines[:3], version=1)
    page = signed_in(cast.ana).get(reverse("write", args=[review.pk])).content.decode()
    assert "A chain ends in a person" in page
    assert '<p class="branch__ask">' in page
    told = [each.what for each in missing_of(Review.objects.visible_to(cast.ana).get(pk=review.pk), cast.ana)]
    assert "A chain ends in a person: what made it sensible?" in told
    with pytest.raises(Refused, match="still to be written"):
        publish(cast, review)
    # Taken away, it asks no more; and a section that is said not to apply is settled as any other.
    chain_changes.remove(chain.pk, by=cast.cleo)
    assert publish(cast, review).document["chains"] == []


def test_a_claim_without_conditions_is_still_a_first_story_and_readers_never_get_it(
    cast: Cast, story: Chain, signed_in: Any
) -> None:
    review = story.review
    told = [each.what for each in missing_of(Review.objects.visible_to(cast.bo).get(pk=review.pk), cast.bo)]
    assert "Still a first story: which conditions made it sensible?" in told
    assert "still a first story" in signed_in(cast.ana).get(reverse("write", args=[review.pk])).content.decode()
    bare = publish(cast, review)
    assert "not paying attention" not in json.dumps(bare.document)
    conditions = [Link("", "The alarm rang forty times that night", 0, "condition")]
    chain_changes.say(story.pk, by=cast.cleo, question=story.question, links=conditions, version=1)
    assert not [
        each
        for each in missing_of(Review.objects.visible_to(cast.bo).get(pk=review.pk), cast.bo)
        if "first story" in each.what
    ]
    whole = publish(cast, review)
    page = signed_in(cast.dov).get(reverse("read", args=[review.pk])).content.decode()
    assert "The alarm rang forty times that night" in page
    assert whole.document["second_stories"][0]["question"] == "The on-call engineer was not paying attention"


def test_a_version_keeps_the_tree_as_it_was_with_labels_for_names(cast: Cast, chain: Chain, signed_in: Any) -> None:
    review = chain.review
    version = publish(cast, review)
    chain_changes.say(chain.pk, by=cast.ana, question="Changed later", links=[], version=1)
    client = signed_in(cast.dov)
    for format_ in ("markdown", "html", "json"):
        told = client.get(reverse("export_version", args=[version.pk, format_])).content.decode()
        assert "The on-call engineer looked at the old board" in told
        assert "Changed later" not in told
    nested = json.loads(client.get(reverse("export_version", args=[version.pk, "json"])).content)["chains"][0]["links"]
    assert nested[1]["links"][0]["words"] == "The alarm names the old board"
    listed = client.get(reverse("export_version", args=[version.pk, "markdown"])).content.decode()
    assert "  - *Person:* The on-call engineer looked at the old board\n    - *Condition:* The alarm" in listed
    second = publish(cast, review)
    address = reverse("versions_compare", args=[review.pk, second.number, version.number])
    assert "<del>" in client.get(address).content.decode()


def test_an_exported_review_comes_in_again_with_its_trees(cast: Cast, story: Chain) -> None:
    conditions = [Link("", "The alarm rang forty times that night", 0, "condition")]
    chain_changes.say(story.pk, by=cast.cleo, question=story.question, links=conditions, version=1)
    once = draft(story.review, cast.bo)
    assert document_from(markdown(once)).chains == once.chains
    review = bring_in(markdown(once), cast.ana)
    twice = draft(review, cast.ana)
    assert (twice.chains, twice.second_stories) == (once.chains, once.second_stories)
    assert twice.chains[0].links


def test_the_history_says_who_changed_what_and_puts_it_back(cast: Cast, chain: Chain, signed_in: Any) -> None:
    chain_changes.say(chain.pk, by=cast.cleo, question=HOW, links=chain.lines[:2], version=1)
    address = reverse("chain_history", args=[chain.review_id, chain.pk])
    page = signed_in(cast.bo).get(address).content.decode()
    assert "Cleo" in page
    assert "<del>" in page
    signed_in(cast.bo).post(address, {"version": "1"})
    assert drawn(chain) == [
        TREE[0].words,
        f"  {TREE[1].words}",
        TREE[2].words,
        f"  {TREE[3].words}",
    ]
    assert ChainSnapshot.objects.for_system("a test's look").filter(chain=chain).count() == 3
    assert "Cleo" not in signed_in(cast.gil).get(address).content.decode()


def test_a_chain_taken_away_comes_back(cast: Cast, chain: Chain, signed_in: Any) -> None:
    client, address = signed_in(cast.ana), reverse("chain", args=[chain.review_id, chain.pk])
    client.post(address, {"do": "away"})
    assert draft(chain.review, cast.ana).chains == ()
    assert "Taken away" in client.get(reverse("write", args=[chain.review_id])).content.decode()
    client.post(address, {"do": "back"})
    assert draft(chain.review, cast.ana).chains[0].question == HOW


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_others_get_404(cast: Cast, chain: Chain, signed_in: Any, who: str) -> None:
    client, review = signed_in(getattr(cast, who)), chain.review_id
    assert put(client, chain, [], 1).status_code == 404
    for route, args in (("chain_add", [review]), ("chain", [review, chain.pk]), ("chain_history", [review, chain.pk])):
        answer = client.post(reverse(route, args=args), {"kind": "how", "question": "x", "version": "1"})
        assert answer.status_code == 404
    with pytest.raises(Http404):
        chain_changes.add(chain.review, by=getattr(cast, who), kind="how", question="x")


def test_a_chain_of_another_review_is_not_reached_through_this_one(cast: Cast, chain: Chain, signed_in: Any) -> None:
    other = make_review(cast, "Another")
    changes.lay_out(other, by=cast.bo)
    assert signed_in(cast.ana).post(reverse("chain", args=[other.pk, chain.pk]), form(chain)).status_code == 404


def test_the_words_of_a_struck_line_go_from_chains_and_their_history(cast: Cast, chain: Chain) -> None:
    let_go(chain.review_id, "shows rates, not lengths")
    kept = ChainSnapshot.objects.for_system("a test's look").get(chain=chain)
    assert "shows rates" not in json.dumps([again(chain).links, kept.links])


def test_script_in_a_chain_is_inert(cast: Cast, review: Review, signed_in: Any) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    write_everything(cast, review)
    chain_changes.add(review, by=cast.ana, kind="how", question=attack, links=[Link("", attack, 0, "condition")])
    version = publish(cast, review)
    client = signed_in(cast.ana)
    for address in (
        reverse("write", args=[review.pk]),
        reverse("read", args=[review.pk]),
        reverse("export_version", args=[version.pk, "html"]),
    ):
        assert "<script>alert" not in client.get(address).content.decode()
        assert "<img src=x" not in client.get(address).content.decode()
