"""Inviting somebody, and giving a role to somebody who is here already."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator

from accounts.forms import Email, Language, Name
from accounts.person import Role
from web.forms import Strict

NOBODY = "nobody"


class Invitation(Strict):
    """`municipalities` narrows a curator to some of their organisation's; none means all."""

    name: Name
    email: Email
    kind: Role
    language: Language = "ka"
    municipalities: list[UUID] = Field(default=[], max_length=50)


class Leaving(Strict):
    """What becomes of what somebody has not finished; asked only where something would stay with nobody. `back` is the
    page the button stood on."""

    successor: UUID | Literal["nobody"] | None = None
    reason: Annotated[str, Field(max_length=2000)] | None = None
    back: Literal["organisation", ""] = ""

    @field_validator("successor", "reason", mode="before")
    @classmethod
    def _empty(cls, typed: object) -> object:
        return typed or None


class RoleForm(Strict):
    kind: Role
