"""What people send: drafts take anything and keep it as typed; what staff and signatories decide is parsed strictly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from foundation.clock import today
from foundation.language import LANGUAGES, N_
from foundation.merging import Editable
from grants.applications.shapes import read_date
from web.forms import Lenient, Strict

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
ABOUT = ("title_ka", "title_en", "summary_ka", "summary_en", "municipality_id", "starts_on", "ends_on", "language")


def read_about(form: Mapping[str, str], municipalities: Collection[UUID]) -> tuple[dict[str, Any], dict[str, str]]:
    """Columns, and what was typed where a column cannot hold it. Fields that were not sent stay as they are."""
    columns: dict[str, object] = {}
    typed: dict[str, str] = {}
    for name in ("title_ka", "title_en", "summary_ka", "summary_en"):
        if name in form:
            columns[name] = form[name].strip() or None
    if "municipality_id" in form:
        columns["municipality_id"] = next((m for m in municipalities if str(m) == form["municipality_id"]), None)
    if form.get("language") in LANGUAGES:
        columns["language"] = form["language"]
    for name in ("starts_on", "ends_on"):
        if name in form:
            columns[name] = read_date(form[name])
            if columns[name] is None and form[name].strip():
                typed[name] = form[name].strip()
    return columns, typed


class Reason(Lenient):
    reason: Sentence = Field(title=N_("Reason"))


class Withdrawal(Lenient):
    """Nobody has to say why."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)] | None = Field(
        None, title=N_("Why?"), description=N_("The curator reads it; it helps us to do better.")
    )


class Ineligibility(Lenient):
    criterion_id: UUID
    reason: Sentence


class Asked(Lenient):
    """A question back to the organisation; the sections named are those whose answers it may change."""

    question: Sentence
    section_ids: list[UUID] = Field(default=[], max_length=50)
    due_on: date

    @field_validator("due_on")
    @classmethod
    def leaves_time(cls, given: date) -> date:
        if not today() < given <= today() + timedelta(days=60):
            raise ValueError(N_("The deadline must be between tomorrow and 60 days from now."))
        return given


class Reply(Lenient):
    reply: Sentence


class Checked(Strict):
    """One criterion: passed, failed, or not judged yet."""

    passed: bool | None = None
    note: str = Field("", max_length=2000)


class Check(Editable, Lenient):
    """Every criterion of the call on one page."""

    criteria: dict[UUID, Checked] = Field({}, max_length=200)


def checked_in(criteria: Iterable[Any]) -> dict[str, Any]:
    """How each criterion was judged so far, in the terms of the form."""
    return {"criteria": {each["id"]: each for each in criteria}}


class Declared(Lenient):
    declared: bool = False
