"""A person and the organisation they sign for."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from accounts.forms import Code, Email, Name, OrganisationName, Phone
from foundation.language import N_
from web.forms import Strict


class SignUp(Strict):
    """`next` is the page they came from, such as a call: the letter leads back to it."""

    organisation_en: OrganisationName | None = None
    organisation_ka: Annotated[OrganisationName | None, Field(validate_default=True)] = None
    identification_code: Code
    municipality_id: UUID
    name: Name
    phone: Phone
    email: Email
    signs: Literal["true"]
    next: Annotated[str, StringConstraints(max_length=2000)] = ""

    @field_validator("organisation_ka")
    @classmethod
    def _has_a_name(cls, own: str | None, others: ValidationInfo) -> str | None:
        """A rule of one field: a rule of the whole form would be tried only once everything else is right. Where the
        English name is wrong, that is said there."""
        if not own and others.data.get("organisation_en", "wrong") is None:
            raise ValueError(N_("Write the name of the organisation, in Georgian or in English."))
        return own
