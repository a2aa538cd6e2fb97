"""What people type about themselves and their organisations, parsed once."""

from __future__ import annotations

from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

from foundation.language import N_


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(N_("Write an e-mail address, for example nino@example.org.")) from None


def _code(text: str) -> str:
    digits = text.replace(" ", "")
    if len(digits) != 9 or not digits.isascii() or not digits.isdigit():
        raise ValueError(N_("The identification code has nine digits."))
    return digits


def _website(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    if not address.startswith(("https://", "http://")) or " " in address or "." not in address:
        raise ValueError(N_("Write the address of the website, for example https://example.org."))
    return address


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_email)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(_code)]
Website = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(_website)]
Language = Literal["ka", "en"]
