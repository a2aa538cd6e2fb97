"""What is written about an organisation."""

from __future__ import annotations

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from accounts.forms import Code, Line, OrganisationName, Text, Website
from foundation.language import N_
from foundation.merging import Editable


class Named(Editable):
    """At least one of the two names; the other may be missing."""

    name_ka: OrganisationName | None = None
    name_en: OrganisationName | None = None
    established: Line | None = None
    website: Website | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.name_ka or self.name_en):
            raise ValueError(N_("Write the name of the organisation, in Georgian or in English."))
        return self


class Registration(Named):
    """A civil society organisation that comes in."""

    identification_code: Code
    municipality_id: UUID
    experience: Literal["experienced", "new"] | None = None


class OtherRegistration(Named):
    """A curator or a donor, which an administrator brings in."""

    kind: Literal["curator", "donor"]
    identification_code: Code | None = None
    municipalities: list[UUID] = []


class Description(Named):
    """What its own people keep up to date."""


class Classification(Description):
    """With what eligibility rests on, for those who look after it."""

    identification_code: Code | None = None
    municipality_id: UUID | None = None
    experience: Literal["experienced", "new"] | None = None
    note: Text | None = None


class CuratorsDescription(Description):
    """A curator looks after municipalities; none of them means it does not look after anything yet."""

    identification_code: Code | None = None
    note: Text | None = None
    municipalities: list[UUID] = []
