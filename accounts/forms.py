"""What people type about themselves and their organisations, parsed once."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from foundation.language import N_
from foundation.typed import seen_signs

# What is told by hand or pasted from a letter comes with marks nobody sees.
Pasted = BeforeValidator(lambda given: seen_signs(given) if isinstance(given, str) else given)
# What a program that shows emails makes a link of. Initials as in A.B. Smith are none; t.me and evil.com, are.
ADDRESS = re.compile(
    r"://|www\.|@|[\w-]{2,}\.(?:[a-z]{2,}|გე)(?!\w)|\w\.[a-z]{2,}[/?:]|\b\w\.(?:co|com|ge|ly|me|net|org|ru)(?!\w)", re.I
)


def leads_somewhere(text: str) -> bool:
    """Whether there is an address in it, wide letters and the full stop of other scripts included."""
    return bool(ADDRESS.search(unicodedata.normalize("NFKC", text).replace("。", ".")))


def _no_address(text: str) -> str:
    """It stands in letters to e-mails that anybody may type: no place for advertising."""
    if leads_somewhere(text):
        raise ValueError(N_("Write a name, without addresses of websites."))
    if len(text.splitlines()) > 1:
        raise ValueError(N_("Write a name on one line."))
    return text


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(N_("Enter an email address, for example nino@example.org.")) from None


def _code(text: str) -> str:
    digits = re.sub(r"[\s-]", "", text)
    if len(digits) != 9 or not digits.isascii() or not digits.isdigit():
        raise ValueError(N_("The identification code has nine digits."))
    return digits


def _website(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    if not address.startswith(("https://", "http://")) or " " in address or "." not in address:
        raise ValueError(N_("Write the address of the website, for example https://example.org."))
    return address


def _phone(text: str) -> str:
    if not re.fullmatch(r"\+?[\d\s()-]{6,30}", text, re.ASCII):
        raise ValueError(N_("Write a telephone number in digits, for example +995 555 12 34 56."))
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Name = Annotated[Line, StringConstraints(max_length=80), AfterValidator(_no_address)]
OrganisationName = Annotated[Line, AfterValidator(_no_address)]
Email = Annotated[str, Pasted, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_email)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Code = Annotated[str, Pasted, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_code)]
Phone = Annotated[str, Pasted, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_phone)]
Website = Annotated[str, Pasted, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(_website)]
Language = Literal["ka", "en"]
