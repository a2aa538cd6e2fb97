"""No cookie of the service is made anywhere else, so none of them is without its guards."""

import re
from pathlib import Path

from web.cookies import cookie

ROOT = Path(__file__).parent.parent.parent
MADE = re.compile(r"\bCookie\(|set_cookie\([^\n]*(?:key|value)=")


def test_one_place_makes_cookies():
    wrong = [
        str(path.relative_to(ROOT))
        for room in ("accounts", "entrypoints", "grants", "lifecycle", "monitoring", "uploads", "web")
        for path in (ROOT / room).rglob("*.py")
        if MADE.search(path.read_text("utf-8"))
    ]
    assert wrong == ["web/cookies.py"]


def test_a_cookie_is_out_of_the_reach_of_scripts():
    made = cookie("flash", "words", 60)
    assert (made.httponly, made.samesite, made.path, made.max_age) == (True, "lax", "/", 60)
