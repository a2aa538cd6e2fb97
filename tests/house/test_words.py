"""Georgian is complete, and written in letters every phone can draw."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir

from foundation.language import WORDS, catalogue

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
PACKAGES = ("foundation", "web", "lifecycle", "accounts", "uploads", "grants", "monitoring", "entrypoints")


def messages():
    for package in PACKAGES:
        for name, line, message, _comments, _context in extract_from_dir(
            str(ROOT / package),
            method_map=[("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")],
            options_map={"**.html": {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}},
            keywords=KEYWORDS,
        ):
            yield f"{package}/{name}:{line}", message


def test_every_sentence_is_georgian_too():
    words, missing = catalogue("ka"), {}
    for where, message in messages():
        key = tuple(message) if isinstance(message, (tuple, list)) else message
        if key not in words:
            missing.setdefault(key, where)
    assert missing == {}


def test_placeholders_survive_translation():
    wrong = []
    for key, text in catalogue("ka").items():
        asked = set(re.findall(r"\{(\w+)\}", " ".join(key) if isinstance(key, tuple) else key))
        for form in text if isinstance(text, tuple) else (text,):
            # the number itself is always there for a sentence with a plural, whose singular may not name it in English
            if not set(re.findall(r"\{(\w+)\}", form)) <= asked | {"n"}:
                wrong.append((key, form))
    assert wrong == []


def test_one_english_sentence_has_one_georgian():
    told: dict = {}
    for path in sorted((WORDS / "ka").glob("*.po")):
        for entry in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', path.read_text(encoding="utf-8"), re.M):
            told.setdefault(entry[0], {}).setdefault(entry[1], path.name)
    assert {english: forms for english, forms in told.items() if len(forms) > 1} == {}


def test_no_capital_georgian_letters():
    mtavruli = re.compile("[\u1c90-\u1cbf]")
    found = [path.name for path in (WORDS / "ka").glob("*.po") if mtavruli.search(path.read_text(encoding="utf-8"))]
    assert found == []
    banned = re.compile(r"\|\s*(upper|title)\b|text-transform:\s*uppercase|\.upper\(\)\s*}}")
    used = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".html", ".css") and banned.search(path.read_text(encoding="utf-8"))
    ]
    assert used == []
