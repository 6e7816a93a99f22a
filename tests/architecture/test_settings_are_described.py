from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_is_described_and_every_description_is_a_setting() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    used = set(re.findall(r'"(SECONDSTORY_[A-Z_]+|PORT|DATABASE_URL|REDIS_URL)"', code))
    described = set(
        re.findall(
            r"`(SECONDSTORY_[A-Z_]+|PORT|DATABASE_URL|REDIS_URL)`", (ROOT / "docs/operate/settings.md").read_text()
        )
    )
    assert used == described
