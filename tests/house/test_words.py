"""Georgian is complete, and written in letters every phone can draw."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from foundation.language import WORDS, catalogue
from tools.glossary import GLOSSARY

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


# What a sentence may hang a case on: digits alone. Names, titles and days have their own endings.
DIGITS = {"n", "gt", "lt", "ge", "le", "limit", "max_length", "decimal_places", "least", "most"}
A_DAY = "day|due|when|until|deadline|opens|end|correct_by|reserve_until"
# What stands before a day that is in the nominative: a colon, a dash, a bracket, a dot, a comma, or “the last day is”.
BEFORE_A_DAY = re.compile(r"(^|[:(–·.,№]|ვადაა|დღეა|ვადა იყო|დღე იყო|წარსადგენი|\n)\s*$")
WRITING = {
    "a case on a name, a title or a day": r"\{(?!(?:" + "|".join(sorted(DIGITS)) + r")\})\w+\}[“\"]?[-‑][ა-ჰ]",
    "quotes around an organisation or a person": r"„\{(organisation|reviewer|lead|who|owner)\}",
    "an amount before a noun": r"\{(amount|sum|asked|recovery)\} [ა-ჰ]*გრანტ",
    "a number before what it names": r"\{\w*(number|quarter)\w*\} (ანგარიში|კვარტალი|ტრანში|ოქმი)",
    "a number without №": r"\b(ანგარიში|ტრანში|ოქმი) \{\w*number\w*\}",
    "“date” after a day": r"\} თარიღ",
    "foreign quotes or dashes": '["”—]| - ',
    "“for example” without its comma": r"მაგალითად(?!,)",
    "megabytes in Latin": r"MB\b|მეგაბაიტ",
}
# Words that hold an avoided stem rightly: the holder of a bank account, reasons, illegal, a service of a municipality.
RIGHT = re.compile(r"საბანკო ანგარიშის მფლობელი|ნომერსა და მფლობელს|დასაბუთებ")


def georgian():
    """Every Georgian sentence: (file, English, sentence)."""
    for path in sorted((WORDS / "ka").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ka"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    forms = message.string if isinstance(message.string, tuple) else (message.string,)
                    for form in dict.fromkeys(forms):
                        yield path.stem, key, form


def table(heading: str) -> list[list[str]]:
    part = GLOSSARY.read_text(encoding="utf-8").split(heading)[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize("rule", WRITING)
def test_rules_of_writing(rule):
    pattern = re.compile(WRITING[rule])
    assert [(where, said) for where, _english, said in georgian() if pattern.search(said)] == []


def test_quotes_are_closed():
    assert [said for _where, _english, said in georgian() if said.count("„") != said.count("“")] == []


def test_a_day_in_the_nominative_stands_apart():
    wrong = []
    for where, _english, said in georgian():
        for found in re.finditer(rf"\{{({A_DAY})\}}", said):
            if not BEFORE_A_DAY.search(said[: found.start()]):
                wrong.append((where, said))
    assert wrong == []


def test_no_word_that_is_avoided():
    stems = [stem.strip() for row in table("## Words to avoid") for stem in row[0].split(",")]
    found = [
        (stem, where, said) for where, _english, said in georgian() for stem in stems if stem in RIGHT.sub("", said)
    ]
    assert len(stems) > 20
    assert found == []


def test_an_account_is_no_report_and_a_bank_account_is_called_one():
    assert [said for where, _english, said in georgian() if where == "accounts" and "ანგარიშ" in said] == []
    loose = re.compile(r"(?<!საბანკო )(?<!საბანკო\n)\bანგარიში(ს მფლობელი| \{account\})")
    assert [said for _where, _english, said in georgian() if loose.search(said)] == []


def test_a_term_of_the_glossary_has_one_word():
    """Where a term stands alone, as a label or a heading, it is the word of the glossary."""
    terms = {}
    for english, own, _meaning in (row for row in table("# Glossary") + _tables() if len(row) == 3):
        pairs = list(zip(english.split(", "), own.split(", "), strict=False))
        terms.update({term.removeprefix("to ").lower(): word for term, word in pairs if " · " not in term})
    wrong = {}
    for _where, said, word in georgian():
        if said.lower() in terms and word.lower() != terms[said.lower()].lower():
            wrong[said] = (word, terms[said.lower()])
    assert len(terms) > 60
    assert wrong == {}


def _tables() -> list[list[str]]:
    text = GLOSSARY.read_text(encoding="utf-8").split("## Words to avoid")[0]
    return [row for heading in re.findall(r"^(## .+)$", text, re.M) for row in table(heading)]


# English that reads as another language's, and the few sentences where it is right.
ENGLISH = re.compile(
    r"\banew\b|by itself|\bwhoever\b|over \{amount|\bletters?\b|\bin all\b|\be-mail|\bstands\b|\bgoes on\b|by the clock"
    r"|\bhand(ed)? in\b|has been told|was told|is told\b",
    re.IGNORECASE,
)
ENGLISH_RIGHT = re.compile(
    r"in all periods|[Ll]etters? of (the|a) bank|bank's letter|Letters of support|Latin letters|two letters|one letter were"
    r"|from the letter\. Let them|a letter of the bank"
)


def test_english_is_idiomatic():
    said = {key for _where, key, _own in georgian()}
    assert sorted(key for key in said if ENGLISH.search(ENGLISH_RIGHT.sub("", key))) == []


def test_a_link_in_a_letter_stands_alone():
    wrong = [key for _where, key, own in georgian() if "{link}" in key and not re.search(r"\n\n\{link\}($|\n)", own)]
    assert wrong == []
