"""A person and the organisation they sign for."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from accounts.forms import Code, Email, Name, OrganisationName
from foundation.language import N_
from web.forms import Strict


class SignUp(Strict):
    """`next` is the page they came from, such as a call: the letter leads back to it."""

    name: Name
    email: Email
    organisation_ka: OrganisationName | None = None
    organisation_en: OrganisationName | None = None
    identification_code: Code
    municipality_id: UUID
    signs: Literal["true"]
    next: Annotated[str, StringConstraints(max_length=2000)] = ""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.organisation_ka or self.organisation_en):
            raise ValueError(N_("Write the name of the organisation, in Georgian or in English."))
        return self
