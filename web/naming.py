"""The summary of errors names each field by the label it has further down on the same page."""

from __future__ import annotations

import re


class Nameless(str):
    """A sentence that does not say which field is meant: “Fill this in.”"""

    __slots__ = ()


def mark(field_id: str) -> str:
    return f"<!--label of {field_id}-->"


MARK = re.compile(r"<!--label of ([^<>\s]+)-->")
OPTIONAL = re.compile(r"<small>.*?</small>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


def named(html: str) -> str:
    """The page with the label of its field before each sentence that needs one."""
    if "<!--label of " not in html:
        return html
    return MARK.sub(lambda found: _label(html, re.escape(found[1])), html)


def _label(html: str, field_id: str) -> str:
    own = re.search(rf'<label class="lab" for="{field_id}">(.*?)</label>', html, re.DOTALL)
    tick = re.search(rf'<input type="checkbox" id="{field_id}"[^>]*><span>(.*?)</span>', html, re.DOTALL)
    found = own or tick
    if found:
        return _words(found[1])
    first = re.search(rf'<input type="(?:radio|checkbox)"[^>]*\bid="{field_id}"', html)
    legends = re.findall(r"<legend>(.*?)</legend>", html[: first.start()], re.DOTALL) if first else []
    return _words(legends[-1]) if legends else ""


def _words(label: str) -> str:
    return TAGS.sub("", OPTIONAL.sub("", label)).strip().removesuffix("?").removesuffix(":") + ": "
