"""Frames while panning the lanes: the served product, headless Chromium without a GPU, a real mouse.

    python tests/bench/lanes.py --moments 500 --evidence 50000

Each row drags to and fro for some seconds at one zoom and prints what requestAnimationFrame saw.
The bar is a median of 50 frames a second and 33 ms for the 95th percentile of frames. Ends with 1 if it is missed.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP), str(TOP / "src")]

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from tests.browser.driving import Served, chromium_of, serving, sign_in  # noqa: E402

LEAST_FRAMES, LONGEST_FRAME = 50, 33
SECONDS = 6
FILL = """
import random
from datetime import timedelta
from tests.cast import HAPPENED, make_cast, make_review
from secondstory.evidence.models import Evidence
from secondstory.reviews.models import KeyTime
from secondstory.timeline.models import Difference, Lane, Learned, Moment
from secondstory.timeline.ranking_changes import rank
chance, cast = random.Random(20260309), make_cast()
review = make_review(cast)
names = [("Checkout", "system"), ("Orders database", "system"), ("On-call engineer", "role"), ("Release lead", "role"),
         ("Support desk", "team"), ("Network team", "team")]
lanes = [Lane(review=review, name=name, kind=kind, position=nth) for nth, (name, kind) in enumerate(names)]
Lane.objects.for_system("bench").bulk_create(lanes)
words = ["Checkout answers slowly", "A customer calls: cannot pay", "The price service is rolled back", "Load on the database doubles"]
def at(minutes): return HAPPENED + timedelta(minutes=minutes)
moments = [Moment(review=review, lane=chance.choice(lanes), at=at(chance.random() * 2_000), what=chance.choice(words),
                  pivot=nth % 9 == 0, when="about" if nth % 7 == 0 else "exact") for nth in range(MOMENTS)]
Moment.objects.for_system("bench").bulk_create(moments)
Learned.objects.for_system("bench").bulk_create(
    Learned(review=review, moment=moment, lane=chance.choice(lanes), at=moment.at + timedelta(minutes=chance.random() * 60))
    for moment in moments[::5])
Difference.objects.for_system("bench").bulk_create(
    Difference(review=review, moment=moment, by=cast.cleo, words="It was otherwise.") for moment in moments[::10])
for name, minutes in (("started", 5), ("detected", 40), ("mitigated", 900), ("resolved", 1_900)):
    KeyTime(review=review, name=name, at=at(minutes)).save()
Evidence.objects.for_system("bench").bulk_create((
    Evidence(review=review, number=number, format="slack", kind="message", at=at(chance.gauss(1_000, 420)), place="#ops",
             text="words", digest=number.to_bytes(16)) for number in range(1, EVIDENCE + 1)), batch_size=2_000)
rank(review)
print(review.pk)
"""
WATCH = """() => {
  window.frames_ = []; let last = performance.now(); window.watching_ = true;
  const next = now => { window.frames_.push(now - last); last = now; if (window.watching_) requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
TAKE = "() => { window.watching_ = false; return window.frames_.slice(2); }"


def main() -> int:
    """Fill, serve, drag, print."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="secondstory-bench-") as folder, serving(Served(Path(folder))) as served:
        review = served.ran(FILL.replace("MOMENTS", str(given.moments)).replace("EVIDENCE", str(given.evidence)))
        with sync_playwright() as playwright:
            browser = chromium_of(playwright)
            page = browser.new_context(base_url=served.origin, viewport={"width": 1440, "height": 900}).new_page()
            sign_in(page, "Bo")
            rows = measured(page, f"/reviews/{review}/timeline/lanes", given.seconds)
            browser.close()
    print(f"{given.moments:,} moments, {given.evidence:,} lines of evidence; headless Chromium without a GPU")
    print()
    print(table(rows))
    return 0 if all(_holds(frames) for _, _, frames in rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=500)
    parser.add_argument("--evidence", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    return parser.parse_args()


def measured(page: Page, address: str, seconds: float) -> list[tuple[str, int, list[float]]]:
    """Per zoom: what was looked at, moments in view, milliseconds of each frame."""
    page.goto(address)
    page.locator(".mark").first.wait_for(state="attached")
    rows = []
    for name, closer in (("where one begins", 1), ("closer", 3), ("closer still", 3)):
        for _ in range(closer if name != "where one begins" else 1):
            page.get_by_role("button", name="Closer").click()
        page.wait_for_timeout(1_500)
        rows.append((name, _in_view(page), _dragged(page, seconds)))
    return rows


def _dragged(page: Page, seconds: float) -> list[float]:
    box: Any = page.locator(".lanes__svg").bounding_box()
    left, y = box["x"] + 160, box["y"] + 30
    middle, reach = left + (box["width"] - 160) / 2, (box["width"] - 200) / 2
    page.mouse.move(middle, y)
    page.mouse.down()
    page.evaluate(WATCH)
    began = time.monotonic()
    while (past := time.monotonic() - began) < seconds:
        page.mouse.move(middle + reach * math.sin(past * 2.2), y)
    frames: list[float] = page.evaluate(TAKE)
    page.mouse.up()
    return frames


def _in_view(page: Page) -> int:
    box: Any = page.locator(".lanes__svg").bounding_box()
    return int(
        page.evaluate(
            "([from, to]) => [...document.querySelectorAll('.mark')].filter(each => {"
            " const at = each.getBoundingClientRect().left; return at > from && at < to }).length",
            [box["x"] + 148, box["x"] + box["width"]],
        )
    )


def _holds(frames: list[float]) -> bool:
    median, slow = _figures(frames)
    return 1_000 / median >= LEAST_FRAMES and slow <= LONGEST_FRAME


def _figures(frames: list[float]) -> tuple[float, float]:
    return statistics.median(frames), sorted(frames)[int(len(frames) * 0.95)]


def table(rows: list[tuple[str, int, list[float]]]) -> str:
    """As Markdown."""
    lines = ["| zoom | moments in view | frames | median, frames a second | 95th percentile of frames, ms | bar |"]
    lines += ["|---|---|---|---|---|---|"]
    for name, seen, frames in rows:
        median, slow = _figures(frames)
        held = "held" if _holds(frames) else "missed"
        lines.append(f"| {name} | {seen} | {len(frames)} | {1_000 / median:.0f} | {slow:.1f} | {held} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
