"""Two hundred ways to name one of six invented people: each is replaced or listed for a human, none is left."""

from __future__ import annotations

import pytest

from secondstory.writing.name_likeness import fold
from secondstory.writing.names import Known, Names

PEOPLE = [
    Known(
        "p1", "Mirela Okonkwo-Bright", "mirela.okonkwo@lantern.example", ("mokonkwo", "mirela.o"), "on-call engineer"
    ),
    Known("p2", "José Álvarez", "jose@lantern.example", ("jalv", "pepe42"), "release lead"),
    Known("p3", "Will Brook", "will.brook@lantern.example", ("wbrook",), "database engineer"),
    Known("p4", "Alexander Nowak", "alexander.nowak@lantern.example", ("anowak",), "support lead"),
    Known("p5", "Siobhán O'Rourke", "siobhan@lantern.example", ("sor",), "product manager"),
    Known("p6", "Bo Lindqvist", "bo@lantern.example", ("bolle",), "facilitator"),
]
COLLEAGUE = Known("p7", "Tamsin Vale", "tamsin.vale@lantern.example", ("tvale",), near=False)
EVIDENCE = Known("author:quill", "quill", "", ("quill",), near=False, certain=False)

FORMS = {
    "full": """Mirela Okonkwo-Bright|MIRELA OKONKWO-BRIGHT|mirela okonkwo-bright|Mirela Okonkwo Bright|Okonkwo-Bright, Mirela
        |Mirela Okonkwo|José Álvarez|Jose Alvarez|JOSÉ ÁLVAREZ|Álvarez, José|Alvarez Jose|Will Brook|will brook|Brook, Will
        |Alexander Nowak|Nowak, Alexander|alexander nowak|ALEXANDER NOWAK|Siobhán O'Rourke|Siobhan O\u2019Rourke|siobhan o'rourke
        |Bo Lindqvist|bo lindqvist|Lindqvist, Bo|Tamsin Vale|tamsin vale|Vale, Tamsin""",
    "first": """Mirela|mirela|MIRELA|José|Jose|jose|JOSE|Will|Alexander|alexander|Siobhán|Siobhan|siobhan|SIOBHAN|Bo|BO|bo""",
    "last": """Okonkwo-Bright|Okonkwo|okonkwo|OKONKWO|Ms Okonkwo|Álvarez|Alvarez|alvarez|Mr Alvarez|Brook|Nowak|nowak|Mr. Nowak
        |O'Rourke|O\u2019Rourke|Rourke|rourke|Lindqvist|lindqvist|LINDQVIST""",
    "possessive": """Mirela's|Mirela\u2019s|José's|Jose's|Will's|Alexander's|Siobhán's|Bo's|Okonkwo's|Álvarez'|Nowak's|Lindqvist's|mokonkwo's""",
    "shortened": """M. Okonkwo-Bright|M. Okonkwo|M Okonkwo|Mirela O.|Mirela O|J. Álvarez|J. Alvarez|José Á.|Jose A.|W. Brook|Will B.|A. Nowak
        |Alexander N.|S. O'Rourke|Siobhan O.|B. Lindqvist|Bo L.""",
    "initials": """MOB|MB|M.|JA|J.A.|WB|AN|SOR|SR|BL|BL:|mob:|ja>|wb:|bl:""",
    "address": """mirela.okonkwo@lantern.example|Mirela.Okonkwo@Lantern.example|jose@lantern.example|jose+oncall@lantern.example
        |will.brook@lantern.example|alexander.nowak@lantern.example|siobhan@lantern.example|bo@lantern.example
        |<mirela.okonkwo@lantern.example>|mailto:jose@lantern.example|tamsin.vale@lantern.example|mirela@home.example
        |j.alvarez@elsewhere.example""",
    "handle": """mokonkwo|@mokonkwo|mirela.o|@mirela.o|jalv|@jalv|pepe42|@pepe42|wbrook|@wbrook|anowak|@anowak|@sor|bolle|@bolle
        |tvale|@tvale|<@U02ABCDEF1>|<@U02ABCDEF1|mirela>|@mirela|@Jose|@Bo|@siobhan|@alexander|@unknown.person|quill|@quill""",
    "joined": """mirelaokonkwo|MirelaOkonkwo|mirela-okonkwo|mirela_okonkwo|feature/mirela-okonkwo/retry|JoseAlvarez|jose_alvarez|wbrook-fix
        |alexandernowak|alexander-nowak-patch-1|nowak_test|bo-lindqvist|BoLindqvist|lindqvist2|home/mirela/notes.txt""",
    "short form": """Alex|alex|Sasha|Miri|Mire|Siob|Bill|Alexand|Linds|Lindq""",
    "misspelling": """Mirella|Mierla|Mirela5|Mirelas|Merela|Okonkow|Okonwko|Alvares|Alvarz|Alvaerz|Jsoé|Nowack|Novak|Nowka|Alexandre|Aleksander
        |Siobahn|Shiobhan|Lindquist|Lindqvst|Lindkvist""",
    "trailer": """Co-authored-by: Mirela Okonkwo-Bright <mirela.okonkwo@lantern.example>
        |Signed-off-by: José Álvarez <jose@lantern.example>|Reviewed-by: W. Brook|Co-authored-by: Somebody Else <else@other.example>
        |Author: Alexander Nowak <alexander.nowak@lantern.example>|Acked-by: siobhan|Reported-by: bo@lantern.example""",
    "dressed": """**Mirela**|_Mirela_|*José*|`jalv`|(Bo)|"Siobhán"|~~Nowak~~|[Mirela](https://example.org)|Mirela\u00a0Okonkwo|Mire\u200bla
        |Mirela\nOkonkwo|M\u00adirela|&#77;irela|Mi&shy;rela|Jose\u0301|#mirela|Mirela/José|Bo,|Bo!""",
}
# "<@U02ABCDEF1|mirela>" holds the separator itself.
PLANTED = [
    (kind, form)
    for kind, forms in FORMS.items()
    for form in (each.strip(" ") for each in forms.replace("|mirela>", "\0").replace("\n        ", "").split("|"))
]
PLANTED = [(kind, form.replace("\0", "|mirela>")) for kind, form in PLANTED]
SENTENCES = ("At 14:05 {} looked at the queue.", "{} said that it was odd.", "It was seen by {}")


