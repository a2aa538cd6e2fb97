"""What every page must be when somebody looks at it: light, legible for all, inside its window, in its language."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from foundation.language import catalogue
from tests.browser import Visitor

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
MTAVRULI = re.compile("[\u1c90-\u1cbf]")
WIDTHS = (360, 320, 1280)
NARROWEST_FOR_WORDS = 360  # below, a word of twenty letters may break
REQUESTS = 14
PHOTO = 45_000  # one lazy photo, as large as it may come down


@dataclass
class Load:
    """What came over the line until the page stood, without photos that load when one scrolls to them."""

    bytes: int = 0
    requests: int = 0
    largest_photo: int = 0


@dataclass
class Line:
    """Listens to the network of one window, with an empty cache for each page."""

    sizes: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, visitor: Visitor) -> Line:
        line = cls()
        session = await visitor.context.new_cdp_session(visitor.page)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", lambda e: line.addresses.update({e["requestId"]: e["request"]["url"]}))
        session.on("Network.loadingFinished", lambda e: line.sizes.update({e["requestId"]: e["encodedDataLength"]}))
        return line

    def forget(self) -> None:
        self.sizes.clear()
        self.addresses.clear()

    def load(self, lazy: set[str]) -> Load:
        made = Load()
        for number, address in self.addresses.items():
            if address.startswith(("data:", "blob:")):
                continue
            size = self.sizes.get(number, 0)
            if address in lazy:
                made.largest_photo = max(made.largest_photo, size)
                continue
            made.bytes += size
            made.requests += 1
        return made


async def measured(visitor: Visitor, line: Line, path: str) -> Load:
    line.forget()
    visitor.complaints.clear()
    answer = await visitor.visit(path)
    assert answer.ok, f"{answer.status} {answer.url}"
    await visitor.page.evaluate("document.fonts.ready.then(() => 0)")
    lazy = await visitor.page.evaluate(
        "[...document.querySelectorAll('img[loading=lazy]')].map(i => i.currentSrc || i.src)"
    )
    return line.load(set(lazy))


async def wrongs(visitor: Visitor, language: str, widths=WIDTHS, painted: bool = True) -> list[str]:
    """Everything wrong with the page that is open, in words; `painted`: how it is painted too, its colours and
    what lies over what, which costs most of it."""
    page = visitor.page
    found = [f"console: {said}" for said in visitor.complaints]
    said = await page.evaluate(LOOK)
    if said["lang"] != language:
        found.append(f"html lang is {said['lang']!r}")
    if said["h1"] != 1:
        found.append(f"{said['h1']} h1")
    if said["nowhere"]:
        found.append(f"nothing on the page is called {said['nowhere']}")
    if MTAVRULI.search(said["text"]):
        found.append(f"Mtavruli: {MTAVRULI.search(said['text'])}")
    if language == "ka":
        found += [f"English on a Georgian page: {line!r}" for line in english_lines(said["own"])]
    await page.evaluate(axe_source())
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        over = await page.evaluate(OVERFLOW)
        if over:
            found.append(f"{width} px: wider than the window: {over}")
        broken, wide = await page.evaluate(FIT)
        if broken and width >= NARROWEST_FOR_WORDS:
            found.append(f"{width} px: broken inside: {'; '.join(broken[:5])}")
        if wide:
            found.append(f"{width} px: wider than its box: {'; '.join(wide[:5])}")
        if width < NARROWEST_FOR_WORDS:
            continue  # as at 360: what is there, and what it is called, changes with the menu and the cards alone
        # as tall as the page, so that what sticks to the window's edge covers nothing one could scroll away from
        if painted:
            await page.set_viewport_size({"width": width, "height": await page.evaluate(TALL)})
        found += [f"{width} px: {line}" for line in await axe(page, painted)]
    return found


async def axe(page, painted: bool) -> list[str]:
    violations = await page.evaluate(
        "([tags, painted]) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],"
        " rules: {'color-contrast': {enabled: painted}, 'target-size': {enabled: painted}}})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].target.join(' '), v.nodes[0].failureSummary]))",
        [TAGS, painted],
    )
    return [f"axe {rule} ×{count} at {where}: {' '.join(why.split())[:200]}" for rule, count, where, why in violations]


def english_lines(lines: list[str]) -> list[str]:
    """Interface sentences left in English: exactly those that have Georgian words in the catalogue."""
    return [line for line in lines if line in translated()][:3]


@cache
def translated() -> frozenset[str]:
    texts = ((key, text) for key, text in catalogue("ka").items() if isinstance(key, str) and isinstance(text, str))
    return frozenset(key for key, text in texts if key != text and re.search("[a-z]", key) and "{" not in key)


@cache
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8") + ";0"


# `own` are the lines of text that claim to be in the page's language.
LOOK = """() => {
  const own = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const lang = document.documentElement.lang;
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.replace(/\\s+/g, ' ').trim();
    const parent = walk.currentNode.parentElement;
    if (text && parent.closest('[lang]').lang === lang && !parent.closest('script, style, textarea')) own.push(text);
  }
  const ids = [...document.querySelectorAll('a[href^="#"]')].map(a => decodeURIComponent(a.hash.slice(1)));
  const nowhere = ids.filter(id => id && !document.getElementById(id));
  return {lang, own, nowhere, h1: document.querySelectorAll('h1').length, text: document.body.textContent};
}"""
TALL = "Math.min(12000, Math.max(900, document.documentElement.scrollHeight))"
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return '';
  const worst = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  const name = e => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? '.' + e.className : '');
  return wide + ' px, ' + worst.slice(-3).map(name).join(', ');
}"""


# Words that lie on two lines without a soft hyphen, and elements whose content is wider than they are. Free are
# fingerprints and code, what people typed, menus of tabs (they scroll), and tables where the window is narrow.
FIT = """() => {
  const name = e => e.tagName.toLowerCase() + (typeof e.className === 'string' && e.className ? '.' + e.className : '');
  const shown = e => e.checkVisibility({visibilityProperty: true})
    && !e.closest('.vh, .skip, .long, .tabs, thead, svg, option, script, style, textarea, [data-saved-line]');
  const line = (node, at) => {
    range.setStart(node, at); range.setEnd(node, at + 1);
    return Math.round([...range.getClientRects()].at(-1)?.top / 4);
  };
  const range = document.createRange(), broken = [], wide = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest('.sha, .hash, code, .as-typed')) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{M}\\p{N}]{2,}/gu)) {
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length < 2) continue;
      const first = line(node, word.index);
      if ([...word[0]].some((_, at) => line(node, word.index + at) !== first)) broken.push(`${word[0]} in ${name(parent)}`);
    }
  }
  for (const e of document.querySelectorAll('body *')) {
    if (e.clientWidth === 0 || e.scrollWidth <= e.clientWidth + 1 || !shown(e)) continue;
    if (['INPUT', 'SELECT'].includes(e.tagName) || getComputedStyle(e).display === 'inline') continue;
    if (innerWidth < 1280 && e.matches('.scroll')) continue;
    wide.push(`${name(e)} by ${e.scrollWidth - e.clientWidth} px`);
  }
  return [broken, wide];
}"""


def told(wrong: dict[str, list[str]]) -> str:
    return json.dumps(wrong, ensure_ascii=False, indent=1)
