"""What people send about recommendations, parsed once."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from foundation.clock import today
from foundation.language import N_
from foundation.merging import Editable
from monitoring.recommendations.lifecycle import Addressee, Adoption, Priority
from monitoring.recommendations.tables import Recommendation
from web.forms import Lenient

Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Field(max_length=4000)]
Said = Annotated[str, Field(min_length=1, max_length=4000)]

IN_YOUR_WORDS: str = Field(title=N_("In your words"), description=N_("The people concerned will read it."))


def stored_in(one: Recommendation) -> dict[str, object]:
    """What stands in a recommendation, in the terms of the form."""
    return {
        "text_ka": one.text_ka, "text_en": one.text_en, "addressee": one.addressee, "organisation": one.organisation_id,
        "owner": one.owner_id, "municipality": one.municipality_id, "award": one.award_id, "theme": one.theme,
        "priority": one.priority, "due": one.due_current,
    }  # fmt: skip


class Draft(Editable, Lenient):
    """What somebody should do, by when. To an organisation, to a municipality, or to staff by name. `id` is made by
    whoever sends it, so that sending twice drafts once."""

    id: UUID | None = None
    text_ka: Paragraph | None = None
    text_en: Paragraph | None = None
    addressee: Addressee
    organisation: UUID | None = None
    owner: UUID | None = None
    municipality: UUID
    award: UUID | None = None
    finding: UUID | None = None
    theme: Line | None = None
    priority: Priority = Priority.MEDIUM
    due: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> Draft:
        if not self.text_ka and not self.text_en:
            raise ValueError(N_("Write what should be done, in one language at least."))
        if self.addressee is Addressee.CSO and self.organisation is None:
            raise ValueError(N_("Choose the organisation it is addressed to."))
        if self.addressee is Addressee.STAFF and self.owner is None:
            raise ValueError(N_("Choose who of the staff it is addressed to."))
        return self

    def columns(self) -> dict[str, object]:
        to = self.addressee
        return {
            "text_ka": self.text_ka,
            "text_en": self.text_en,
            "addressee": str(to),
            "organisation_id": self.organisation if to is Addressee.CSO else None,
            "owner_id": self.owner if to is Addressee.STAFF else None,
            "municipality_id": self.municipality,
            "award_id": self.award,
            "finding_id": self.finding,
            "theme": self.theme,
            "priority": str(self.priority),
            "due_original": self.due,
            "due_current": self.due,
        }


class Reason(Lenient):
    text: Said = IN_YOUR_WORDS


class Reissue(Reason):
    """The reason, and the words as they are from now on. It may have been issued again and disputed anew
    meanwhile, with words nobody here has seen."""

    revision: int | None = None
    text_ka: Paragraph | None = None
    text_en: Paragraph | None = None


class Evidence(Lenient):
    """What was done; with a file, a visit, or the act of the municipality and its date."""

    text: Said = IN_YOUR_WORDS
    visit: UUID | None = None
    adopted_on: date | None = None
    adoption_kind: Adoption | None = None

    @model_validator(mode="after")
    def _both(self) -> Evidence:
        if (self.adopted_on is None) != (self.adoption_kind is None):
            raise ValueError(N_("Write both the day of the act and what kind of act it is."))
        if self.adopted_on and self.adopted_on > today():
            raise ValueError(N_("The day of the act cannot be in the future."))
        return self


class Verification(Lenient):
    text: Said = IN_YOUR_WORDS
    visit: UUID | None = None


class Extension(Lenient):
    new_due: date = Field(title=N_("New due date"))
    text: Said = IN_YOUR_WORDS

    @field_validator("new_due")
    @classmethod
    def _ahead(cls, new_due: date) -> date:
        if new_due <= today():
            raise ValueError(N_("Choose a day that is still to come."))
        return new_due


class Replacement(Lenient):
    successor: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        title=N_("Reference of the other recommendation"), description=N_("Such as R-2026-0001.")
    )
