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


def named(html: str) -> str:
    """The page with the label of its field before each sentence that needs one."""
    if "<!--label of " not in html:
        return html
    labels = _labels(html)
    return MARK.sub(lambda found: labels.get(found[1], ""), html)


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
