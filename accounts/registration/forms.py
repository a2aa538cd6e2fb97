"""A person and the organisation they sign for."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, model_validator

from accounts.forms import Code, Email, Line
from foundation.language import N_
from web.forms import Strict


def _no_address(text: str) -> str:
    """It stands in a letter to an e-mail anybody may type: no place for advertising."""
    if "://" in text or "www." in text.casefold():
        raise ValueError(N_("Write a name, without addresses of websites."))
    return text


Name = Annotated[Line, AfterValidator(_no_address)]


class SignUp(Strict):
    name: Name
    email: Email
    organisation_ka: Name | None = None
    organisation_en: Name | None = None
    identification_code: Code
    municipality_id: UUID
    signs: Literal["true"]

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.organisation_ka or self.organisation_en):
            raise ValueError(N_("Write the name of the organisation, in Georgian or in English."))
        return self
