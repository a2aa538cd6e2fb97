"""Signing in, passwords, invitations, and one's own account."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from accounts.forms import Email, Language, Name, Password, Pasted, Phone
from foundation.merging import Editable
from web.forms import Strict


class SignIn(Strict):
    """Whatever is typed as e-mail is looked up; only sending to it needs it to be one."""

    email: Annotated[str, Pasted, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
    password: Password
    next: Annotated[str, StringConstraints(max_length=2000)] = ""


class Asked(Strict):
    email: Email


class Chosen(Strict):
    password: Password


class Accepted(Chosen):
    name: Name
    language: Language


class Changed(Strict):
    current: Password
    password: Password


class Preferences(Editable):
    name: Name
    phone: Phone | None = None
    language: Language
