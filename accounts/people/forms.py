"""Inviting somebody, and giving a role to somebody who is here already."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from accounts.forms import Email, Language, Name
from accounts.person import Role
from web.forms import Strict


class Invitation(Strict):
    """`municipalities` narrows a curator to some of their organisation's; none means all."""

    name: Name
    email: Email
    kind: Role
    language: Language = "ka"
    municipalities: list[UUID] = Field(default=[], max_length=50)


class RoleForm(Strict):
    kind: Role
