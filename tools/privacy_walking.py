"""Walks with a leak, told over standard input, and answers what became of it.

`warm`: everything is loaded and the world filled once; each leak is then put into a child of that process. `cold`: one leak, that
stands in the files already, is there from the start, while the world is filled too.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from privacy_patching import NotInFunctions, put_in

# In this order: what is read in the source takes least, asking at every address most.
WALKS = ("test_doors", "test_sockets", "test_who_may_no_more", "test_who_decides", "test_who_takes_part_no_more")
WALKS += ("test_who_holds_a_part", "test_standing_in_a_lane", "test_what_is_ones_own")
WALKS += ("test_rows_and_readers", "test_keys_for_the_api", "test_every_address", "test_what_leaves_the_house")
WALKS += ("test_what_a_writer_is_answered", "test_what_is_taken_along")
# What takes long, and the slices it is near to all the same.
FAR_BUT = {
    "test_what_leaves_the_house": {"cli"},
    "test_what_is_taken_along": {"writing", "stories"},
    "test_sockets": {"live", "people"},
    "test_keys_for_the_api": {"people"},
    "test_who_holds_a_part": {"stories", "replay", "reviews"},
    "test_standing_in_a_lane": {"replay"},
    "test_what_a_writer_is_answered": {"actions", "replay", "reviews", "stories", "timeline", "writing"},
}
SOURCE = WALKS[0]


class Walk:
    """Runs the tests that were collected, in an order of its own, until somebody was told something."""

    def __init__(self, orders: TextIO, answers: TextIO, *, warm: bool) -> None:
        self.orders, self.answers, self.warm = orders, answers, warm
        self.leak: tuple[str, str] | None = None
        self.other = ""

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        value = call.excinfo.value
        where = getattr(node, "nodeid", "").partition("tests/privacy/")[2]
        if type(value).__name__ == "Leak":
            self.leak = self.leak or (where, str(value)[:300])
        else:
            self.other = self.other or f"{where}: {type(value).__name__}: {value}"[:300]

    def pytest_runtestloop(self, session: Any) -> bool:
        if session.testsfailed:
            self.answer(self.outcome(0))
        elif self.warm:
            self.serve(session)
        else:
            order = json.loads(self.orders.readline())
            self.answer(self.walked(session, order["slice"], far=order["far"], pages=order["pages"]))
        return True

    def answer(self, outcome: dict[str, Any]) -> None:
        print(json.dumps(outcome), file=self.answers, flush=True)

    def serve(self, session: Any) -> None:
        """Walks once without a leak, which fills what all walks need, and then once with each."""
        begun = time.monotonic()
        _run(session, _ordered(session.items, ""))
        self.answer(self.outcome(time.monotonic() - begun))
        for line in self.orders:
            self.answer(self.in_a_child(session, json.loads(line)))

    def in_a_child(self, session: Any, order: dict[str, Any]) -> dict[str, Any]:
        answer = Path(tempfile.mkdtemp()) / "answer"
        child = os.fork()
        if child:
            return _waited(child, order["seconds"], answer)
        os.setpgid(0, 0)
        sys.modules["tests.privacy.test_doors"].trees.cache_clear()
        try:
            put_in(order["module"], order["was"], order["becomes"])
            outcome = self.walked(session, order["slice"], far=order["far"], pages=order["pages"])
        except NotInFunctions:
            outcome = self.read(session)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            outcome = {"verdict": "fails for another reason", "by": repr(error)[:300], "seconds": 0}
        answer.write_text(json.dumps(outcome))
        os._exit(0)

    def walked(self, session: Any, slice_: str, *, far: bool, pages: bool) -> dict[str, Any]:
        """Looks at the addresses of the slice first, then, if it shall go so far, walks all of it."""
        begun = time.process_time()
        routes = sys.modules["tests.privacy.told"].ROUTES
        everywhere = list(routes)
        routes[:] = [each for each in everywhere if each.slice == slice_]
        items = _ordered(session.items, slice_)
        _run(session, _near(items, slice_, pages_first=pages, asked=bool(routes)), self)
        routes[:] = sorted(everywhere, key=lambda each: (each.slice != slice_, each.path))
        if far and not self.leak:
            self.other = ""
            _run(session, items, self)
        return self.outcome(time.process_time() - begun)

    def read(self, session: Any) -> dict[str, Any]:
        """What cannot be put in here can still be read in the source."""
        begun = time.process_time()
        _run(session, [each for each in session.items if SOURCE in each.nodeid], self)
        told = self.outcome(time.process_time() - begun)
        return told if self.leak else told | {"verdict": "not in functions"}

    def outcome(self, seconds: float) -> dict[str, Any]:
        if self.leak:
            return {"verdict": "caught", "by": self.leak[0], "told": self.leak[1], "seconds": seconds}
        verdict = "fails for another reason" if self.other else "survived"
        return {"verdict": verdict, "by": self.other, "seconds": seconds}


def _ordered(items: Iterable[Any], slice_: str) -> list[Any]:
    def place(item: Any) -> tuple[int, bool]:
        name = item.nodeid.rpartition("/")[2]
        return WALKS.index(name.partition(".py")[0]), bool(slice_) and f"[{slice_}." not in name

    return sorted(items, key=place)


def _near(items: list[Any], slice_: str, *, pages_first: bool, asked: bool) -> list[Any]:
    """What is most likely to be told: in the source, by the functions and addresses of the slice, in all rows."""
    of_others = [each for each in items if "[" in each.name and "tells_what_is_theirs" in each.name]
    of_others = [each for each in of_others if f"[{slice_}." not in each.name]
    pages = [each for each in items if "test_every_address" in each.nodeid and asked]
    late = {"test_every_address"} | {name for name, slices in FAR_BUT.items() if slice_ not in slices}
    rest = [each for each in items if each not in of_others and not any(name in each.nodeid for name in late)]
    source = [each for each in rest if SOURCE in each.nodeid]
    rows = [each for each in rest if each not in source]
    return [*source, *pages, *rows] if pages_first else [*source, *rows, *pages]


def _run(session: Any, items: list[Any], until: Walk | None = None) -> None:
    """The last is followed by the first, so that what the whole session stands on is not taken down."""
    for item, following in zip(items, [*items[1:], items[0]], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if until and until.leak:
            return


def _waited(child: int, seconds: float, answer: Path) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.05)
    too_slow = {"verdict": "too slow", "by": "", "seconds": seconds}
    found: dict[str, Any] = json.loads(answer.read_text()) if answer.exists() else too_slow
    return found


def main() -> None:
    """In the folder of the copy, whose `src` is walked."""
    warm = sys.argv[1] == "warm"
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["SECONDSTORY_PLANTING"] = "yes"
    options = ["-q", "-s", "--tb=no", "--nomigrations", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    pytest.main([*options, *(f"tests/privacy/{name}.py" for name in WALKS)], plugins=[Walk(orders, answers, warm=warm)])


if __name__ == "__main__":
    main()
