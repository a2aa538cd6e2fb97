"""Reads pages as people do: which numbers are links, and what the list behind each of them adds up to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urljoin

from lxml import html

NUMBER = re.compile(r"[-−]?[€$₾]?\d[\d,]*(?:\.\d+)?")
# References, dates and titles carry digits that count nothing; a share is counted nowhere.
NO_COUNT = re.compile(
    r"[A-Z]+-\d{4}-\d+|\d{1,2} [A-Z][a-z]+ \d{4}|“[^”]*”|[Rr]eport \d+|\d+ days?\b|[\d.]+%|fewer than 5"
    # the number a place has on the map of a phone
    r"|\b[1-8]\.? (?=(?:Ozurgeti|Lanchkhuti|Tsageri|Ambrolauri|Terjola|Vani|Bagdati|Khoni)\b)"
)
Get = Callable[[str], Awaitable[str]]


@dataclass(frozen=True)
class Claim:
    """A number somebody may click, the words around it, and where it leads."""

    number: str
    words: str
    address: str

    @property
    def amount(self) -> Decimal:
        return Decimal(re.sub(r"[^\d.-]", "", self.number.replace("−", "-")))


def main_of(body: str):
    return html.fromstring(body).xpath("//main")[0]


def words_of(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def claims(body: str) -> list[Claim]:
    """Every linked number of a page. The link of a bar covers the whole bar with its words."""
    found = []
    for link in main_of(body).xpath(".//a[@href][not(@aria-hidden)]"):
        address = link.get("href")
        if re.search(r"/photos/|as=(csv|xlsx)|/values/|/donor/visits/V|/sign-in|^http", address):
            continue
        bar = link.getparent().getparent()
        whole = bar if bar.tag == "li" and bar.xpath("./svg") else link
        words = words_of(whole)
        found += [Claim(number, words, address) for number in NUMBER.findall(NO_COUNT.sub(" ", words))]
    return list(dict.fromkeys(found))


async def adds_up(get: Get, claim: Claim) -> str:
    """Empty when the rows behind a number come to exactly that number, in whatever way the page counts them;
    otherwise what they come to."""
    path, _mark, part = claim.address.partition("#")
    counts, sums, target, next_page = set(), [], set(), path
    lines = 0
    while next_page:
        page = main_of(await get(next_page))
        here = page.xpath(f'.//*[@id="{part}"]') if part else []
        inside = here[0] if here else page
        tables = inside.xpath(".//table[.//tbody]")[:1]
        rows = [row for table in tables for row in table.xpath("./tbody/tr")] or inside.xpath(".//ul[@class='risk']/li")
        lines += len(rows)
        cells = [[words_of(cell) for cell in row.xpath("./th|./td")] for row in rows]
        for at in range(max((len(row) for row in cells), default=0)):
            column = [NUMBER.fullmatch(row[at].strip()) for row in cells if at < len(row)]
            if len(sums) <= at:
                sums.append(Decimal(0))
            sums[at] += sum((Claim(found[0], "", "").amount for found in column if found), Decimal(0))
            counts.add(len([found for found in column if found]))
        counts |= {len(inside.xpath(".//figure")), len(inside.xpath(".//li[contains(@class, 'file')]"))}
        if figures := inside.xpath(".//figure"):
            lines += len(figures)
        target |= {Claim(number, "", "").amount for row in page.xpath(".//dl[@class='facts']//dd")
                   for number in NUMBER.findall(words_of(row))}  # fmt: skip
        following = page.xpath(".//*[contains(@class, 'pager')]//a[@rel='next']/@href")
        next_page = urljoin(next_page, following[0]) if following else ""
    named = lines - len([1 for row in cells if row and "not known" in row[0]]) if rows else lines
    if claim.amount in {*sums, *counts, lines, named} or ("target" in claim.words and claim.amount in target):
        return ""
    return f"{claim.number} in “{claim.words}” → {claim.address}: {lines} rows, sums {[str(s) for s in sums]}"
