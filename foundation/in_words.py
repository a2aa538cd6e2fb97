"""Amounts of money in words, as agreements have them: Georgian counts in twenties, English in tens."""

from __future__ import annotations

from decimal import Decimal

from foundation.money import rounded

# currency → (whole unit, hundredth), Georgian; English has a plural
CURRENCIES_KA = {"EUR": ("ევრო", "ცენტი"), "GEL": ("ლარი", "თეთრი"), "USD": ("აშშ დოლარი", "ცენტი")}
CURRENCIES_EN = {
    "EUR": (("euro", "euros"), ("cent", "cents")),
    "GEL": (("lari", "lari"), ("tetri", "tetri")),
    "USD": (("US dollar", "US dollars"), ("cent", "cents")),
}

ONES_KA = (
    "ნული ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა ათი თერთმეტი თორმეტი ცამეტი თოთხმეტი თხუთმეტი"
    " თექვსმეტი ჩვიდმეტი თვრამეტი ცხრამეტი"
).split()
TWENTIES_KA = {1: "ოც", 2: "ორმოც", 3: "სამოც", 4: "ოთხმოც"}
HUNDREDS_KA = ("", "ას", "ორას", "სამას", "ოთხას", "ხუთას", "ექვსას", "შვიდას", "რვაას", "ცხრაას")
LARGE_KA = ((10**9, "მილიარდ"), (10**6, "მილიონ"), (1000, "ათას"))

ONES_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LARGE_EN = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))


def money_in_words(amount: Decimal, currency: str, code: str) -> str:
    """6000.50 EUR → „ექვსი ათასი ევრო და ორმოცდაათი ცენტი“ / “six thousand euros and fifty cents”."""
    whole, hundredths = divmod(int(rounded(amount) * 100), 100)
    if code == "ka":
        unit, small = CURRENCIES_KA[currency]
        said = f"{number_ka(whole)} {unit}"
        return f"{said} და {number_ka(hundredths)} {small}" if hundredths else said
    units, smalls = CURRENCIES_EN[currency]
    said = f"{number_en(whole)} {units[whole != 1]}"
    return f"{said} and {number_en(hundredths)} {smalls[hundredths != 1]}" if hundredths else said


def number_ka(n: int) -> str:
    for size, word in LARGE_KA:
        if n >= size:
            count, rest = divmod(n, size)
            # just „ათასი“, but „ერთი მილიონი“
            said = word if count == 1 and size == 1000 else f"{number_ka(count)} {word}"
            return f"{said} {number_ka(rest)}" if rest else f"{said}ი"
    if n >= 100:
        hundreds, rest = divmod(n, 100)
        return f"{HUNDREDS_KA[hundreds]} {number_ka(rest)}" if rest else f"{HUNDREDS_KA[hundreds]}ი"
    if n >= 20:
        twenties, rest = divmod(n, 20)
        return f"{TWENTIES_KA[twenties]}და{ONES_KA[rest]}" if rest else f"{TWENTIES_KA[twenties]}ი"
    return ONES_KA[n]


def number_en(n: int) -> str:
    for size, word in LARGE_EN:
        if n >= size:
            count, rest = divmod(n, size)
            return f"{number_en(count)} {word}" + (f"{' and' if rest < 100 else ''} {number_en(rest)}" if rest else "")
    if n >= 100:
        hundreds, rest = divmod(n, 100)
        return f"{ONES_EN[hundreds]} hundred" + (f" and {number_en(rest)}" if rest else "")
    if n >= 20:
        tens, rest = divmod(n, 10)
        return TENS_EN[tens] + (f"-{ONES_EN[rest]}" if rest else "")
    return ONES_EN[n]
