"""International bank account numbers: written as people write them, checked by length and by their check digits."""

from __future__ import annotations

import re

from foundation.language import N_
from foundation.typed import one_alphabet

NOT_AN_IBAN = N_(
    "This is not an IBAN: two letters, two digits, then the account, for example GE29 NB00 0000 0101 9049 17."
)
WRONG_LENGTH = N_("A Georgian IBAN has 22 characters.")
WRONG_CHECK = N_("The check digits do not fit: one character is wrong or missing.")

LENGTHS = {"GE": 22}


def read_iban(typed: str) -> str:
    """Without spaces and in capital letters. ValueError with a sentence when it cannot be an IBAN."""
    bare = re.sub(r"[\s-]", "", one_alphabet(typed))
    bare = "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in bare)
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", bare):
        raise ValueError(NOT_AN_IBAN)
    if len(bare) != LENGTHS.get(bare[:2], len(bare)):
        raise ValueError(WRONG_LENGTH)
    if int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 != 1:
        raise ValueError(WRONG_CHECK)
    return bare


def grouped(iban: str) -> str:
    """In fours, as banks print it."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def masked(iban: str | None) -> str:
    """Country and last four characters: enough to recognise, not enough to use."""
    return f"{iban[:2]}… {iban[-4:]}" if iban else ""
