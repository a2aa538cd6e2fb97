"""A form of a page as a browser would send it: every field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser

Filled = dict[str, list[str]]


class Forms(HTMLParser):
    """`forms` are the POST forms of a page: (action, fields); `written` which fields of each are for typing."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[tuple[str, Filled]] = []
        self.files: list[tuple[str, str]] = []
        self.written: list[list[str]] = []
        self._open = False
        self._area: str | None = None
        self._select: str | None = None
        self._chosen = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = has.get("method") == "post"
            if self._open:
                self.forms.append((has.get("action", ""), {}))
                self.written.append([])
        elif self._open and tag == "input" and "name" in has:
            kind = has.get("type", "text")
            if kind == "file":
                self.files.append((self.forms[-1][0], has["name"]))
            elif kind not in ("submit", "button") and (kind not in ("checkbox", "radio") or "checked" in has):
                self._take(has["name"], has.get("value", ""))
                if kind not in ("hidden", "checkbox", "radio", "password"):
                    self.written[-1].append(has["name"])
        elif self._open and tag == "textarea" and "name" in has:
            self._area = has["name"]
            self._take(self._area, "")
            self.written[-1].append(self._area)
        elif self._open and tag == "select" and "name" in has:
            self._select, self._chosen = has["name"], False
        elif self._open and tag == "option" and self._select:
            fields = self.forms[-1][1]
            if "selected" in has:
                fields[self._select] = [has.get("value", "")]
            else:  # a browser sends the first when none is chosen
                fields.setdefault(self._select, [has.get("value", "")])

    def handle_data(self, data):
        if self._area:
            fields = self.forms[-1][1]
            fields[self._area][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            fields = self.forms[-1][1]
            fields[self._area][-1] = fields[self._area][-1].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._open = False

    def _take(self, name: str, value: str) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)


def form_in(text: str, action: str) -> Filled:
    """The form of the page that goes to this address (without its language)."""
    for where, fields in Forms(text).forms:
        if where.endswith(action):
            return fields
    raise AssertionError(f"no form to {action} on the page")


async def filled(client, url: str, action: str | None = None) -> Filled:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text[:500]
    return form_in(answer.text, action or url.split("/", 2)[-1])