def test_there_are_two_hundred_planted_forms() -> None:
    assert len(PLANTED) >= 200


TELLING = [
    "mirela",
    "okonkwo",
    "bright",
    "jose",
    "alvarez",
    "siobhan",
    "rourke",
    "nowak",
    "alexander",
    "lindqvist",
    "tamsin",
    "jalv",
    "pepe42",
    "wbrook",
    "bolle",
    "quill",
    "lantern",
]


def spans_left(text: str) -> list[str]:
    """What still tells a name once every doubt is answered with "replace"."""
    everybody = [*PEOPLE, COLLEAGUE, EVIDENCE]
    doubts = Names(everybody, {}).doubts([("summary", text)])
    after = Names(everybody, {each.form: "replace:" for each in doubts}).replaced(text)
    return [word for word in TELLING if word in fold(after)]


def met(text: str, form: str) -> str:
    names = Names([*PEOPLE, COLLEAGUE, EVIDENCE], {})
    if names.replaced(text) != text:
        return "replaced"
    return (
        "listed"
        if any(each.form in form or form in each.form for each in names.doubts([("summary", text)]))
        else "left"
    )


@pytest.mark.parametrize(("kind", "form"), PLANTED)
def test_a_planted_name_is_replaced_or_listed(kind: str, form: str) -> None:
    for sentence in ["{}"] if kind == "trailer" else SENTENCES:
        assert met(sentence.format(form), form) != "left", sentence.format(form)
        assert spans_left(sentence.format(form)) == []


def test_how_many_were_sure() -> None:
    found = [met(f"Then {form} looked", form) for _kind, form in PLANTED]
    assert found.count("left") == 0
    assert found.count("replaced") > found.count("listed")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mirela paged José.", "The on-call engineer paged the release lead."),
        ("Then Mirela's alert fired", "Then the on-call engineer's alert fired"),
        ("- Mirela looked\n- Nowak called", "- The on-call engineer looked\n- The support lead called"),
        ("Mirela", "on-call engineer"),
        ("as told by @mokonkwo", "as told by the on-call engineer"),
        ("Mirela (on-call engineer) looked", "The on-call engineer looked"),
        ("our Nowak", "our support lead"),
        ("Co-authored-by: José Álvarez <jose@lantern.example>", "Co-authored-by: release lead"),
        ("`jalv` ran it", "`release lead` ran it"),
    ],
)
def test_a_label_stands_in_the_sentence_as_a_word_would(before: str, after: str) -> None:
    assert Names(PEOPLE, {}).replaced(before) == after


def test_ordinary_sentences_stay_untouched_and_unlisted() -> None:
    text = (
        "The deploy failed because the queue was full. Nobody was paged for 12 minutes; the alert on the old board "
        "fired at 14:05 and was seen in the morning. We do not know how long the cache had been cold. https://docs.example/a"
    )
    names = Names([person for person in PEOPLE if person.person != "p3"], {})
    assert names.replaced(text) == text
    assert names.doubts([("summary", text)]) == []


def test_an_ordinary_word_that_is_also_a_name_waits_for_a_human() -> None:
    text = "Will this work? Will said yes."
    names = Names(PEOPLE, {})
    assert names.replaced(text) == text
    assert [each.form for each in names.doubts([("summary", text)])] == ["Will"]
    assert Names(PEOPLE, {"Will": "keep"}).replaced(text) == text
    assert "database engineer" in Names(PEOPLE, {"Will": "replace:p3"}).replaced(text)


def test_a_label_that_names_somebody_is_no_label() -> None:
    people = [Known("p1", "Mirela Okonkwo", label="Nowak's deputy"), Known("p2", "Alexander Nowak", label="lead")]
    assert Names(people, {}).replaced("Mirela") == "someone"


def test_two_of_one_name_are_told_apart_by_a_human() -> None:
    people = [Known("p1", "Ana Sol", label="lead"), Known("p2", "Ana Vale", label="engineer")]
    doubts = Names(people, {}).doubts([("summary", "Ana looked")])
    assert [(each.form, set(each.people)) for each in doubts] == [("Ana", {"p1", "p2"})]
    assert Names(people, {}).replaced("Ana Vale looked") == "The engineer looked"


def test_a_megabyte_is_searched_in_seconds() -> None:
    text = "The queue grew and nobody saw it. Mirela looked at the board. " * 17_000
    assert len(text) > 1_000_000
    assert "Mirela" not in Names(PEOPLE, {}).replaced(text)
