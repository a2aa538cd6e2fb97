"""What is sent about a publication, and every step that takes it."""

from __future__ import annotations

import calendar
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import Field, model_validator

from accounts.person import Person
from foundation.clock import today
from foundation.database import insert, refusals, transaction, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.merging import Editable
from foundation.refused import Refused
from lifecycle.record import record, sentences
from lifecycle.resource.parts import Chosen, Part, adding, taking_away
from lifecycle.transition import Told, Transition
from monitoring.publications.lifecycle import Basis, Channel, Kind, Precision, State, Tongue, Unit, may_write
from monitoring.publications.listing import editions_of
from monitoring.publications.tables import Edition, Publication, Reach
from uploads.actions import keep
from uploads.attached import Attached
from uploads.receiving import Received
from web.forms import Lenient, Strict

Line = Annotated[str, Field(min_length=1, max_length=300)]
Paragraph = Annotated[str, Field(max_length=4000)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Steps = AsyncIterator[Told]
step = partial(Transition, "publication")
OPEN = {State.DRAFT, State.PUBLISHED}


class Sent(Lenient, Strict):
    """Takes words without the space around them; a name that is not known is a mistake."""


class Entry(Editable, Sent):
    title_ka: Line | None = Field(None, title=N_("Title, in Georgian"))
    title_en: Line | None = Field(None, title=N_("Title, in English"))
    kind: Kind = Field(title=N_("Kind"))
    when_precision: Precision = Field(title=N_("When it came out"), description=N_("As exactly as it is known."))
    when_first: date | None = Field(None, title=N_("Day, or any day of the month or year"))
    when_last: date | None = Field(None, title=N_("Last day"), description=N_("Where it came out between two days."))
    publisher: Line | None = Field(None, title=N_("Publisher"))
    about_ka: Paragraph | None = Field(None, title=N_("What it is about, in Georgian"))
    about_en: Paragraph | None = Field(None, title=N_("What it is about, in English"))
    source: Paragraph | None = Field(None, title=N_("Source"), description=N_("An address or a document."))

    @model_validator(mode="after")
    def _whole(self) -> Entry:
        if not self.title_ka and not self.title_en:
            raise ValueError(N_("Write a title, in one language at least."))
        first, last = whole(self.when_precision, self.when_first, self.when_last)
        if self.when_precision is not Precision.UNKNOWN and (first is None or last is None or last < first):
            raise ValueError(N_("Write when it came out, or that it is not known."))
        self.when_first, self.when_last = first, last
        return self


def whole(precision: Precision, first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days that are meant: of a month its first and its last."""
    if first is None or precision is Precision.UNKNOWN:
        return None, None
    match precision:
        case Precision.MONTH:
            return first.replace(day=1), first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case Precision.YEAR:
            return date(first.year, 1, 1), date(first.year, 12, 31)
        case Precision.RANGE:
            return first, last
    return first, first


async def enter(person: Person, given: Entry) -> Publication:
    async with transaction():
        year = today().year
        reference = f"PB-{year}-{await value('SELECT next_number($1)', f'publication-{year}'):03d}"
        made = await insert(Publication, reference=reference, created_by=person.id, **given.model_dump())
        await record("publication.entered", person, made, reference=reference)
    return made


@step(
    "edit", "publication.edited", OPEN, None, may_write, form=Entry, prefilled=Entry.model_fields,
    writes=set(Entry.model_fields) - {"seen", "revision"}, button=N_("Edit the publication"), look="2", icon="pencil",
    history=N_("The publication was edited"), done=N_("Saved."),
)  # fmt: skip
async def edit(one: Publication, person: Person, given: Entry) -> Steps:
    written = given.over(one).model_dump()
    yield written, {"changed": sorted(name for name, new in written.items() if getattr(one, name) != new)}


@step(
    "publication", "publication.published", {State.DRAFT}, State.PUBLISHED, may_write, stamp="published",
    button=N_("Publish it"), icon="send", history=N_("The publication was published"),
    done=N_("The publication is published."),
)  # fmt: skip
async def publish(one: Publication, person: Person) -> Steps:
    if not await Edition.exists().where(Edition.publication_id == one.id):
        raise Refused(_("Add an edition first: a file or an address."))
    yield {}


class Withdrawal(Sent):
    withdrawn_ka: Paragraph | None = Field(None, title=N_("Why, in Georgian"))
    withdrawn_en: Paragraph | None = Field(None, title=N_("Why, in English"))

    @model_validator(mode="after")
    def _said(self) -> Withdrawal:
        if not self.withdrawn_ka and not self.withdrawn_en:
            raise ValueError(N_("Say why, in one language at least."))
        return self


@step(
    "withdrawal", "publication.withdrawn", {State.PUBLISHED}, State.WITHDRAWN, may_write, form=Withdrawal,
    stamp="withdrawn", writes=("withdrawn_ka", "withdrawn_en"), button=N_("Withdraw the publication"), look="bad",
    hint=N_("Its page stays and tells everybody why; its editions are no longer public."),
    history=N_("The publication was withdrawn"), done=N_("The publication is withdrawn."),
)  # fmt: skip
async def withdraw(one: Publication, person: Person, given: Withdrawal) -> Steps:
    yield given.model_dump(), {"reason": given.withdrawn_ka or given.withdrawn_en}


reopen = step(
    "reopening", "publication.reopened", {State.WITHDRAWN}, State.DRAFT, may_write,
    facts=dict.fromkeys(
        ("published_by", "published_at", "withdrawn_by", "withdrawn_at", "withdrawn_ka", "withdrawn_en")
    ),
    button=N_("Make it a draft again"), look="2", history=N_("The publication became a draft again"),
    done=N_("The publication is a draft again."),
)  # fmt: skip


class EditionSent(Sent):
    language: Tongue = Field(title=N_("Language of this edition"))
    address: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=300)] | None = Field(
        None, title=N_("Address on the web"), description=N_("Where there is no file to send.")
    )
    issued_on: date | None = Field(None, title=N_("Day of this edition"))
    pages: Annotated[int, Field(gt=0, le=100_000)] | None = Field(None, title=N_("Pages"))
    minutes: Annotated[int, Field(gt=0, le=100_000)] | None = Field(None, title=N_("Minutes"))


@step(
    "edition", "publication.edition_added", OPEN, None, may_write, form=EditionSent,
    file=Attached("file", optional=True, label=N_("File")), button=N_("Add an edition"), look="2", icon="plus",
    hint=N_("One language, as a file or an address."), history=N_("An edition was added"),
    done=N_("The edition is added."),
)  # fmt: skip
async def add_edition(one: Publication, person: Person, given: EditionSent, file: Received | None = None) -> Steps:
    if (file is None) == (given.address is None):
        raise Refused(_("Send a file or write an address, one of the two."))
    upload = await keep(file, person) if file else None
    await insert(Edition, publication_id=one.id, upload_id=upload.id if upload else None, **given.model_dump())
    yield {}, {"language": given.language}


class ReachSent(Sent):
    channel: Channel = Field(title=N_("How it reached people"))
    number: Count | None = Field(None, title=N_("How many"), description=N_("Leave it empty where it is not known."))
    unit: Unit = Field(title=N_("Of what"))
    units_told: Count | None = Field(None, title=N_("In how many communities"))
    counted_on: date | None = Field(None, title=N_("Until which day it was counted"))
    basis: Basis = Field(title=N_("How it is known"))
    source: Line = Field(title=N_("Source"), description=N_("An address or a document."))


REACH = Part(Reach, ReachSent, "publication_id")
add_reach = step(
    "reach", "publication.reach_added", OPEN, None, may_write, form=ReachSent, body=adding(REACH),
    button=N_("Add reach"), look="2", icon="plus", history=N_("Reach was added"), done=N_("The reach is added."),
)  # fmt: skip
remove_reach = step(
    "reach-removal", "publication.reach_removed", OPEN, None, may_write, form=Chosen, body=taking_away(REACH),
    button=N_("Take this number away"), history=N_("Reach was taken away"), done=N_("It is taken away."),
)  # fmt: skip
EDITIONS = Part(Edition, EditionSent, "publication_id", {"filename": str | None}, editions_of)
remove_edition = step(
    "edition-removal", "publication.edition_removed", {State.DRAFT}, None, may_write, form=Chosen,
    body=taking_away(EDITIONS), button=N_("Take this edition away"), history=N_("An edition was taken away"),
    done=N_("It is taken away."),
)  # fmt: skip
STEPS = (publish, add_edition, add_reach, edit, reopen, withdraw, remove_edition, remove_reach)
sentences({"publication.entered": N_("A publication was entered")})
refusals(
    {
        "publication_title": N_("Write a title, in one language at least."),
        "publication_with_edition": N_("Add an edition first: a file or an address."),
        "publication_edition_one": N_("Send a file or write an address, one of the two."),
        "publication_edition_stays": N_("What the public could read stays as long as it is published."),
    }
)
