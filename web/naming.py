"""The summary of errors names each field by the label it has further down on the same page."""

from __future__ import annotations

import re


class Nameless(str):
    """A sentence that does not say which field is meant: “Fill this in.”"""

    __slots__ = ()


def mark(field_id: str) -> str:
    return f"<!--label of {field_id}-->"


MARK = re.compile(r"<!--label of ([^<>\s]+)-->")
LABELLED = re.compile(
    r'<label class="lab" for="(?P<own>[^"]+)">(?P<label>.*?)</label>|<legend>(?P<legend>.*?)</legend>'
    r'|<input type="checkbox" id="(?P<tick>[^"]+)"[^>]*>(?:<span>(?P<beside>.*?)</span>)?'
    r'|<input type="(?:radio|checkbox)"[^>]*?\bid="(?P<choice>[^"]+)"',
    re.DOTALL,
)
OPTIONAL = re.compile(r"<small>.*?</small>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


SUMMARY = re.compile(r'(<div class="errors".*?<ul>)(.*?)(</ul>)', re.DOTALL)
WRONG = re.compile(r'<li>(?:<a href="#(?P<field>[^"]+)">)?.*?</li>', re.DOTALL)


def named(html: str) -> str:
    """The page with the label of its field before each sentence that needs one, and the summary in the order in which
    the fields stand further down."""
    if '<div class="errors"' not in html and "<!--label of " not in html:
        return html
    labels = _labels(html)
    html = MARK.sub(lambda found: labels.get(found[1], ""), html)
    return SUMMARY.sub(lambda found: found[1] + "".join(_in_order(found[2], html)) + found[3], html, count=1)


def _in_order(wrong: str, html: str) -> list[str]:
    """What is wrong with the whole form comes first, a field that is not on the page last."""

    def place(one: re.Match[str]) -> int:
        found = html.find(f'id="{one["field"]}"') if one["field"] else 0
        return found if found >= 0 else len(html)

    return [each[0] for each in sorted(WRONG.finditer(wrong), key=place)]


def _labels(html: str) -> dict[str, str]:
    """Of every field of the page, in one pass: its own label, that of its tick, or the legend it stands under."""
    found: dict[str, str] = {}
    legends: dict[str, str] = {}
    legend = ""
    for part in LABELLED.finditer(html):
        if part["legend"] is not None:
            legend = part["legend"]
        elif part["own"]:
            found.setdefault(part["own"], _words(part["label"]))
        elif part["tick"] and part["beside"] is not None:
            found.setdefault(part["tick"], _words(part["beside"]))
        elif legend:
            legends.setdefault(part["tick"] or part["choice"], _words(legend))
    return legends | found


def _words(label: str) -> str:
    return TAGS.sub("", OPTIONAL.sub("", label)).strip().removesuffix("?").removesuffix(":") + ": "
