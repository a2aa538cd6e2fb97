"""Passwords: what is accepted, and argon2id in two threads beside the event loop."""

from __future__ import annotations

import asyncio
import gzip
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from foundation.language import gettext as _
from foundation.refused import Refused

SHORTEST, LONGEST = 15, 200
COMMON = Path(__file__).parent / "common_passwords.txt"
# Thirty thousand, most used first, as zxcvbn counts them; where it comes from stands in NOTICE.
MOST_USED = Path(__file__).parent / "most_used_passwords.txt.gz"

# Two at a time: each takes 19 MiB and a core. Whoever finds this many before them is asked to come back.
THREADS = ThreadPoolExecutor(2, thread_name_prefix="argon2")
LONGEST_QUEUE = 100
_queued = 0

HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))


class Busy(Refused):
    status = 503


class Weak(Refused):
    """What is wrong with a new password."""

    status = 422

    @property
    def errors(self) -> dict[str, str]:
        return {"password": self.sentence}


async def hash_password(password: str) -> str:
    return await _aside(HASHER.hash, _normal(password))


async def matches(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a new hash where the stored one is of an older kind. Takes as long when there
    is nothing stored, so that time does not tell who has an account."""
    right, newer = await _aside(HASHER.verify_and_update, _normal(password), stored or _nobodys())
    return (right and stored is not None), newer if right and stored else None


def refuse_weak(password: str, *about: str) -> str:
    """The password, or Weak: too short, too common, or made of what everybody knows (`about`)."""
    password = _normal(password)
    if len(password) < SHORTEST:
        raise Weak(_("Use at least 15 characters: three or four words with spaces are good and easy to remember."))
    if len(password) > LONGEST:
        raise Weak(_("Use at most 200 characters."))
    folded = password.casefold()
    if _among_the_most_used(folded) or _easy(folded, [word.casefold() for word in about if len(word) > 2]):
        raise Weak(_("This password is too easy to guess. Choose other words."))
    return password


def _easy(password: str, about: list[str]) -> bool:
    """Little is left of it without common passwords, repetition, runs of the keyboard and the person's own names."""
    if len(set(password)) < 6:
        return True
    left = password
    for word in sorted([*about, *_common()], key=len, reverse=True):
        left = left.replace(word, "\0")
    left = re.sub(r"(.+?)\1+", r"\1", re.sub(r"[\W\d_\0]+", "", left))
    return len(left) < 4


LEET = str.maketrans("013457@$!|", "oleastasii")


def _among_the_most_used(password: str) -> bool:
    """One of those everybody tries, or two of them joined: repeated, with signs between them, digits at the ends,
    letters written as digits. Three words of the list in a row are a phrase like any other."""
    bare = password.strip("0123456789 .,!?_-*#")
    for written in {password, bare, password.translate(LEET), bare.translate(LEET)}:
        plain = re.sub(r"[\W_]+", "", written)
        text = re.sub(r"^(.+?)\1+$", r"\1", plain)
        if {text, text * 2} & _most_used() or any(_known(text[:n]) and _known(text[n:]) for n in range(1, len(text))):
            return True
    return False


def _known(part: str) -> bool:
    return part.isdigit() or part in _most_used()


@cache
def _most_used() -> frozenset[str]:
    words = gzip.decompress(MOST_USED.read_bytes()).decode("utf-8").split()
    return frozenset([*words, *(re.sub(r"[\W_]+", "", word) or word for word in words)])


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    """However a keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


async def _aside(work, *args):
    global _queued
    if _queued >= LONGEST_QUEUE:
        raise Busy(_("Many people are signing in right now. Wait a moment, then try again."))
    _queued += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(THREADS, work, *args)
    finally:
        _queued -= 1
