from __future__ import annotations

import pytest

from secondstory.language import analyse, shipped
from secondstory.language.agents import Finder

SUBJECTS = [
    ("The engineer |failed to start.", "person"),
    ("The service |failed to start.", "system"),
    ("The Prometheus operator |failed to reconcile.", "system"),
    ("The network operator |failed to answer.", "person"),
    ("The build agent |failed to answer.", "system"),
    ("The support agent |failed to answer.", "person"),
    ("The identity manager |failed to answer.", "system"),
    ("The release manager |failed to answer.", "person"),
    ("The engineer's script |failed to answer.", "system"),
    ("The engineer on call |failed to answer.", "person"),
    ("A member of the storage team |failed to answer.", "person"),
    ("At 14:02 the on-call engineer |failed to answer.", "person"),
    ("At 14:02 the gateway |failed to answer.", "system"),
    ("The team responsible for the gateway |failed to answer.", "team"),
    ("While moving the gateway, a technician |failed to answer.", "person"),
    ("The lead saw the gauge but |failed to call.", "person"),
    ("The probe saw the gauge but |failed to call.", "system"),
    ("The engineer who |failed to call was new.", "person"),
    ("The gateway that |failed to answer was old.", "system"),
    ("This lead to changes that |failed to answer.", "system"),
    ("We called the engineer, an operator that |failed to answer.", "person"),
    ("Pods that the scheduler |failed to see were lost.", "system"),
    ("When the page came, Alice |failed to answer.", "named"),
    ("Dana Reyes |failed to answer.", "named"),
    ("Charlotte Cluster |failed to answer.", "system"),
    ("Victoria Metrics |failed to answer.", "system"),
    ("@lena |failed to answer.", "named"),
    ("We had also |failed to answer.", "self"),
    ("Our team |failed to answer.", "self"),
    ("|Failed to answer.", "implicit"),
    ("The operators were busy and they |failed to answer.", "person"),
    ("The probes were busy and they |failed to answer.", "system"),
    ("Naming a release manager |could have helped.", "system"),
    ("The provider |failed to answer.", "team"),
    ("The Terraform provider |failed to answer.", "system"),
    ("Nobody |failed to answer.", "person"),
    ("It |failed to answer.", "system"),
]
FOLLOWING = [
    ("It was caused by |the release engineer.", "person"),
    ("It was caused by |the engineer's laptop.", "system"),
    ("It was caused by |Marcus deploying.", "named"),
    ("It was caused by |a full disk.", "system"),
    ("Had |the team run a test, it was fine.", "team"),
    ("Why did |you restart it?", "person"),
    ("Why did |we restart it?", "self"),
    ("Why did |the gateway restart?", "system"),
    ("Why did |the engineer wait?", "person"),
    ("It was caused by |an operator error.", "system"),
    ("It was caused by |a team member.", "person"),
]


@pytest.mark.parametrize(("sentence", "kind"), SUBJECTS)
def test_who_does_it_is_found_before_the_verb(sentence: str, kind: str) -> None:
    text = sentence.replace("|", "")
    assert Finder(text, shipped().words).before(sentence.index("|")).kind == kind


@pytest.mark.parametrize(("sentence", "kind"), FOLLOWING)
def test_who_does_it_is_found_after_the_verb(sentence: str, kind: str) -> None:
    text = sentence.replace("|", "")
    assert Finder(text, shipped().words).after(sentence.index("|")).kind == kind


def test_the_names_of_the_review_come_first() -> None:
    from secondstory.language import Settings

    text = "Zorana forgot the flag."
    assert analyse(text) == []
    named = analyse(text, settings=Settings(names=("Zorana Quill",)))
    assert [finding.rule for finding in named] == ["SS701", "SS102"]
